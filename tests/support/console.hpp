// SPDX-License-Identifier: MIT
/// Lines of test programs on the kernel's console, as they are: what a test on the host reads.
#pragma once

#include "base/text.hpp"
#include "generated/object/debug_console.hpp"
#include "os/slots.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tests {

inline constexpr os::object::DebugConsole kConsole{os::slot::kDebugConsole};

/// Writes the pieces (texts, numbers, `base::Hex`) as one line. A line of more than 400 bytes is cut.
template <typename... Pieces>
void write_line(Pieces const&... pieces) {
    constexpr std::size_t kRoom = 400;
    base::Text<kRoom> const pieced{pieces...};
    std::array<char, kRoom + 1> line{};
    *std::ranges::copy(pieced.view(), line.begin()).out = '\n';
    std::string_view text{line.data(), pieced.view().size() + 1};
    while (!text.empty()) {
        std::array<std::uint8_t, 48> bytes{}; // of one invocation
        auto const piece = text.substr(0, bytes.size());
        std::ranges::copy(piece, bytes.begin());
        (void)kConsole.write(static_cast<std::uint8_t>(piece.size()), bytes); // nobody to tell if it fails
        text.remove_prefix(piece.size());
    }
}

} // namespace tests
