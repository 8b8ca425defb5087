// SPDX-License-Identifier: MIT
/// Marks that tools/measure_worst_case.py finds in a trace, and threads that need no stack.

    .option norvc

    .section .text.worst_case, "ax"

/// A function for each operation that is measured, all of which do nothing.
    .balign 64
    .globl operation_marks
operation_marks:
    .rept   64
    ret
    .endr

/// Receives on a0.
    .globl thread_receives
thread_receives:
    li      t0, 4
    ecall
    j       thread_receives

/// Sends through a0.
    .globl thread_sends
thread_sends:
    li      t0, 2
    ecall
    j       thread_sends

/// Calls through a0, once.
    .globl thread_calls
thread_calls:
    li      t0, 0
    ecall
1:  li      a0, 0
    li      t0, 4
    ecall
    j       1b

/// Receives on a0, and then calls through s4.
    .globl thread_passes_on
thread_passes_on:
    li      t0, 4
    ecall
    mv      a0, s4
    li      a1, 0
    li      t0, 0
    ecall
    j       thread_passes_on

/// Does nothing for ever.
    .globl thread_spins
thread_spins:
    j       thread_spins

    .section .note.GNU-stack, "", %progbits
