// SPDX-License-Identifier: MIT
/// Bringing up what one core has: timers, interrupts, floating point off; and where its stack is.
#include "kernel/arch/boot.hpp"

#include "kernel/arch/contract.hpp"

#include <cstddef>

extern "C" {
extern std::byte kernel_stacks; // stacks.S: the first byte of all of them
}

namespace kernel::arch {

namespace {

/// User code reads no performance counter. Whether it may is anyone's guess after a reset; without counters
/// there is no register to say so.
void deny_counters() {
    std::uint64_t features = 0;
    asm("mrs %0, id_aa64dfr0_el1" : "=r"(features));
    std::uint64_t const version = features >> 8U & 0xFU;
    constexpr std::uint64_t kOfAnotherKind = 0xF;
    if (version != 0 && version != kOfAnotherKind) {
        asm volatile("msr pmuserenr_el0, xzr");
    }
}

} // namespace

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
