// SPDX-License-Identifier: MIT
/// Lines on the kernel's console.
#pragma once

#include "base/text.hpp"
#include "os/startup_info.hpp"

#include "generated/object/debug_console.hpp"

#include <algorithm>
#include <array>

namespace differential {

template <typename... Pieces>
void write_line(Pieces const&... pieces) {
    base::Text<200> line{pieces..., "\n"};
    auto text = line.view();
    while (!text.empty()) {
        std::array<std::uint8_t, 48> bytes{};
        auto const piece = text.substr(0, bytes.size());
        std::ranges::copy(piece, bytes.begin());
        os::object::DebugConsole const console{os::slot::kDebugConsole};
        // Nobody to tell if it fails.
        (void)console.write(static_cast<std::uint8_t>(piece.size()), bytes);
        text.remove_prefix(piece.size());
    }
}

} // namespace differential
