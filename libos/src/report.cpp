// SPDX-License-Identifier: MIT
/// Last words, and what `base` wants of its environment.
#include "report.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "os/supervisor.hpp"
#include "os/syscall.hpp"
#include "os/thread.hpp"
#include "runtime.hpp"

#include "generated/object/debug_console.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace os {
namespace {

/// Calls `write` with pieces of at most `kPiece` bytes.
template <std::size_t kPiece, typename Write>
void in_pieces(std::string_view text, Write write) {
    while (!text.empty()) {
        auto const piece = text.substr(0, kPiece);
        write(piece);
        text.remove_prefix(piece.size());
    }
}

void tell_supervisor(std::string_view text) {
    in_pieces<sizeof(abi::Words)>(text, [](std::string_view piece) {
        Message message{
            abi::MessageTag{static_cast<std::uint64_t>(supervisor::Label::Text), abi::kMessageWords}, {}};
        std::memcpy(message.words.data(), piece.data(), piece.size());
        send(runtime.supervisor, message);
    });
}

[[noreturn]] void stop(supervisor::Label label, std::uint64_t status) {
    // No answer is expected: init deletes this component. If there is no init, the threads stop here.
    if (runtime.supervisor != abi::kNullCPtr) {
        (void)call(runtime.supervisor, {abi::MessageTag{static_cast<std::uint64_t>(label), 1}, {status}});
    }
    while (true) {
        (void)object::Tcb{slot::kTcb}.suspend();
        (void)object::Tcb{current_tcb()}.suspend();
    }
}

} // namespace

auto write_to_debug_console(std::string_view text) -> bool {
    constexpr std::size_t kMaxPiece = 48;
    auto written = true;
    in_pieces<kMaxPiece>(text, [&](std::string_view piece) {
        std::array<std::uint8_t, kMaxPiece> bytes{};
        std::ranges::copy(piece, bytes.begin());
        auto const count = static_cast<std::uint8_t>(piece.size());
        written = written && object::DebugConsole{runtime.debug_console}.write(count, bytes).has_value();
    });
    return written;
}

void report(std::string_view line) {
    if (runtime.supervisor != abi::kNullCPtr) {
        tell_supervisor(line);
        tell_supervisor("\n");
    } else {
        (void)write_to_debug_console(line); // there is nobody else to tell
        (void)write_to_debug_console("\n");
    }
}

void end_component(std::uint64_t status) { stop(supervisor::Label::Exited, status); }

void fail_component(std::string_view line) {
    report(line);
    stop(supervisor::Label::Failed, 1);
}

} // namespace os

namespace base {

void assertion_failed(char const* expression, std::source_location location) {
    Text<200> const line{location.file_name(), ":", location.line(), ": assertion failed: ", expression};
    os::fail_component(line.view());
}

} // namespace base
