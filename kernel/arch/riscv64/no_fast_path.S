// SPDX-License-Identifier: MIT
/// In place of fast_path.S: every system call, fault and interrupt goes to C++.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/riscv64/saved_registers.inc"

    .section .text.trap, "ax"
    .balign 4
    .global trap_entry
trap_entry:
    save_system_call_or other_trap
    j       system_call

    .global fast_exception
fast_exception:
    j       exception_is_examined

    .global fast_interrupt
fast_interrupt:
    call    enter_interrupt             // (Core) -> Registers to run
    j       leave_kernel
