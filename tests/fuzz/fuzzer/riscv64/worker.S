// SPDX-License-Identifier: MIT
/// What a worker executes: the operations in its page, one after the other. When there are no more it faults. The
/// code is copied to where workers see it, and lies within one page.
///
/// s4 is the address of the page (page.hpp); s5 to s8 are scratch. The code is as it stands here: no instruction of two
/// bytes, nothing that the linker makes shorter, or relative to gp.

    .option norvc
    .option norelax

    .equ    kIndex, 0
    .equ    kCount, 8
    .equ    kOperations, 64
    .equ    kSize, 96                   // of an operation, and of a result
    .equ    kLastWord, 88
    .equ    kResults, kOperations + 20 * kSize
    .equ    kEntryShift, 4              // of the tables

/// An entry of a table: an instruction, and on to the result.
.macro kind instruction:vararg
    .balign 16
    \instruction
    j       after
.endm
.macro call number
    .balign 16
    li      t0, \number
    ecall
    j       after
.endm
/// An entry of the other table: the same for ever.
.macro loop instruction, also=nop
    .balign 16
1:  \instruction
    \also
    j       1b
.endm
.macro call_loop number
    .balign 16
1:  li      t0, \number
    ecall
    j       1b
.endm

    .section .rodata.worker, "a"
    .balign 16
    .globl worker_begin, worker_loops, worker_end
worker_begin:
    ld      s5, kIndex(s4)
    ld      s6, kCount(s4)
    bgeu    s5, s6, park
    // Begun again, it goes on with the next.
    addi    s6, s5, 1
    sd      s6, kIndex(s4)
    li      s6, kSize
    mul     s7, s5, s6
    add     s7, s7, s4
    addi    s7, s7, kOperations
    ld      s8, kLastWord(s7)
    slli    s8, s8, kEntryShift
1:  auipc   s6, %pcrel_hi(kinds)
    addi    s6, s6, %pcrel_lo(1b)
    add     s8, s8, s6
    ld      a0, 0(s7)
    ld      a1, 8(s7)
    ld      a2, 16(s7)
    ld      a3, 24(s7)
    ld      a4, 32(s7)
    ld      a5, 40(s7)
    ld      a6, 48(s7)
    ld      a7, 56(s7)
    ld      t1, 64(s7)
    ld      t2, 72(s7)
    ld      t3, 80(s7)
    jr      s8

after:
    addi    s8, s7, kResults - kOperations
    sd      a0, 0(s8)
    sd      a1, 8(s8)
    sd      a2, 16(s8)
    sd      a3, 24(s8)
    sd      a4, 32(s8)
    sd      a5, 40(s8)
    sd      a6, 48(s8)
    sd      a7, 56(s8)
    sd      t1, 64(s8)
    sd      t2, 72(s8)
    li      a0, 1
    sd      t3, 80(s8)
    sd      a0, 88(s8)
    j       worker_begin

park:
    li      a0, 0
    li      t0, 4
    ecall
    j       worker_begin

    .balign 16
kinds:
    // The system calls, by their numbers.
    call    0
    call    1
    call    2
    call    3
    call    4
    call    5
    call    6
    call    7
    call    8
    // kind::kUndefined: those that there are not.
    call    9
    call    10
    call    16
    call    31
    call    64
    call    255
    call    256
    call    0x10000
    call    -9
    call    -1
    // kind::kOther: what else enters the kernel, or tries to.
    kind    fmv.d.x f0, a0
    kind    ld a0, (a0)
    kind    sd a0, (a1)
    kind    jr a0
    kind    jalr zero
    kind    .4byte 0
    kind    ebreak
    kind    csrci sstatus, 2
    kind    csrr a0, sstatus
    kind    csrw satp, a0
    kind    csrw stvec, a0
    kind    csrr a0, mstatus
    kind    csrr a0, cycle
    kind    csrw fcsr, a0
    kind    csrr a0, 0xfff
    kind    sfence.vma
    kind    fence.i
    kind    wfi
    kind    sret
    kind    mret
    kind    mv sp, a0
    kind    ld a0, (sp)
    kind    lr.d a0, (a0)
    kind    amoadd.d a0, a1, (a2)
    kind    fmv.x.d a0, f0

/// Where threads without a page are started: each does one thing for ever, with the registers that it is given.
    .balign 16
worker_loops:
    call_loop 0
    call_loop 1
    call_loop 2
    call_loop 3
    call_loop 4
    call_loop 5
    call_loop 6
    call_loop 7
    call_loop 8
    call_loop 77
    loop    "fadd.d f0, f0, f0"
    loop    nop
    loop    ".4byte 0"
    loop    ebreak
    loop    "sd a0, (a1)", "addi a1, a1, 8"
    loop    "ld a2, (a1)", "addi a1, a1, -8"
worker_end:

    .section .note.GNU-stack, "", %progbits
