// SPDX-License-Identifier: MIT
/// In place of fast_path.S: every system call and every fault goes to C++.

    .text
    .global fast_call
    .global fast_reply_receive
    .global fast_send
    .global fast_yield
    .global fast_exception
    .global fast_interrupt
fast_call:
fast_reply_receive:
fast_send:
fast_yield:
    b       system_call
fast_exception:
    b       exception_is_saved
fast_interrupt:
    bl      enter_interrupt             // (Core) -> Registers to run
    b       leave_kernel
