// SPDX-License-Identifier: MIT
/// What a worker executes: the operations in its page, one after the other, and then it waits at its gate. Everything
/// that an operation leaves in registers goes into the page. The code is copied to where workers see it, and lies
/// within one page.
///
/// Registers: x19 the page (page.hpp), x20 index, x21 count, x22..x24 scratch, x25..x30 and sp canaries.

    .equ    INDEX, 0
    .equ    COUNT, 8
    .equ    GATE, 16
    .equ    OPERATIONS, 128
    .equ    OPERATION_SHIFT, 7
    .equ    RESULTS, OPERATIONS + 20 * 128
    .equ    RESULT_SHIFT, 8

    .section .rodata.worker, "a"
    .balign 8
    .globl worker_begin, worker_after, worker_end
worker_begin:
next:
    ldr     x20, [x19, #INDEX]
    ldr     x21, [x19, #COUNT]
    cmp     x20, x21
    b.hs    park
    add     x23, x19, #OPERATIONS
    add     x23, x23, x20, lsl #OPERATION_SHIFT
    // What a system call clears, and what it keeps.
    mov     x11, x23
    mov     x12, x23
    mov     x13, x23
    mov     x14, x23
    mov     x15, x23
    mov     x16, x23
    mov     x17, x23
    mov     x18, x23
    mov     x25, x23
    add     x26, x23, #1
    mvn     x27, x23
    add     x28, x23, #3
    add     x29, x23, #4
    add     x30, x23, #5
    ldr     x24, [x23]
    adr     x22, kinds
    add     x24, x22, x24, lsl #3
    ldp     x0, x1, [x23, #8]
    ldp     x2, x3, [x23, #24]
    ldp     x4, x5, [x23, #40]
    ldp     x6, x7, [x23, #56]
    ldp     x8, x9, [x23, #72]
    ldr     x10, [x23, #88]
    cmp     x19, x19
    br      x24

worker_after:
    add     x24, x19, #RESULTS
    add     x24, x24, x20, lsl #RESULT_SHIFT
    stp     x0, x1, [x24]
    stp     x2, x3, [x24, #16]
    stp     x4, x5, [x24, #32]
    stp     x6, x7, [x24, #48]
    stp     x8, x9, [x24, #64]
    stp     x10, x11, [x24, #80]
    stp     x12, x13, [x24, #96]
    stp     x14, x15, [x24, #112]
    stp     x16, x17, [x24, #128]
    mrs     x0, nzcv
    stp     x18, x0, [x24, #144]
    stp     x25, x26, [x24, #160]
    stp     x27, x28, [x24, #176]
    stp     x29, x30, [x24, #192]
    mrs     x0, tpidr_el0
    mov     x1, sp
    stp     x0, x1, [x24, #208]
    stp     x21, x22, [x24, #224]
    add     x20, x20, #1
    str     x20, [x19, #INDEX]
    b       next

park:
    ldr     x0, [x19, #GATE]
    svc     #4
    b       next

// Two instructions each.
    .macro trap number
    svc     #\number
    b       worker_after
    .endm
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
    udf     #3
    b       worker_after
    brk     #5
    b       worker_after
    ldr     x1, [x2]
    b       worker_after
    str     x1, [x2]
    b       worker_after
    blr     x2
    b       worker_after
    b       floating_point
    nop
    msr     daifset, #0xf
    b       worker_after

floating_point:
    fmov    x3, d7
    fmov    d7, x2
    fmov    x4, d31
    fmov    d31, x24
    fmov    x5, d7
    b       worker_after
worker_end:

    .section .note.GNU-stack, "", %progbits
