// SPDX-License-Identifier: MIT
/// Call and ReplyRecv between two threads of which one waits for the other, a signal, of a thread or an interrupt, that
/// nobody waits for or one thread of higher priority, a Yield to nobody, and a fault and its answer, without a step into
/// C++.
///
/// C++ is the specification: `send`, `receive` and `answer_caller` in ipc/rendezvous.cpp, `signal` in ipc/signals.cpp,
/// `raise_fault` and `answer_fault` in ipc/fault.cpp, `Core::yield`, `Core::make_ready`. Each path first checks that
/// nothing applies to this message but what it does itself, and goes to `system_call` with nothing changed otherwise.
/// From its "No way back" on it only stores. docs/adr/0010-the-fast-path.md says what is checked and why that is all.
///
/// The message stays in x1 to x9. x18 is the lock where one path ends in another. Scratch registers are x10 to x18: the
/// system call does not preserve them. A caller's message is not saved, since it is never sent twice. sp = TCB of the
/// running thread, until it is that of the next.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/aarch64/fast_path_macros.inc"
#include "kernel/arch/aarch64/kernel_lock.inc"
#include "kernel/arch/aarch64/short_frame.inc"

    .equ    kFlagsMask, 0xff            // of a message tag (abi/message.hpp)

    .section .text.vectors, "ax"

give_up:
    release_kernel_lock 10, 11, 12
    b       system_call

/// x0 = capability, x1 = tag, x2 to x9 = words; x10 is saved.
    .balign 64
    .global fast_call
fast_call:
    mrs     x10, tpidr_el1
    try_kernel_lock 10, 18, 12, 13, 14, system_call
    tst     x1, #kFlagsMask
    b.ne    give_up
    look_up give_up
    // An endpoint that may be called, with one receiver.
    find_receiver call_object, give_up
    b.ne    call_with_floating_point

    // No way back.
call_switches:
    mov     x0, x12                             // the badge
    save_preserved_registers
    mov     w15, #kStatusAwaitingReply
    strh    w15, [sp, #kTcbStatus]
lend_to_x14:
    mov     x11, sp
    stp     xzr, xzr, [x13, #kEndpointReceivers]
    mov     w17, #kStatusRunning
    ldr     x12, [sp, #kTcbContext]
    strh    w17, [x14, #kTcbStatus]
    stp     x14, x14, [sp, #kTcbBorrower]       // and the answerer
    stp     x12, x11, [x14, #kTcbContext]       // and the lender
    stp     x11, xzr, [x14, #kTcbCaller]        // and what it was blocked on
    str     x14, [x12, #kContextRunner]
    switch_to_x14
    release_known_kernel_lock 18, 15
    load_preserved_registers
    eret

call_with_floating_point:
    and     w15, w15, #~(0xff << 24)
    cmp     w15, #kStatusReceiving
    b.ne    give_up
    switch_floating_point
    b       call_switches

/// An invocation. x15 = the slot of its capability, x11 = the first word of that.
call_object:
    tbnz    w11, #kTagEndpointBit, give_up
    stp     x0, x1, [sp, #kRegisterX0]
    mov     x1, x15
    stp     x2, x3, [sp, #kRegisterX0 + 16]
    stp     x4, x5, [sp, #kRegisterX0 + 32]
    stp     x6, x7, [sp, #kRegisterX0 + 48]
    stp     x8, x9, [sp, #kRegisterX0 + 64]
    save_preserved_registers
    mov     x2, sp
    mov     x0, x10
    ldr     x10, [x10, #kCoreStack]
    mov     sp, x10
    bl      enter_invocation                    // (Core, Slot, Tcb) -> Registers to run, or null
    cbnz    x0, leave_kernel
    // The same thread, with nothing but its success: C++ has preserved what the system call preserves but x30, SP
    // and where it goes on.
    mrs     x10, tpidr_el1
    ldr     x11, [x10, #kCoreCurrent]
    mov     sp, x11
    release_kernel_lock 10, 11, 12
    ldr     x30, [sp, #kRegisterX0 + 240]
    mov     x1, #kTagSuccess
    ldp     x2, x3, [sp, #kTcbQueueNext]
    ldp     x4, x5, [sp, #kTcbQueueNext]
    ldp     x6, x7, [sp, #kTcbQueueNext]
    ldp     x8, x9, [sp, #kTcbQueueNext]
    msr     spsr_el1, xzr
    zero_scratch_registers
    eret

/// x0 = capability to receive on, x1 = tag, x2 to x9 = words of the answer; x10 is saved.
    .balign 64
    .global fast_reply_receive
fast_reply_receive:
    mrs     x10, tpidr_el1
    try_kernel_lock 10, 11, 12, 13, 14, system_call
    tst     x1, #kFlagsMask
    b.ne    give_up
    // A caller that has lent its scheduling context, and waits for this answer.
    ldp     x18, x15, [sp, #kTcbContext]        // and the lender
    ldr     x14, [sp, #kTcbCaller]
    cmp     x14, x15
    b.ne    give_up
    cbz     x14, give_up
    // No signal for this thread.
    ldr     x15, [sp, #kTcbBoundNotification]
    cbnz    x15, check_bound_notification
bound_notification_is_idle:
    look_up give_up
    // An endpoint to receive on, where nobody waits.
    tbz     w11, #kTagEndpointBit, give_up
    tbz     w11, #kRightReadBit, give_up
    and     x13, x11, #~kTagMask
    ldr     x12, [x13, #kEndpointCallers]
    ldr     x15, [x13, #kEndpointSenders]
    ldr     x17, [x13, #kEndpointReceivers]
    orr     x12, x12, x15
    orr     x12, x12, x17
    cbnz    x12, give_up
    find_translation 16, 14, give_up
    ldr     w15, [x14, #kTcbStatus]
    ldrb    w17, [sp, #kTcbFpLive]
    cmp     w15, #kStatusAwaitingReply
    ccmp    w17, #0, #0, eq
    b.ne    answer_in_particular

    // No way back.
answer_switches:
    mov     w12, #kStatusRunning
answer_leaves_status:
    str     x0, [sp, #kRegisterX0]              // for when the thread is suspended, and receives again
    ubfx    x0, x11, #kRightGrantBit, #1
    strb    w0, [sp, #kTcbCallerMayGrant]
    mov     x0, #0                              // an answer has no badge
    strh    w12, [x14, #kTcbStatus]
    save_preserved_registers
    mov     x11, sp
    ldr     x17, [sp, #kTcbOwn]
    mov     w15, #0
    cbz     x17, 1f
    ldrb    w15, [x17, #kContextPriority]
    add     w15, w15, #1
1:  strh    w15, [sp, #kTcbQueuePriority]
    mov     w15, #kStatusReceiving
    stp     x11, x11, [x13, #kEndpointReceivers]
    strh    w15, [sp, #kTcbStatus]
    stp     x17, xzr, [sp, #kTcbContext]        // its own, and no lender
    stp     xzr, x13, [sp, #kTcbCaller]         // none, and what it is blocked on
    stp     xzr, xzr, [x14, #kTcbBorrower]      // and the answerer
    str     x14, [x18, #kContextRunner]
    switch_to_x14
    release_kernel_lock 10, 11, 15
    tbz     w12, #kStatusShortBit, load_all_registers
    load_preserved_registers
    eret

check_bound_notification:
    // Nor a context that it has lent this one.
    ldrb    w17, [x15, #kNotificationActive]
    ldr     x15, [x15, #kNotificationContext]
    orr     x15, x15, x17
    cbz     x15, bound_notification_is_idle
    b       give_up

/// Floating-point values are live here or there, or the caller has a fault. w15 = its status.
answer_in_particular:
    lsr     w12, w15, #16
    cbnz    w12, answer_fault_or_give_up
1:  and     w15, w15, #~(0xff << 24)
    cmp     w15, #kStatusAwaitingReply
    b.ne    give_up
    switch_floating_point
    b       answer_switches

/// A fault whose thread goes on as it is, or at another instruction. w17 = whether this thread's values are live.
answer_fault_or_give_up:
    tst     w12, #0xff
    b.eq    1b
    cbnz    w17, give_up
    lsr     x17, x1, #kTagLabelShift
    cbnz    x17, give_up
    cmp     w12, #kFaultVirtualMemory
    b.eq    2f
    cmp     w12, #kFaultUserException
    b.ne    give_up
    ubfx    w12, w1, #kTagLengthShift, #4
    cmp     w12, #1
    b.ne    give_up
    str     x2, [x14, #kRegisterPc]
2:  strb    wzr, [x14, #kTcbFault]
    mov     w12, #kStateRunning                 // with a full frame
    b       answer_leaves_status

/// A fault, for which the thread calls its handler. All registers are saved; x10 = Core.
    .global fast_exception
fast_exception:
    try_kernel_lock 10, 18, 12, 13, 14, exception_is_saved
    ldp     x11, x0, [sp, #kTcbFaultEndpoint]   // x0: the badge
    find_receiver exception_gives_up, exception_gives_up
    b.ne    exception_gives_up
    ldr     x11, [sp, #kTcbCaller]
    cbnz    x11, server_faults
3:  mrs     x17, esr_el1
    mrs     x2, elr_el1
    and     x5, x17, #kSyndromeCode
    lsr     w15, w17, #kSyndromeClassShift
    mov     x6, #0
    mov     x7, #0
    mov     x8, #0
    mov     x9, #0
    cbz     w15, undefined_instruction
    mrs     x3, far_el1
    cmp     w15, #kClassInstructionAbort
    b.eq    instruction_abort
    cmp     w15, #kClassDataAbort
    b.ne    exception_gives_up
    and     w4, w17, #kSyndromeWrite
    tst     w17, #kSyndromeCacheMaintenance
    lsr     w4, w4, #kSyndromeWriteBit
    csel    w4, w4, wzr, eq
1:  mov     w15, #kFaultVirtualMemory
    mov     w1, #kTagVirtualMemory
2:  mov     w17, #kStateAwaitingReply           // with a full frame
    strb    w15, [sp, #kTcbFault]
    strh    w17, [sp, #kTcbStatus]
    b       lend_to_x14

instruction_abort:
    mov     w4, #kAccessInstruction
    b       1b

undefined_instruction:
    mrs     x6, spsr_el1
    mov     x4, x5
    mrs     x5, sp_el0
    mov     x3, #0                              // its class
    mov     w15, #kFaultUserException
    mov     w1, #kTagUserException
    b       2b

/// That of a handler may be too deep. x11 = whom the thread has to answer.
server_faults:
    ldrb    w11, [x11, #kTcbFault]
    cbz     w11, 3b
exception_gives_up:
    release_kernel_lock 10, 11, 12
    b       exception_is_saved

#include "kernel/arch/aarch64/fast_signal.inc"
