// SPDX-License-Identifier: MIT
/// Thread, address space and floating-point unit are switched here, and nowhere else.
#include "kernel/entry/resume.hpp"

#include "kernel/arch/upcalls.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/vspace.hpp"
#include "kernel/sched/core.hpp"

namespace kernel::entry {

namespace {

/// What belongs to the thread and not to its address space.
void switch_thread(Core& core, Tcb& next) {
    core.set_current(&next);
    arch::Cpu::set_thread_local_base(next.tls);
    if (core.fp_owner() == &next) {
        arch::FloatingPoint::enable();
    } else {
        arch::FloatingPoint::disable();
    }
}

auto idle(Core& core) -> Tcb* {
    core.set_current(nullptr);
    arch::Mmu::activate_none();
    Tcb* next = nullptr;
    while (next == nullptr) {
        core.release_kernel();
        arch::Cpu::wait_for_interrupt();
        core.take_kernel();
        next = handle_interrupt(core);
    }
    return next;
}

} // namespace

auto resume(Core& core, Tcb* next) -> arch::Registers const* {
    if (next == nullptr) [[unlikely]] {
        next = idle(core);
    }
    if (next != core.current()) {
        switch_thread(core, *next);
    }
    // Even the same thread may have been given another address space.
    VSpace* const vspace = next->vspace();
    if (vspace != nullptr) [[likely]] {
        arch::Mmu::activate(vspace->space);
    } else {
        arch::Mmu::activate_none();
    }
    return &next->registers;
}

} // namespace kernel::entry
