// SPDX-License-Identifier: MIT
/// Log lines and their ways out.
#include "os/log.hpp"

#include "report.hpp"
#include "runtime.hpp"

namespace os {
namespace {

struct Sink {
    LogSink write{};
    void* context{};
};
constinit Sink current_sink;

} // namespace

void set_log_sink(LogSink sink, void* context) { current_sink = {sink, context}; }

void write_log_line(LogLevel level, std::string_view line) {
    if (current_sink.write != nullptr && current_sink.write(current_sink.context, level, line)) {
        return;
    }
    if (write_to_debug_console(line) && write_to_debug_console("\n")) {
        return;
    }
    report(line);
}

} // namespace os

namespace base {

void write_log_line(std::string_view line) { os::write_log_line(os::LogLevel::Info, line); }

} // namespace base
