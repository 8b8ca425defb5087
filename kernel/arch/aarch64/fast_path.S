// SPDX-License-Identifier: MIT
/// Call and ReplyRecv between two threads of which one waits for the other, without a step into C++.
///
/// C++ is the specification: `send`, `receive` and `answer_caller` in ipc/rendezvous.cpp. Each path first checks that
/// nothing applies to this message but what it does itself, and goes to `system_call` with nothing changed otherwise.
/// From its "No way back" on it only stores. docs/adr/0010-the-fast-path.md says what is checked and why that is all.
///
/// The message stays in x1 to x9. Scratch registers are x10 to x18: the system call does not preserve them. A caller's
/// message is not saved, since it is never sent twice. sp = TCB of the running thread, until it is that of the next.

#include "generated/kernel/offsets.inc"
#include "kernel/arch/aarch64/kernel_lock.inc"
#include "kernel/arch/aarch64/short_frame.inc"

    .equ    kTagMask, (1 << kTagBits) - 1
    .equ    kFlagsMask, 0xff            // of a message tag (abi/message.hpp)

    .section .text.vectors, "ax"

/// The slot that x0 names in the thread's CSpace, if its root alone resolves that: loads the words of its capability.
/// x11 and x12 are the answer; x13 is lost.
.macro look_up otherwise
    ldp     x11, x12, [sp, #kTcbCSpace]
    lsr     x13, x0, x12                        // by the radix: the guard, which is to be zero
    eor     x11, x11, #kTagCNode
    orr     x13, x13, x12, lsr #6               // guard and bits left of the root
    orr     x13, x13, x11, lsl #(64 - kTagBits) // not a CNode
    cbnz    x13, \otherwise
    add     x11, x11, x0, lsl #kSlotBits
    ldp     x11, x12, [x11]
.endm

/// The translation of the address space of \thread, if it has an ASID.
.macro find_translation to, thread, otherwise
    ldr     x\to, [x\thread, #kTcbVSpace]
    cbz     x\to, \otherwise
    ldr     x\to, [x\to, #kVSpaceSpace + kAddressSpaceTranslation - kTagVSpace]
    cbz     x\to, \otherwise
.endm

/// Goes on as the thread x14, whose registers x0 to x9 are loaded. x10 = Core, x16 = its translation.
.macro leave_as_x14
    str     x14, [x10, #kCoreCurrent]
    msr     ttbr0_el1, x16
    mov     sp, x14
    ldr     x17, [sp, #kTcbTls]
    msr     tpidr_el0, x17
    release_kernel_lock 10, 11, 12
    load_preserved_registers
    eret
.endm

/// The unit is on for its owner alone. x10 = Core, x14 = the thread that goes on; x15 and x17 are lost.
.macro switch_floating_point
    ldr     x15, [x10, #kCoreFpOwner]
    mov     w17, #kTrapUser
    cmp     x15, x14
    mov     w15, #kTrapNone
    csel    x17, x15, x17, eq
    msr     cpacr_el1, x17
.endm

give_up:
    release_kernel_lock 10, 11, 12
    b       system_call

/// x0 = capability, x1 = tag, x2 to x9 = words; x10 is saved.
    .balign 64
    .global fast_call
fast_call:
    mrs     x10, tpidr_el1
    try_kernel_lock 10, 11, 12, 13, 14, system_call
    tst     x1, #kFlagsMask
    b.ne    give_up
    look_up give_up
    // An endpoint that may be called.
    mov     w13, #(kCallableTags << 16)
    lsr     w13, w13, w11                       // by the tag: the lower five bits
    tbz     w13, #0, give_up
    and     x13, x11, #~kTagMask
    // Just one receiver.
    ldr     x14, [x13, #kEndpointReceivers]
    cbz     x14, give_up
    ldr     x15, [x14, #kTcbQueueNext]
    cbnz    x15, give_up
    find_translation 16, 14, give_up
    ldr     w15, [x14, #kTcbStatus]
    ldrb    w17, [sp, #kTcbFpLive]
    cmp     w15, #kStatusReceiving
    ccmp    w17, #0, #0, eq
    b.ne    call_with_floating_point

    // No way back.
call_switches:
    mov     x0, x12                             // the badge
    save_preserved_registers
    mov     x11, sp
    stp     xzr, xzr, [x13, #kEndpointReceivers]
    mov     w15, #kStatusAwaitingReply
    mov     w17, #kStatusRunning
    ldr     x18, [sp, #kTcbContext]
    strh    w15, [sp, #kTcbStatus]
    strh    w17, [x14, #kTcbStatus]
    stp     x14, x14, [sp, #kTcbBorrower]       // and the answerer
    stp     x18, x11, [x14, #kTcbContext]       // and the lender
    stp     x11, xzr, [x14, #kTcbCaller]        // and what it was blocked on
    str     x14, [x18, #kContextRunner]
    leave_as_x14

call_with_floating_point:
    and     w15, w15, #~(0xff << 24)
    cmp     w15, #kStatusReceiving
    b.ne    give_up
    switch_floating_point
    b       call_switches

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
    b.ne    answer_with_floating_point

    // No way back.
answer_switches:
    str     x0, [sp, #kRegisterX0]              // for when the thread is suspended, and receives again
    ubfx    x0, x11, #kRightGrantBit, #1
    strb    w0, [sp, #kTcbCallerMayGrant]
    mov     x0, #0                              // an answer has no badge
    save_preserved_registers
    mov     x11, sp
    ldr     x17, [sp, #kTcbOwn]
    mov     w15, #0
    cbz     x17, 1f
    ldrb    w15, [x17, #kContextPriority]
    add     w15, w15, #1
1:  strh    w15, [sp, #kTcbQueuePriority]
    mov     w15, #kStatusReceiving
    mov     w12, #kStatusRunning
    stp     x11, x11, [x13, #kEndpointReceivers]
    strh    w15, [sp, #kTcbStatus]
    strh    w12, [x14, #kTcbStatus]
    stp     x17, xzr, [sp, #kTcbContext]        // its own, and no lender
    stp     xzr, x13, [sp, #kTcbCaller]         // none, and what it is blocked on
    stp     xzr, xzr, [x14, #kTcbBorrower]      // and the answerer
    str     x14, [x18, #kContextRunner]
    leave_as_x14

check_bound_notification:
    // Nor a context that it has lent this one.
    ldrb    w17, [x15, #kNotificationActive]
    ldr     x15, [x15, #kNotificationContext]
    orr     x15, x15, x17
    cbz     x15, bound_notification_is_idle
    b       give_up

answer_with_floating_point:
    and     w15, w15, #~(0xff << 24)
    cmp     w15, #kStatusAwaitingReply
    b.ne    give_up
    switch_floating_point
    b       answer_switches
