// SPDX-License-Identifier: MIT
/// Call and ReplyRecv between two threads of which one waits for the other, a signal, of a thread or an interrupt, that
/// nobody waits for or one thread of higher priority, a Yield to nobody, and a fault and its answer, without a step into
/// C++ but to find out what a fault is.
///
/// C++ is the specification: `send`, `receive` and `answer_caller` in ipc/rendezvous.cpp, `signal` in ipc/signals.cpp,
/// `raise_fault` and `answer_fault` in ipc/fault.cpp, `Core::yield`, `Core::make_ready`, `Mmu::activate`, `Time::program`.
/// Each path first checks that nothing applies to this message but what it does itself, and goes to `system_call` with
/// nothing changed otherwise. From its "No way back" on it only stores. docs/adr/0010-the-fast-path.md says what is
/// checked and why that is all.
///
/// The message stays in a0 to a7, t1 and t2; what a system call preserves is saved, and so free. A caller's message is not
/// saved, since it is never sent twice. tp = Core, t6 = TCB of the running thread; sp becomes that of the next. t3 to t5
/// are zero at the end since what they hold has been compared with zero.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/riscv64/fast_path_macros.inc"
#include "kernel/arch/riscv64/kernel_lock.inc"
#include "kernel/arch/riscv64/saved_registers.inc"

    .section .text.trap, "ax"

/// Every trap from user code.
    .balign 4
    .global trap_entry
trap_entry:
    save_system_call_or other_trap
    bnez    t0, not_a_call

    // An invocation needs the registers again that are lost here: few of those that C++ preserves.
    try_kernel_lock s0, t3, t4, t5, system_call
    andi    t4, a1, kFlagsMask
    bnez    t4, give_up
    look_up t0, ra, gp, give_up
    // An endpoint that may be called, with one receiver.
    find_receiver call_object, give_up
    bnez    s9, call_with_floating_point

    // No way back.
call_switches:
    ld      a0, 8(t0)                           // the badge
/// t6 calls sp, at the endpoint ra; its message is in the registers. gp = 1, t3 to t5 are 0.
lend_to_sp:
    li      s8, kStateAwaitingReply
    ld      s9, kTcbContext(t6)
    sb      s8, kTcbStatus(t6)
    sb      gp, kTcbStatus(sp)                  // 1: Running
    sd      zero, kEndpointReceivers(ra)
    sd      zero, kEndpointReceivers + 8(ra)
    sd      sp, kTcbBorrower(t6)
    sd      sp, kTcbBorrower + 8(t6)            // the answerer
    sd      s9, kTcbContext(sp)
    sd      t6, kTcbContext + 8(sp)             // the lender
    sd      t6, kTcbCaller(sp)
    sd      zero, kTcbCaller + 8(sp)            // what it was blocked on
    sd      sp, kContextRunner(s9)
    switch_to_sp
    leave_with_message

/// s8 = the receiver's status less what it is to be.
call_with_floating_point:
    slliw   s8, s8, 8                           // but for whether its values are live
    bnez    s8, give_up
    switch_floating_point
    j       call_switches

/// An invocation. t0 = the slot of its capability, ra = the first word of that; s0, ra and gp are lost.
call_object:
    andi    gp, ra, 1 << kTagEndpointBit
    bnez    gp, give_up
    message sd, t6
    ld      sp, kCoreStack(tp)
    mv      a2, t6
    mv      a1, t0
    mv      a0, tp
    call    enter_invocation            // (Core, Slot, Tcb) -> Registers to run, or null
    bnez    a0, leave_kernel
    // The same thread, with nothing but its success. C++ has preserved what is not lost above.
    ld      sp, kCoreCurrent(tp)
    release_kernel_lock t3, t4
    ld      s0, kRegisterPc(sp)
    li      a1, kTagSuccess
    csrw    sepc, s0
    li      a2, 0
    li      a3, 0
    li      a4, 0
    li      a5, 0
    li      a6, 0
    li      a7, 0
    li      t1, 0
    li      t2, 0
    li      t3, 0
    li      t4, 0
    li      t5, 0
    li      t6, 0
    ld      s0, kRegisterS0(sp)
    ld      ra, kRegisterRa(sp)
    ld      gp, kRegisterGp(sp)
    ld      t0, kRegisterT0(sp)
    ld      tp, kTcbTls(sp)
    ld      sp, kRegisterSp(sp)
    sret

not_a_call:
    addi    s0, t0, -kReplyRecv
    bnez    s0, neither_call_nor_answer

    try_kernel_lock s0, s1, s2, s3, system_call
    andi    t4, a1, kFlagsMask
    bnez    t4, give_up
    // A caller that has lent its scheduling context, and waits for this answer.
    ld      sp, kTcbCaller(t6)
    ld      s1, kTcbContext + 8(t6)             // the lender
    ld      s4, kTcbBoundNotification(t6)
    bne     s1, sp, give_up
    beqz    sp, give_up
    // No signal for this thread.
    bnez    s4, check_bound_notification
bound_notification_is_idle:
    look_up s1, s2, s3, give_up
    // An endpoint to receive on, where nobody waits.
    not     s3, s2
    andi    s3, s3, 1 << kTagEndpointBit | 1 << kRightReadBit
    bnez    s3, give_up
    andi    s5, s2, ~kTagMask
    ld      s3, kEndpointCallers(s5)
    ld      s4, kEndpointSenders(s5)
    ld      t3, kEndpointReceivers(s5)
    or      s3, s3, s4
    or      t3, t3, s3
    bnez    t3, give_up
    find_translation give_up
    lw      s8, kTcbStatus(sp)
    lbu     s9, kTcbFpLive(t6)
    addi    s8, s8, -kStatusAwaitingReply
    or      s9, s9, s8
    bnez    s9, answer_in_particular

    // No way back. t0 = 1 = Running.
answer_switches:
    sb      t0, kTcbStatus(sp)
    receive_next
    switch_to_sp
    leave_with_message

check_bound_notification:
    // Nor a context that it has lent this one.
    lbu     s3, kNotificationActive(s4)
    ld      s4, kNotificationContext(s4)
    or      s3, s3, s4
    beqz    s3, bound_notification_is_idle
    j       give_up

/// Floating-point values are live here or there, or the caller has a fault. s8 = its status less what it is to be.
answer_in_particular:
    slliw   s8, s8, 8                           // but for whether its values are live
    bnez    s8, answer_fault_or_give_up
    switch_floating_point
    j       answer_switches

neither_call_nor_answer:
    addi    s0, t0, -kSend
    beqz    s0, send_signal
    addi    s0, t0, -kYield
    beqz    s0, yield
    j       system_call

give_up:
    release_known_kernel_lock s0, s1
    j       system_call

#include "kernel/arch/riscv64/fast_fault.inc"
#include "kernel/arch/riscv64/fast_signal.inc"
