// SPDX-License-Identifier: MIT
/// Marks that tools/measure_worst_case.py finds in a trace, and threads that need no stack.

    .section .text.worst_case, "ax"

/// A function for each operation that is measured, all of which do nothing.
    .balign 64
    .globl operation_marks
operation_marks:
    .rept   64
    ret
    .endr

/// Receives on x0.
    .globl thread_receives
thread_receives:
    svc     #4
    b       thread_receives

/// Sends through x0.
    .globl thread_sends
thread_sends:
    svc     #2
    b       thread_sends

/// Calls through x0, once.
    .globl thread_calls
thread_calls:
    svc     #0
1:  mov     x0, xzr
    svc     #4
    b       1b

/// Receives on x0, and then calls through x19.
    .globl thread_passes_on
thread_passes_on:
    svc     #4
    mov     x0, x19
    mov     x1, xzr
    svc     #0
    b       thread_passes_on

/// Does nothing for ever.
    .globl thread_spins
thread_spins:
    b       thread_spins
