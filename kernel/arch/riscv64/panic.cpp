// SPDX-License-Identifier: MIT
/// The kernel's last words, and how it stops.
#include "kernel/arch/riscv64/panic.hpp"

#include "base/log.hpp"
#include "kernel/arch/panic.hpp"
#include "kernel/arch/riscv64/console.hpp"
#include "kernel/arch/riscv64/hart.hpp"

extern "C" {
// One is enough: a machine whose kernel has crashed stops.
constinit kernel::arch::Crash kernel_crash{};
}

namespace kernel {

namespace {

[[noreturn]] void stop() {
    constexpr std::uint8_t kCrashed = 99;
    arch::Console::power_off(kCrashed);
    while (true) {
        asm volatile("wfi");
    }
}

} // namespace

void panic(char const* reason) {
    base::log("kernel panic: ", reason);
    stop();
}

extern "C" void arch::report_crash(Crash const& crash) {
    using base::Hex;
    base::log("kernel panic: exception in the kernel");
    auto const place = crash.value - reinterpret_cast<std::uint64_t>(&kernel_stacks);
    if (is_below_a_stack(place)) {
        base::log("  the stack of core ", place / kKernelStackSize, " is used up");
    }
    base::log("  scause ", Hex{crash.cause}, "  stval ", Hex{crash.value}, "  sepc ",
              Hex{crash.program_counter});
    for (std::size_t index = 1; index < crash.general.size(); ++index) {
        base::log("  x", index, " ", Hex{crash.general[index]});
    }
    stop();
}

} // namespace kernel
