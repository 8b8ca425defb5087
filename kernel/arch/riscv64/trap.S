// SPDX-License-Identifier: MIT
/// Traps: saving a user thread's registers in its TCB, and loading the next thread's. They come in at `trap_entry`, which
/// is in fast_path.S.
///
/// sscratch is the address of this hart's `Core` (core.hpp), but for the few instructions at an entry that swap it with
/// the user's tp; while the kernel runs that address is in tp too. The TCB starts with `Registers` (registers.hpp), its
/// `tls` is the thread's tp, and its `frame` is Short while it runs. The kernel runs with interrupts masked and never
/// takes an exception on purpose, so its stack is empty at each entry.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/riscv64/kernel_lock.inc"
#include "kernel/arch/riscv64/saved_registers.inc"

    .equ    kPreviousMode, 1 << 8       // of sstatus

    .section .text.trap, "ax"

/// t6 = TCB; what system calls preserve is saved.
    .global system_call
system_call:
    message sd, t6
    mv      a0, tp
    ld      a1, kRegisterT0(t6)
    ld      sp, kCoreStack(tp)
    try_kernel_lock t1, t2, t3, t4, system_call_waits
    call    enter_system_call           // (Core, number) -> Registers to run
    j       leave_kernel

/// Not a system call. tp = Core, whose word for that holds what t6 was; sscratch holds what tp was.
    .global other_trap
other_trap:
    csrr    t6, sstatus
    andi    t6, t6, kPreviousMode
    bnez    t6, kernel_exception
    ld      t6, kCoreCurrent(tp)
    save_pointers t6
    message sd, t6
    preserved sd, t6
    ld      t0, kCoreEntryScratch(tp)
    csrr    t1, sepc
    sd      t3, kRegisterT0 + 24(t6)
    sd      t4, kRegisterT0 + 32(t6)
    sd      t5, kRegisterT0 + 40(t6)
    sd      t0, kRegisterT0 + 48(t6)
    sd      t1, kRegisterPc(t6)
    sb      zero, kTcbFrame(t6)         // Full
    csrr    a1, scause
    csrr    a2, stval
    mv      a0, tp
    ld      sp, kCoreStack(tp)
    bltz    a1, user_interrupt
    try_kernel_lock t1, t2, t3, t4, exception_waits
user_exception:
    mv      s1, a2
    mv      a0, a1
    mv      a1, a2
    call    examine_exception           // (cause, value) -> code, or 0 to go on
    ld      t6, kCoreCurrent(tp)
    bnez    a0, fast_exception
    mv      a0, t6
    j       leave_kernel
/// a0 = code, s1 = value.
    .global exception_is_examined
exception_is_examined:
    mv      a1, a0
    mv      a2, s1
    mv      a0, tp
    call    enter_exception             // (Core, code, value) -> Registers to run
    j       leave_kernel

user_interrupt:
    try_kernel_lock t1, t2, t3, t4, interrupt_waits
    j       fast_interrupt

/// a0 -> Registers of the thread to run, at the start of its TCB.
    .global leave_kernel
leave_kernel:
    mv      sp, a0
    release_kernel_lock t0, t1
/// sp = TCB of the thread to run.
    .global load_registers
load_registers:
    // What the last thread has reserved with lr is nothing to this one.
    addi    t0, tp, kCoreEntryScratch
    sc.d    t1, zero, (t0)
    ld      t0, kRegisterPc(sp)
    lbu     t1, kTcbFrame(sp)
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
1:  ld      t3, kRegisterT0 + 24(sp)
    message ld, sp
    preserved ld, sp
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
    csrr    s4, satp
    lla     s3, exception_has_waited
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

/// What is wrong with a page is found out in the thread's own address space: no core has one active while it waits.
exception_has_waited:
    csrw    satp, s4
    j       user_exception

/// An exception of the kernel's own: saves everything in `kernel_crash` (panic.hpp) and reports it from there on a
/// stack of its own. sscratch holds what tp was, and the core's word for that what t6 was.
kernel_exception:
    lla     t6, kernel_crash
    sd      zero, 0(t6)
    sd      x1, 8(t6)
    sd      x2, 16(t6)
    sd      x3, 24(t6)
    sd      x5, 40(t6)
    sd      x6, 48(t6)
    sd      x7, 56(t6)
    sd      x8, 64(t6)
    sd      x9, 72(t6)
    sd      x10, 80(t6)
    sd      x11, 88(t6)
    sd      x12, 96(t6)
    sd      x13, 104(t6)
    sd      x14, 112(t6)
    sd      x15, 120(t6)
    sd      x16, 128(t6)
    sd      x17, 136(t6)
    sd      x18, 144(t6)
    sd      x19, 152(t6)
    sd      x20, 160(t6)
    sd      x21, 168(t6)
    sd      x22, 176(t6)
    sd      x23, 184(t6)
    sd      x24, 192(t6)
    sd      x25, 200(t6)
    sd      x26, 208(t6)
    sd      x27, 216(t6)
    sd      x28, 224(t6)
    sd      x29, 232(t6)
    sd      x30, 240(t6)
    ld      t0, kCoreEntryScratch(tp)
    csrrw   t1, sscratch, tp
    sd      t0, 248(t6)
    sd      t1, 32(t6)
    mv      a0, t6
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
