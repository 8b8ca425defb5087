// SPDX-License-Identifier: MIT
/// Traps: saving a user thread's registers in its TCB, and loading the next thread's.
///
/// In user mode sscratch is the address of this hart's `Core` (core.hpp); while the kernel runs that is in tp, and
/// sscratch is zero. The TCB starts with `Registers` (registers.hpp), its `tls` is the thread's tp, and its `frame` is Short
/// while it runs. The kernel runs with interrupts masked and never takes an exception on purpose, so its stack is empty
/// at each entry. a<n>, t<n> and s<n> are saved at kRegisterA0 + 8 n and so on.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/riscv64/kernel_lock.inc"

    .section .text.trap, "ax"

/// Each of s0 to s11, with `operation` sd or ld.
.macro preserved operation
    \operation s0, kRegisterS0(sp)
    \operation s1, kRegisterS0 + 8(sp)
    \operation s2, kRegisterS0 + 16(sp)
    \operation s3, kRegisterS0 + 24(sp)
    \operation s4, kRegisterS0 + 32(sp)
    \operation s5, kRegisterS0 + 40(sp)
    \operation s6, kRegisterS0 + 48(sp)
    \operation s7, kRegisterS0 + 56(sp)
    \operation s8, kRegisterS0 + 64(sp)
    \operation s9, kRegisterS0 + 72(sp)
    \operation s10, kRegisterS0 + 80(sp)
    \operation s11, kRegisterS0 + 88(sp)
    \operation ra, kRegisterRa(sp)
    \operation gp, kRegisterGp(sp)
.endm

/// Each of a0 to a7, t1 and t2.
.macro message operation
    \operation a0, kRegisterA0(sp)
    \operation a1, kRegisterA0 + 8(sp)
    \operation a2, kRegisterA0 + 16(sp)
    \operation a3, kRegisterA0 + 24(sp)
    \operation a4, kRegisterA0 + 32(sp)
    \operation a5, kRegisterA0 + 40(sp)
    \operation a6, kRegisterA0 + 48(sp)
    \operation a7, kRegisterA0 + 56(sp)
    \operation t1, kRegisterT0 + 8(sp)
    \operation t2, kRegisterT0 + 16(sp)
.endm

/// The user's sp and tp, which are in the core's scratch word and in sscratch. t3 and t4 are free.
.macro save_pointers
    ld      t3, kCoreEntryScratch(tp)
    csrrw   t4, sscratch, zero
    sd      t3, kRegisterSp(sp)
    sd      t4, kTcbTls(sp)
.endm

    .balign 4
    .global trap_entry
trap_entry:
    csrrw   tp, sscratch, tp
    beqz    tp, kernel_exception
    sd      sp, kCoreEntryScratch(tp)
    ld      sp, kCoreCurrent(tp)
    sd      t3, kRegisterT0 + 24(sp)
    csrr    t3, scause
    addi    t3, t3, -kSystemCall
    bnez    t3, other_trap

    // The user gives up t3 to t6; t3 is a parameter as well. t0 stays: a call may be made again.
    message sd
    sd      t0, kRegisterT0(sp)
    preserved sd
    save_pointers
    csrr    t5, sepc
    addi    t5, t5, 4
    sd      t5, kRegisterPc(sp)
    mv      a0, tp
    mv      a1, t0
    ld      sp, kCoreStack(tp)
    try_kernel_lock t1, t2, t3, t4, system_call_waits
    call    enter_system_call           // (Core, number) -> Registers to run
    j       leave_kernel

other_trap:
    message sd
    sd      t0, kRegisterT0(sp)
    sd      t4, kRegisterT0 + 32(sp)
    sd      t5, kRegisterT0 + 40(sp)
    sd      t6, kRegisterT0 + 48(sp)
    sb      zero, kTcbFrame(sp)         // Full
    preserved sd
    save_pointers
    csrr    t5, sepc
    sd      t5, kRegisterPc(sp)
    csrr    a1, scause
    csrr    a2, stval
    mv      a0, tp
    ld      sp, kCoreStack(tp)
    bltz    a1, user_interrupt
    try_kernel_lock t1, t2, t3, t4, exception_waits
user_exception:
    mv      s0, a2
    mv      a0, a1
    mv      a1, a2
    call    examine_exception           // (cause, value) -> code, or 0 to go on
    mv      a1, a0
    ld      a0, kCoreCurrent(tp)
    beqz    a1, leave_kernel
    mv      a0, tp
    mv      a2, s0
    call    enter_exception             // (Core, code, value) -> Registers to run
    j       leave_kernel

user_interrupt:
    try_kernel_lock t1, t2, t3, t4, interrupt_waits
    call    enter_interrupt             // (Core) -> Registers to run

/// a0 -> Registers of the thread to run, at the start of its TCB.
    .global leave_kernel
leave_kernel:
    mv      sp, a0
    release_kernel_lock t0, t1
    // What the last thread has reserved with lr is nothing to this one.
    addi    t0, tp, kCoreEntryScratch
    sc.d    t1, zero, (t0)
    ld      t0, kRegisterPc(sp)
    lbu     t1, kTcbFrame(sp)
    csrw    sscratch, tp
    csrw    sepc, t0
    li      t0, kFrameShort
    li      t4, 0
    li      t5, 0
    li      t6, 0
    beq     t0, t1, 1f
    sb      t0, kTcbFrame(sp)
    ld      t4, kRegisterT0 + 32(sp)
    ld      t5, kRegisterT0 + 40(sp)
    ld      t6, kRegisterT0 + 48(sp)
1:  ld      t0, kRegisterT0(sp)
    ld      t3, kRegisterT0 + 24(sp)
    message ld
    preserved ld
    ld      tp, kTcbTls(sp)
    ld      sp, kRegisterSp(sp)
    sret

/// Another core is in the kernel. The function for the entry is called once this one has the lock, unless there is
/// nothing left to do by then: the other core has stopped the thread meanwhile.
system_call_waits:
    li      t0, kEnteredBySystemCall
    lla     s3, enter_system_call
    j       wait_for_kernel
exception_waits:
    lla     s3, user_exception
    j       1f
interrupt_waits:
    lla     s3, enter_interrupt
1:  li      t0, kEnteredByTrap
wait_for_kernel:
    mv      s1, a1
    mv      s2, a2
    mv      a1, t0
    call    enter_contended             // (Core, Entry) -> Registers to run, or null
    bnez    a0, leave_kernel
    mv      a0, tp
    mv      a1, s1
    mv      a2, s2
    jalr    s3
    j       leave_kernel

/// An exception of the kernel's own: saves everything in `kernel_crash` (panic.hpp) and reports it from there on a
/// stack of its own. sscratch holds what tp was.
kernel_exception:
    lla     tp, kernel_crash
    sd      zero, 0(tp)
    sd      x1, 8(tp)
    sd      x2, 16(tp)
    sd      x3, 24(tp)
    sd      x5, 40(tp)
    sd      x6, 48(tp)
    sd      x7, 56(tp)
    sd      x8, 64(tp)
    sd      x9, 72(tp)
    sd      x10, 80(tp)
    sd      x11, 88(tp)
    sd      x12, 96(tp)
    sd      x13, 104(tp)
    sd      x14, 112(tp)
    sd      x15, 120(tp)
    sd      x16, 128(tp)
    sd      x17, 136(tp)
    sd      x18, 144(tp)
    sd      x19, 152(tp)
    sd      x20, 160(tp)
    sd      x21, 168(tp)
    sd      x22, 176(tp)
    sd      x23, 184(tp)
    sd      x24, 192(tp)
    sd      x25, 200(tp)
    sd      x26, 208(tp)
    sd      x27, 216(tp)
    sd      x28, 224(tp)
    sd      x29, 232(tp)
    sd      x30, 240(tp)
    sd      x31, 248(tp)
    csrrw   t0, sscratch, zero
    sd      t0, 32(tp)
    mv      a0, tp
    mv      tp, t0
    csrr    t0, sepc
    csrr    t1, scause
    csrr    t2, stval
    sd      t0, 256(a0)
    sd      t1, 264(a0)
    sd      t2, 272(a0)
    lla     sp, crash_stack_top
    mv      s0, zero
    mv      ra, zero
    call    report_crash                // does not return
