// SPDX-License-Identifier: MIT
/// What picolibc and libstdc++ want of an operating system.
///
/// Standard output and standard error are lines for the log, in pieces if they are long; standard input is
/// empty. The time of day is the time since the machine started. A program ends without running destructors
/// of static objects: everything it had goes with it.
#include "os/log.hpp"
#include "os/mutex.hpp"
#include "os/time.hpp"
#include "report.hpp"

#include "base/text.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <sys/time.h>

namespace os {
namespace {

constexpr std::size_t kLongestPiece = 240; ///< bytes, as the Log interface has it

/// Collects a line.
struct LineStream {
    /// First: the C library hands back a pointer to it.
    FILE file{}; // NOLINT(misc-non-copyable-objects): the streams are static and stay where they are
    LogLevel level{};
    base::Text<kLongestPiece> line{};
};

constinit Mutex stream_mutex; ///< protects the lines of both streams

void write_out(LineStream& stream) {
    write_log_line(stream.level, stream.line.view());
    stream.line = {};
}

auto put_character(char character, FILE* file) -> int {
    // The stream begins with its FILE.
    auto& stream = *reinterpret_cast<LineStream*>(file);
    Guard const guard{stream_mutex};
    if (character == '\n') {
        write_out(stream);
    } else if (character != '\r') {
        if (stream.line.view().size() == kLongestPiece) {
            write_out(stream);
        }
        stream.line.append(character);
    }
    return 0;
}

auto end_of_file(FILE* /*file*/) -> int { return EOF; }

constexpr auto make_stream(LogLevel level) -> LineStream {
    LineStream stream{.level = level};
    stream.file.flags = __SRD | __SWR;
    stream.file.put = put_character;
    stream.file.get = end_of_file;
    return stream;
}

constinit LineStream output = make_stream(LogLevel::Info);
constinit LineStream errors = make_stream(LogLevel::Error);

/// Lines that have no end yet: the program is about to.
void write_rest() {
    for (auto* const stream : {&output, &errors}) {
        Guard const guard{stream_mutex};
        if (!stream->line.view().empty()) {
            write_out(*stream);
        }
    }
}

} // namespace
} // namespace os

FILE* const stdin = &os::output.file;
FILE* const stdout = &os::output.file;
FILE* const stderr = &os::errors.file;

// The names are the C library's and the ABI's.
// NOLINTBEGIN(readability-identifier-naming, bugprone-reserved-identifier, readability-inconsistent-*)
extern "C" {

[[noreturn]] void _exit(int status) { os::end_component(static_cast<std::uint64_t>(status)); }

void exit(int status) {
    os::write_rest();
    _exit(status);
}

void abort() { os::fail_component("abort was called"); }

/// What the clocks of std::chrono read.
auto gettimeofday(timeval* time, void* /*zone*/) -> int {
    constexpr std::uint64_t kNanosecondsPerMicrosecond = 1000;
    auto const now = os::now_nanoseconds();
    time->tv_sec = static_cast<time_t>(now / os::kNanosecondsPerSecond);
    time->tv_usec = static_cast<suseconds_t>(now % os::kNanosecondsPerSecond / kNanosecondsPerMicrosecond);
    return 0;
}

/// The handle that destructors of static objects are registered with; there is only one program.
void* __dso_handle = nullptr;

auto __cxa_atexit(void (* /*function*/)(void*), void* /*argument*/, void* /*handle*/) -> int {
    return 0; // destructors of static objects never run
}

[[noreturn]] void __cxa_pure_virtual() { os::fail_component("a pure virtual function was called"); }

} // extern "C"
// NOLINTEND(readability-identifier-naming, bugprone-reserved-identifier, readability-inconsistent-*)
