// SPDX-License-Identifier: MIT
/// The kernel's last words, and how it stops: on every architecture but the host.
#include "kernel/arch/panic.hpp"

#include "base/log.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/stacks.hpp"

namespace kernel {

namespace {

[[noreturn]] void stop() {
    constexpr std::uint8_t kCrashed = 99;
    arch::Console::power_off(kCrashed);
    while (true) {
        arch::Cpu::wait_for_interrupt();
    }
}

} // namespace

void panic(char const* reason) {
    base::log("kernel panic: ", reason);
    stop();
}

void report_exception(std::uint64_t address, std::span<NamedRegister const> named,
                      std::span<std::uint64_t const> general) {
    base::log("kernel panic: exception in the kernel");
    if (arch::is_below_kernel_stack(address)) {
        base::log("  the stack of core ", arch::kernel_stack_of(address), " is used up");
    }
    for (auto const& [name, value] : named) {
        base::log("  ", name, " ", base::Hex{value});
    }
    for (std::size_t index = 0; index < general.size(); ++index) {
        base::log("  x", index, " ", base::Hex{general[index]});
    }
    stop();
}

} // namespace kernel
