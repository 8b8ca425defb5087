// SPDX-License-Identifier: MIT
/// Lines for people, from code that runs in several environments.
#pragma once

#include "base/text.hpp"

#include <string_view>

namespace base {

/// Writes one line; `line` has no line end. Each environment supplies its own: the kernel has its polled
/// console, a component its Log port or the debug console, a host test its standard output.
void write_log_line(std::string_view line);

/// Puts the pieces (texts, numbers, `Hex`) together and writes them as one line.
template <typename... Pieces>
void log(Pieces const&... pieces) {
    write_log_line(Text<200>{pieces...}.view());
}

} // namespace base
