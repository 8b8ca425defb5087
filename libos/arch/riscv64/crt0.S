// SPDX-License-Identifier: MIT
/// The first instructions of every program.
///
/// In:  a0 = address of the page that describes the start (StartupInfo, or BootInfo for init),
///      sp = top of the main stack, 16-byte aligned; nothing else is defined.
/// The frame and return registers are zeroed so that a backtrace ends here. os_start does not return.

    .section .text.start, "ax"
    .globl _start
    .type _start, %function
_start:
    mv      s0, zero
    mv      ra, zero
    tail    os_start
    .size _start, . - _start

/// The first instructions of a further thread: os_thread_start(a0) with the same zeroed frame.
    .globl os_thread_entry
    .type os_thread_entry, %function
os_thread_entry:
    mv      s0, zero
    mv      ra, zero
    tail    os_thread_start
    .size os_thread_entry, . - os_thread_entry

    .section .note.GNU-stack, "", %progbits
