// SPDX-License-Identifier: MIT
/// Where a thread starts that only shows its registers: `instruction::dump_registers`.

    .section .text.suite_dump_registers, "ax"
    .global suite_dump_registers
    .type suite_dump_registers, %function

// In: anything in any register; the stack has room below. Out: below the stack pointer, 32 words in the order of
// Tcb.read_registers: unused, the stack pointer, the flags, a0 to a7, t0 to t6, s0 to s11, ra, gp. Does not return: it
// calls for ever.
suite_dump_registers:
    addi    sp, sp, -256
    sd      a0, 24(sp)
    sd      a1, 32(sp)
    sd      a2, 40(sp)
    sd      a3, 48(sp)
    sd      a4, 56(sp)
    sd      a5, 64(sp)
    sd      a6, 72(sp)
    sd      a7, 80(sp)
    sd      t0, 88(sp)
    sd      t1, 96(sp)
    sd      t2, 104(sp)
    sd      t3, 112(sp)
    sd      t4, 120(sp)
    sd      t5, 128(sp)
    sd      t6, 136(sp)
    sd      s0, 144(sp)
    sd      s1, 152(sp)
    sd      s2, 160(sp)
    sd      s3, 168(sp)
    sd      s4, 176(sp)
    sd      s5, 184(sp)
    sd      s6, 192(sp)
    sd      s7, 200(sp)
    sd      s8, 208(sp)
    sd      s9, 216(sp)
    sd      s10, 224(sp)
    sd      s11, 232(sp)
    sd      ra, 240(sp)
    sd      gp, 248(sp)
    addi    a0, sp, 256
    sd      a0, 8(sp)
    sd      zero, 16(sp)
1:  li      a0, 0
    li      t0, 4                       // Recv on no capability: a fault
    ecall
    j       1b
    .size suite_dump_registers, . - suite_dump_registers

    .section .note.GNU-stack, "", %progbits
