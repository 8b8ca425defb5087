// SPDX-License-Identifier: MIT
/// Numbers that entry code in assembly shares with C++. This file is compiled to assembly and not further:
/// the build takes the `.equ` lines out of it into generated/kernel/offsets.inc.
#include "kernel/abi/fault.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/abi/syscall.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/cap/capability.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/vspace.hpp"
#include "kernel/sched/core.hpp"

#include <array>
#include <bit>

namespace kernel {
namespace {

constexpr auto slot_offset(Tcb::SlotIndex index) -> std::size_t {
    return offsetof(Tcb, slots) + index * sizeof(Slot);
}
/// The word with a thread's state, its frame kind, its fault and whether its floating-point values are live.
constexpr auto status(ThreadState state) -> std::uint32_t {
    return static_cast<std::uint32_t>(state) | static_cast<std::uint32_t>(FrameKind::Short) << 8U;
}
constexpr auto tag(abi::ObjectType type) -> std::uint64_t { return Capability::of(type, 0).reference(); }

constexpr auto fault_tag(abi::FaultKind kind, std::size_t length) -> std::uint64_t {
    return abi::MessageTag{static_cast<std::uint64_t>(kind), length, abi::MessageTag::kFault}.raw();
}

/// What tells endpoints from all other tags.
constexpr auto kEndpointBit = std::countr_zero(Capability::kEndpointTag & ~Capability::kNotificationTag);
static_assert(Capability::kZombieTag >> kEndpointBit == 0);
static_assert(tag(abi::ObjectType::DebugConsole) >> kEndpointBit == 0, "the last type");

/// Bit r is set if an endpoint capability with rights r may be called.
constexpr auto callable_tags() -> unsigned {
    auto tags = 0U;
    for (auto rights = 0U; rights <= abi::rights::kAll; ++rights) {
        auto const may_answer = (rights & (abi::rights::kGrant | abi::rights::kGrantReply)) != 0;
        if ((rights & abi::rights::kWrite) != 0 && may_answer) {
            tags |= 1U << rights;
        }
    }
    return tags;
}

static_assert(std::bit_cast<std::array<std::uint64_t, 2>>(Capability{1, 2}) ==
                  std::array<std::uint64_t, 2>{1, 2},
              "a slot begins with the reference, then the data");
// What is stored two at a time.
static_assert(offsetof(Tcb, lender) == offsetof(Tcb, context) + 8);
static_assert(offsetof(Tcb, answerer) == offsetof(Tcb, borrower) + 8);
static_assert(offsetof(Tcb, blocked_on) == offsetof(Tcb, caller) + 8);
static_assert(offsetof(Tcb, queue_previous) == offsetof(Tcb, queue_next) + 8);
static_assert(offsetof(SchedContext, queue_previous) == offsetof(SchedContext, queue_next) + 8);
static_assert(offsetof(SchedContext, remaining) == offsetof(SchedContext, period) + 8);
static_assert(ThreadQueueOffsets::kLast == ThreadQueueOffsets::kFirst + 8);
// What is compared, or stored, at once.
static_assert(offsetof(SchedContext, core) == offsetof(SchedContext, priority) + 1 &&
              offsetof(SchedContext, state) == offsetof(SchedContext, priority) + 2 &&
              static_cast<unsigned>(SchedContext::State::Idle) == 0);
static_assert(offsetof(Tcb, frame) == offsetof(Tcb, state) + 1 &&
              offsetof(Tcb, fault) == offsetof(Tcb, state) + 2 &&
              offsetof(Tcb, fp_live) == offsetof(Tcb, state) + 3);

[[gnu::used]] void offsets() {
    // An `asm` without instructions, for the sake of what the compiler prints in place of its operand.
    asm volatile(".equ kTcbTls, %0" ::"i"(offsetof(Tcb, tls)));
    asm volatile(".equ kTcbCSpace, %0" ::"i"(slot_offset(Tcb::kCSpace)));
    asm volatile(".equ kTcbVSpace, %0" ::"i"(slot_offset(Tcb::kVSpace)));
    asm volatile(".equ kTcbContext, %0" ::"i"(offsetof(Tcb, context)));
    asm volatile(".equ kTcbOwn, %0" ::"i"(offsetof(Tcb, own)));
    asm volatile(".equ kTcbBorrower, %0" ::"i"(offsetof(Tcb, borrower)));
    asm volatile(".equ kTcbCaller, %0" ::"i"(offsetof(Tcb, caller)));
    asm volatile(".equ kTcbBlockedOn, %0" ::"i"(offsetof(Tcb, blocked_on)));
    asm volatile(".equ kTcbQueueNext, %0" ::"i"(offsetof(Tcb, queue_next)));
    asm volatile(".equ kTcbBoundNotification, %0" ::"i"(offsetof(Tcb, bound_notification)));
    asm volatile(".equ kTcbStatus, %0" ::"i"(offsetof(Tcb, state)));
    asm volatile(".equ kTcbFault, %0" ::"i"(offsetof(Tcb, fault)));
    asm volatile(".equ kTcbFaultEndpoint, %0" ::"i"(slot_offset(Tcb::kFaultEndpoint)));
    asm volatile(".equ kTcbFrame, %0" ::"i"(offsetof(Tcb, frame)));
    asm volatile(".equ kTcbFpLive, %0" ::"i"(offsetof(Tcb, fp_live)));
    asm volatile(".equ kTcbQueuePriority, %0" ::"i"(offsetof(Tcb, queue_priority)));
    asm volatile(".equ kTcbCallerMayGrant, %0" ::"i"(offsetof(Tcb, caller_may_grant)));
    asm volatile(".equ kContextRunner, %0" ::"i"(offsetof(SchedContext, runner)));
    asm volatile(".equ kContextPriority, %0" ::"i"(offsetof(SchedContext, priority)));
    asm volatile(".equ kContextCore, %0" ::"i"(offsetof(SchedContext, core)));
    asm volatile(".equ kContextState, %0" ::"i"(offsetof(SchedContext, state)));
    asm volatile(".equ kContextPeriod, %0" ::"i"(offsetof(SchedContext, period)));
    asm volatile(".equ kContextRemaining, %0" ::"i"(offsetof(SchedContext, remaining)));
    asm volatile(".equ kContextReplenishAt, %0" ::"i"(offsetof(SchedContext, replenish_at)));
    asm volatile(".equ kContextConsumed, %0" ::"i"(offsetof(SchedContext, consumed)));
    asm volatile(".equ kContextQueueNext, %0" ::"i"(offsetof(SchedContext, queue_next)));
    asm volatile(".equ kContextQueuePrevious, %0" ::"i"(offsetof(SchedContext, queue_previous)));
    asm volatile(".equ kEndpointCallers, %0" ::"i"(offsetof(Endpoint, callers) + ThreadQueueOffsets::kFirst));
    asm volatile(".equ kEndpointSenders, %0" ::"i"(offsetof(Endpoint, senders) + ThreadQueueOffsets::kFirst));
    asm volatile(
        ".equ kEndpointReceivers, %0" ::"i"(offsetof(Endpoint, receivers) + ThreadQueueOffsets::kFirst));
    asm volatile(
        ".equ kNotificationWaiters, %0" ::"i"(offsetof(Notification, waiters) + ThreadQueueOffsets::kFirst));
    asm volatile(".equ kNotificationWord, %0" ::"i"(offsetof(Notification, word)));
    asm volatile(".equ kNotificationBound, %0" ::"i"(offsetof(Notification, bound)));
    asm volatile(".equ kNotificationActive, %0" ::"i"(offsetof(Notification, active)));
    asm volatile(".equ kNotificationContext, %0" ::"i"(offsetof(Notification, context)));
    asm volatile(".equ kVSpaceSpace, %0" ::"i"(offsetof(VSpace, space)));
    asm volatile(".equ kCoreCurrent, %0" ::"i"(CoreOffsets::kCurrent));
    asm volatile(".equ kCoreStack, %0" ::"i"(CoreOffsets::kKernelStack));
    asm volatile(".equ kCoreFpOwner, %0" ::"i"(CoreOffsets::kFpOwner));
    asm volatile(".equ kCoreRunning, %0" ::"i"(CoreOffsets::kRunning));
    asm volatile(".equ kCoreHighest, %0" ::"i"(CoreOffsets::kHighest));
    asm volatile(".equ kCoreNumber, %0" ::"i"(CoreOffsets::kNumber));
    asm volatile(".equ kCoreRunningSince, %0" ::"i"(CoreOffsets::kRunningSince));
    asm volatile(".equ kCoreReplenishing, %0" ::"i"(CoreOffsets::kReplenishing));
    asm volatile(".equ kCoreOccupiedWords, %0" ::"i"(CoreOffsets::kOccupiedWords));
    asm volatile(".equ kCoreOccupied, %0" ::"i"(CoreOffsets::kOccupied));
    asm volatile(".equ kCoreLists, %0" ::"i"(CoreOffsets::kLists));
    asm volatile(".equ kCoreLock, %0" ::"i"(CoreOffsets::kLock));
    asm volatile(".equ kCoreEntryData, %0" ::"i"(CoreOffsets::kEntryData));
    asm volatile(".equ kCoreEntryScratch, %0" ::"i"(CoreOffsets::kEntryScratch));
    asm volatile(".equ kEnteredByTrap, %0" ::"i"(Core::Entry::Trap));
    asm volatile(".equ kEnteredBySystemCall, %0" ::"i"(Core::Entry::SystemCall));
}

[[gnu::used]] void constants() {
    // The same for numbers that are no offsets.
    asm volatile(".equ kStatusRunning, %0" ::"i"(status(ThreadState::Running)));
    asm volatile(".equ kStatusReceiving, %0" ::"i"(status(ThreadState::Receiving)));
    asm volatile(".equ kStatusAwaitingReply, %0" ::"i"(status(ThreadState::AwaitingReply)));
    asm volatile(".equ kStatusWaiting, %0" ::"i"(status(ThreadState::Waiting)));
    asm volatile(".equ kContextReady, %0" ::"i"(SchedContext::State::Ready));
    asm volatile(".equ kContextChosen, %0" ::"i"(SchedContext::State::Chosen));
    asm volatile(
        ".equ kTagNotification, %0" ::"i"(abi::MessageTag{0, 0, abi::MessageTag::kNotification}.raw()));
    asm volatile(".equ kStatusShortBit, %0" ::"i"(8));
    asm volatile(".equ kFrameFull, %0" ::"i"(FrameKind::Full));
    asm volatile(".equ kFrameShort, %0" ::"i"(FrameKind::Short));
    asm volatile(".equ kStateRunning, %0" ::"i"(ThreadState::Running));
    asm volatile(".equ kStateReceiving, %0" ::"i"(ThreadState::Receiving));
    asm volatile(".equ kStateAwaitingReply, %0" ::"i"(ThreadState::AwaitingReply));
    asm volatile(".equ kFaultVirtualMemory, %0" ::"i"(abi::FaultKind::VirtualMemory));
    asm volatile(".equ kFaultUserException, %0" ::"i"(abi::FaultKind::UserException));
    asm volatile(".equ kTagVirtualMemory, %0" ::"i"(fault_tag(abi::FaultKind::VirtualMemory, 4)));
    asm volatile(".equ kTagUserException, %0" ::"i"(fault_tag(abi::FaultKind::UserException, 5)));
    asm volatile(".equ kAccessWrite, %0" ::"i"(abi::fault_access::kWrite));
    asm volatile(".equ kAccessInstruction, %0" ::"i"(abi::fault_access::kInstruction));
    asm volatile(".equ kTagLabelShift, %0" ::"i"(std::countr_zero(abi::MessageTag{1, 0}.raw())));
    asm volatile(".equ kTagLengthShift, %0" ::"i"(std::countr_zero(abi::MessageTag{0, 1}.raw())));
    asm volatile(".equ kTagSuccess, %0" ::"i"(abi::MessageTag{0, 0, abi::MessageTag::kKernel}.raw()));
    asm volatile(".equ kTagBits, %0" ::"i"(Capability::kTagBits));
    asm volatile(".equ kTagCNode, %0" ::"i"(tag(abi::ObjectType::CNode)));
    asm volatile(".equ kTagVSpace, %0" ::"i"(tag(abi::ObjectType::VSpace)));
    asm volatile(".equ kTagNotificationBit, %0" ::"i"(std::countr_zero(Capability::kNotificationTag)));
    asm volatile(".equ kTagEndpointBit, %0" ::"i"(kEndpointBit));
    asm volatile(".equ kCallableTags, %0" ::"i"(callable_tags()));
    asm volatile(".equ kRightReadBit, %0" ::"i"(std::countr_zero(abi::rights::kRead)));
    asm volatile(".equ kRightWriteBit, %0" ::"i"(std::countr_zero(abi::rights::kWrite)));
    asm volatile(".equ kRightGrantBit, %0" ::"i"(std::countr_zero(abi::rights::kGrant)));
    asm volatile(".equ kSlotBits, %0" ::"i"(abi::kSlotBits));
    asm volatile(".equ kCall, %0" ::"i"(abi::Syscall::Call));
    asm volatile(".equ kSend, %0" ::"i"(abi::Syscall::Send));
    asm volatile(".equ kYield, %0" ::"i"(abi::Syscall::Yield));
    asm volatile(".equ kReplyRecv, %0" ::"i"(abi::Syscall::ReplyRecv));
}

} // namespace
} // namespace kernel
