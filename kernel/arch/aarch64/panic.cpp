// SPDX-License-Identifier: MIT
/// The kernel's last words, and how it stops.
#include "kernel/arch/aarch64/panic.hpp"

#include "base/log.hpp"
#include "kernel/arch/aarch64/console.hpp"
#include "kernel/arch/aarch64/firmware.hpp"
#include "kernel/arch/aarch64/layout.hpp"
#include "kernel/arch/panic.hpp"

extern "C" {
// NOLINTNEXTLINE(readability-identifier-naming): a symbol of assembly
extern char const kernel_stacks; // stacks.S
// One is enough: a machine whose kernel has crashed stops.
constinit kernel::arch::Crash kernel_crash{};
}

namespace kernel {

namespace {

[[noreturn]] void stop() {
    constexpr std::uint8_t kCrashed = 99;
    arch::Console::power_off(kCrashed);
    while (true) {
        asm volatile("wfe");
    }
}

} // namespace

void panic(char const* reason) {
    base::log("kernel panic: ", reason);
    stop();
}

namespace arch {

extern "C" void report_crash(Crash const& crash) {
    using base::Hex;
    base::log("kernel panic: exception in the kernel");
    auto const place = crash.address - reinterpret_cast<std::uint64_t>(&kernel_stacks);
    if (is_below_a_stack(place)) {
        base::log("  the stack of core ", place / kKernelStackSize, " is used up");
    }
    base::log("  esr ", Hex{crash.syndrome}, "  far ", Hex{crash.address}, "  spsr ", Hex{crash.flags});
    base::log("  pc ", Hex{crash.program_counter}, "  sp ", Hex{crash.stack_pointer});
    for (std::size_t index = 0; index < crash.general.size(); ++index) {
        base::log("  x", index, " ", Hex{crash.general[index]});
    }
    stop();
}

void exit_simulation(std::uint8_t status) {
    // SYS_EXIT takes the address of two words: a reason, and the status.
    constexpr std::uint64_t kExit = 0x18;
    constexpr std::uint64_t kApplicationExit = 0x2'0026;
    std::array<std::uint64_t, 2> const parameters{kApplicationExit, status};
    (void)call_semihosting(kExit, &parameters); // comes back only if nobody is there
}

} // namespace arch
} // namespace kernel
