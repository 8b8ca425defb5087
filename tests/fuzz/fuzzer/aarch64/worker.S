// SPDX-License-Identifier: MIT
/// What a worker executes: the operations in its page, one after the other. When there are no more it faults. The
/// code is copied to where workers see it, and lies within one page.
///
/// x19 is the address of the page (page.hpp); x20 to x24 are scratch.

    .equ    kIndex, 0
    .equ    kCount, 8
    .equ    kOperations, 64
    .equ    kSize, 96                   // of an operation, and of a result
    .equ    kLastWord, 88
    .equ    kResults, kOperations + 20 * kSize

/// An entry of a table: an instruction, and on to the result.
.macro kind instruction:vararg
    \instruction
    b       after
.endm
/// An entry of the other table: an instruction for ever.
.macro loop instruction:vararg
    .balign 16
1:  \instruction
    b       1b
.endm

    .section .rodata.worker, "a"
    .balign 16
    .globl worker_begin, worker_loops, worker_end
worker_begin:
    ldr     x20, [x19, #kIndex]
    ldr     x21, [x19, #kCount]
    cmp     x20, x21
    b.hs    park
    // Begun again, it goes on with the next.
    add     x22, x20, #1
    str     x22, [x19, #kIndex]
    mov     x22, #kSize
    madd    x23, x20, x22, x19
    add     x23, x23, #kOperations
    ldr     x24, [x23, #kLastWord]
    adr     x22, kinds
    add     x24, x22, x24, lsl #3
    ldp     x0, x1, [x23]
    ldp     x2, x3, [x23, #16]
    ldp     x4, x5, [x23, #32]
    ldp     x6, x7, [x23, #48]
    ldp     x8, x9, [x23, #64]
    ldr     x10, [x23, #80]
    br      x24

after:
    add     x24, x23, #(kResults - kOperations)
    stp     x0, x1, [x24]
    stp     x2, x3, [x24, #16]
    stp     x4, x5, [x24, #32]
    stp     x6, x7, [x24, #48]
    stp     x8, x9, [x24, #64]
    mov     x0, #1
    stp     x10, x0, [x24, #80]
    b       worker_begin

park:
    mov     x0, xzr
    svc     #4
    b       worker_begin

kinds:
    // The system calls, by their numbers.
    kind    svc #0
    kind    svc #1
    kind    svc #2
    kind    svc #3
    kind    svc #4
    kind    svc #5
    kind    svc #6
    kind    svc #7
    kind    svc #8
    // kind::kUndefined: those that there are not.
    kind    svc #9
    kind    svc #10
    kind    svc #16
    kind    svc #31
    kind    svc #64
    kind    svc #255
    kind    svc #256
    kind    svc #0x7fff
    kind    svc #0x8000
    kind    svc #0xffff
    // kind::kOther: what else enters the kernel, or tries to.
    kind    fmov d0, x0
    kind    ldr x0, [x0]
    kind    str x0, [x1]
    kind    br x0
    kind    blr xzr
    kind    udf #3
    kind    brk #4
    kind    hvc #0
    kind    smc #0
    kind    hlt #0
    kind    mrs x0, sctlr_el1
    kind    msr daifset, #0xf
    kind    msr ttbr0_el1, x0
    kind    mrs x0, cntp_cval_el0
    kind    mrs x0, pmccntr_el0
    kind    dc zva, x0
    kind    dc civac, x0
    kind    ic ivau, x0
    kind    tlbi vmalle1
    kind    wfi
    kind    eret
    kind    mov sp, x0
    kind    ldr x0, [sp]
    kind    ldxr x0, [x0]
    kind    fmov x0, d0

/// Where threads without a page are started: each does one thing for ever, with the registers that it is given.
    .balign 16
worker_loops:
    loop    svc #0
    loop    svc #1
    loop    svc #2
    loop    svc #3
    loop    svc #4
    loop    svc #5
    loop    svc #6
    loop    svc #7
    loop    svc #8
    loop    svc #77
    loop    fadd d0, d0, d0
    loop    nop
    loop    udf #1
    loop    brk #1
    loop    str x0, [x1], #8
    loop    ldr x2, [x1], #-8
worker_end:
