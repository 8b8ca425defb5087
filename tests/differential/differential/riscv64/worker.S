// SPDX-License-Identifier: MIT
/// What a worker executes: the operations in its page, one after the other, and then it waits at its gate. Everything
/// that an operation leaves in registers goes into the page. The code is copied to where workers see it, and lies
/// within one page.
///
/// Registers: s4 the page (page.hpp), s5 index, s6 count, s7 and s8 scratch, all others canaries. In the tables each
/// entry takes 16 bytes. The code is as it stands here: no instruction of two bytes, nothing that the linker makes
/// shorter, or relative to gp.

    .option norvc
    .option norelax

    .equ    INDEX, 0
    .equ    COUNT, 8
    .equ    GATE, 16
    .equ    OPERATIONS, 128
    .equ    OPERATION_SHIFT, 7
    .equ    RESULTS, OPERATIONS + 20 * 128
    .equ    RESULT_SHIFT, 8
    .equ    KIND_SHIFT, 4

    .section .rodata.worker, "a"
    .balign 16
    .globl worker_begin, worker_after, worker_end
worker_begin:
next:
    ld      s5, INDEX(s4)
    ld      s6, COUNT(s4)
    bgeu    s5, s6, park
    slli    s7, s5, OPERATION_SHIFT
    add     s7, s7, s4
    addi    s7, s7, OPERATIONS
    // What a system call clears, and what it keeps.
    mv      t0, s7
    mv      t4, s7
    mv      t5, s7
    mv      t6, s7
    mv      s0, s7
    addi    s1, s7, 1
    not     s2, s7
    addi    s3, s7, 3
    addi    s9, s7, 4
    addi    s10, s7, 5
    addi    s11, s7, 6
    addi    ra, s7, 7
    addi    gp, s7, 8
    ld      s8, 0(s7)
    slli    s8, s8, KIND_SHIFT
1:  auipc   t1, %pcrel_hi(kinds)
    addi    t1, t1, %pcrel_lo(1b)
    add     s8, s8, t1
    ld      a0, 8(s7)
    ld      a1, 16(s7)
    ld      a2, 24(s7)
    ld      a3, 32(s7)
    ld      a4, 40(s7)
    ld      a5, 48(s7)
    ld      a6, 56(s7)
    ld      a7, 64(s7)
    ld      t1, 72(s7)
    ld      t2, 80(s7)
    ld      t3, 88(s7)
    jr      s8

worker_after:
    slli    s8, s5, RESULT_SHIFT
    add     s8, s8, s4
    addi    s8, s8, RESULTS / 2
    addi    s8, s8, RESULTS / 2
    sd      a0, 0(s8)
    sd      a1, 8(s8)
    sd      a2, 16(s8)
    sd      a3, 24(s8)
    sd      a4, 32(s8)
    sd      a5, 40(s8)
    sd      a6, 48(s8)
    sd      a7, 56(s8)
    sd      t0, 64(s8)
    sd      t1, 72(s8)
    sd      t2, 80(s8)
    sd      t3, 88(s8)
    sd      t4, 96(s8)
    sd      t5, 104(s8)
    sd      t6, 112(s8)
    sd      s0, 120(s8)
    sd      s1, 128(s8)
    sd      s2, 136(s8)
    sd      s3, 144(s8)
    sd      s6, 152(s8)
    sd      s7, 160(s8)
    sd      s9, 168(s8)
    sd      s10, 176(s8)
    sd      s11, 184(s8)
    sd      ra, 192(s8)
    sd      gp, 200(s8)
    sd      tp, 208(s8)
    sd      sp, 216(s8)
    addi    s5, s5, 1
    sd      s5, INDEX(s4)
    j       next

park:
    ld      a0, GATE(s4)
    li      t0, 4
    ecall
    j       next

    .macro kind instruction:vararg
    .balign 16
    \instruction
    j       worker_after
    .endm
    .macro trap number
    .balign 16
    li      t0, \number
    ecall
    j       worker_after
    .endm
    .balign 16
kinds:
    trap    0
    trap    1
    trap    2
    trap    3
    trap    4
    trap    5
    trap    6
    trap    7
    trap    8
    trap    77
    trap    0x7fff
    kind    .4byte 0
    kind    ebreak
    kind    ld a1, (a2)
    kind    sd a1, (a2)
    kind    jalr a2
    kind    j floating_point
    kind    csrci sstatus, 2

floating_point:
    fmv.x.d a3, f7
    fmv.d.x f7, a2
    fmv.x.d a4, f31
    fmv.d.x f31, s8
    fmv.x.d a5, f7
    j       worker_after
worker_end:

    .section .note.GNU-stack, "", %progbits
