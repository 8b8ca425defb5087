// SPDX-License-Identifier: MIT
/// The core that executes this.
#pragma once

#include "kernel/arch/riscv64/csr.hpp"

#include <cstdint>

namespace kernel {

class Core;

namespace arch {

struct Cpu {
    /// While the kernel runs, tp holds the address of the core's state.
    static auto core() -> Core& {
        Core* core = nullptr;
        asm("mv %0, tp" : "=r"(core));
        return *core;
    }
    static void set_core(Core& core);

    /// Sleeps until an interrupt is pending, although interrupts are masked. What the firmware does for
    /// another core ends a `wfi` too.
    static void wait_for_interrupt() {
        do {
            asm volatile("fence\n\twfi" ::: "memory");
        } while ((csr::read<csr::Number::InterruptPending>() & csr::read<csr::Number::InterruptEnable>()) ==
                 0);
    }

    /// Nothing to do: the base is in tp, which trap.S saves to and loads from the TCB's own copy of it.
    static void set_thread_local_base(std::uint64_t /*base*/) {}

    /// Opens the cycle counter alone of all counters to user code, if the firmware has opened it to the
    /// kernel.
    static auto allow_cycle_counter() -> bool;
};

} // namespace arch
} // namespace kernel
