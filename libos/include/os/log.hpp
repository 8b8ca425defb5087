// SPDX-License-Identifier: MIT
/// Lines for whoever looks after the system. They go to the component's Log port if it has one, else to the
/// kernel's console if it may use that, else to init.
#pragma once

#include "base/log.hpp"

#include <cstdint>
#include <string_view>

namespace os {

/// As in idl/log.idl.
enum class LogLevel : std::uint8_t { Debug = 0, Info = 1, Warning = 2, Error = 3 };

/// Writes a line. False: it could not, another way is tried.
using LogSink = bool (*)(void* context, LogLevel level, std::string_view line);

/// Where lines go from now on; `context` is handed to the sink. A null sink: the ways that are always there.
void set_log_sink(LogSink sink, void* context);

/// Writes one line; `line` has no line end.
void write_log_line(LogLevel level, std::string_view line);

/// Puts the pieces (texts, numbers, `base::Hex`) together and writes them as one line.
template <typename... Pieces>
void log(LogLevel level, Pieces const&... pieces) {
    write_log_line(level, base::Text<240>{pieces...}.view());
}

} // namespace os
