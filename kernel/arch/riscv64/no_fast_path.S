// SPDX-License-Identifier: MIT
/// In place of fast_path.S: every system call goes to C++.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/riscv64/saved_registers.inc"

    .section .text.trap, "ax"
    .balign 4
    .global trap_entry
trap_entry:
    save_system_call_or other_trap
    j       system_call
