// SPDX-License-Identifier: MIT
/// Bringing up what one core has: timers, interrupts, floating point off; and where its stack is.
#include "kernel/arch/boot.hpp"

#include "kernel/arch/aarch64/cycle_counter.hpp"
#include "kernel/arch/contract.hpp"

#include <cstddef>

extern "C" {
extern std::byte kernel_stacks; // stacks.S: the first byte of all of them
}

namespace kernel::arch {

void initialise() {
    Mmu::initialise();
    Time::initialise();
    FloatingPoint::disable();
    Interrupts::initialise();
    Console::initialise();
    deny_counters();
    // Debug exceptions stay the kernel's; user code reads no register of them.
    asm volatile("msr mdscr_el1, xzr\n\tmsr tpidrro_el0, xzr\n\tisb" ::: "memory");
}

auto kernel_stack_top(unsigned core) -> std::uint64_t {
    constexpr std::size_t kStackSize = 8192; // stacks.S
    return reinterpret_cast<std::uint64_t>(&kernel_stacks) + (core + 1) * kStackSize;
}

} // namespace kernel::arch
