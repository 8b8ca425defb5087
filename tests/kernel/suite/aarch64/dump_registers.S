// SPDX-License-Identifier: MIT
/// Where a thread starts that only shows its registers: `instruction::dump_registers`.

    .section .text.suite_dump_registers, "ax"
    .global suite_dump_registers
    .type suite_dump_registers, %function

// In: anything in any register; the stack has room below. Out: below the stack pointer, 34 words in the order of
// Tcb.read_registers: unused, the stack pointer, the flags, x0 to x30. Does not return: it calls for ever.
suite_dump_registers:
    sub sp, sp, #272
    stp x0, x1, [sp, #24]
    stp x2, x3, [sp, #40]
    stp x4, x5, [sp, #56]
    stp x6, x7, [sp, #72]
    stp x8, x9, [sp, #88]
    stp x10, x11, [sp, #104]
    stp x12, x13, [sp, #120]
    stp x14, x15, [sp, #136]
    stp x16, x17, [sp, #152]
    stp x18, x19, [sp, #168]
    stp x20, x21, [sp, #184]
    stp x22, x23, [sp, #200]
    stp x24, x25, [sp, #216]
    stp x26, x27, [sp, #232]
    stp x28, x29, [sp, #248]
    str x30, [sp, #264]
    mrs x0, nzcv
    add x1, sp, #272
    stp x1, x0, [sp, #8]
1:  mov x0, #0
    svc #4 // Recv on no capability: a fault
    b 1b
    .size suite_dump_registers, . - suite_dump_registers

    .section .note.GNU-stack, "", %progbits
