// SPDX-License-Identifier: MIT
/// The core that executes this.
#pragma once

#include <cstdint>

namespace kernel {

class Core;

namespace arch {

struct Cpu {
    /// TPIDR_EL1 holds the address of the core's state from boot on.
    static auto core() -> Core& {
        Core* core = nullptr;
        asm("mrs %0, tpidr_el1" : "=r"(core));
        return *core;
    }
    /// Its number, without a look at that state.
    static auto number() -> std::uint32_t {
        std::uint64_t affinity = 0;
        asm("mrs %0, mpidr_el1" : "=r"(affinity));
        return static_cast<std::uint32_t>(affinity & 0xFFU);
    }
    static void set_core(Core& core) { asm volatile("msr tpidr_el1, %0" ::"r"(&core)); }

    /// Sleeps until an interrupt is pending, although interrupts are masked.
    static void wait_for_interrupt() { asm volatile("dsb sy\n\twfi" ::: "memory"); }

    /// What the thread finds in TPIDR_EL0.
    static void set_thread_local_base(std::uint64_t base) { asm volatile("msr tpidr_el0, %0" ::"r"(base)); }

    /// Starts the cycle counter, and opens it alone of all counters to user code: cycle_counter.cpp.
    static auto allow_cycle_counter() -> bool;
};

} // namespace arch
} // namespace kernel
