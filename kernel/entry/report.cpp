// SPDX-License-Identifier: MIT
/// What base/ leaves to its environment, for the kernel: lines go to the polled console, a broken assertion
/// panics.
#include "base/assert.hpp"
#include "base/log.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/panic.hpp"

namespace base {

void write_log_line(std::string_view line) {
    for (char const character : line) {
        kernel::arch::Console::put(character);
    }
    kernel::arch::Console::put('\n');
}

void assertion_failed(char const* expression, std::source_location location) {
    log(location.file_name(), ":", location.line(), ": ASSERT(", expression, ")");
    kernel::panic("assertion failed");
}

} // namespace base
