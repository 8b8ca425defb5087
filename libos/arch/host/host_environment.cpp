// SPDX-License-Identifier: MIT
/// What a host test has in place of a kernel and an init: reports go to standard error and end the test,
/// there is one thread, and some slots are free.
#include "libos/src/report.hpp"
#include "libos/src/resources.hpp"

#include "base/assert.hpp"
#include "os/startup_info.hpp"
#include "os/thread.hpp"

#include <cstdlib>
#include <iostream>

namespace os {
namespace {

constexpr abi::SlotRange kFreeSlots{.first = 64, .end = 4096};

[[maybe_unused]] auto const kSlotsAdded = [] {
    add_free_slots(kFreeSlots);
    return true;
}();

} // namespace

auto current_tcb() -> abi::CPtr { return slot::kTcb; }

auto write_to_debug_console(std::string_view text) -> bool {
    std::cerr << text;
    return true;
}

void report(std::string_view line) { std::cerr << line << '\n'; }

void end_component(std::uint64_t status) { std::exit(static_cast<int>(status)); }

void fail_component(std::string_view line) {
    report(line);
    std::abort();
}

} // namespace os

namespace base {

void assertion_failed(char const* expression, std::source_location location) {
    std::cerr << location.file_name() << ':' << location.line() << ": assertion failed: " << expression
              << '\n';
    std::abort();
}

} // namespace base
