// SPDX-License-Identifier: MIT
/// A thread.
#pragma once

#include "base/assert.hpp"
#include "kernel/abi/fault.hpp"
#include "kernel/abi/message.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/cap/slot.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel {

struct Notification;
struct Reply;
struct SchedContext;
struct VSpace;

/// The values are those of `Tcb.state`. A running thread is on a core, or ready when its scheduling context
/// is.
enum class ThreadState : std::uint8_t {
    Inactive = 0,
    Running = 1,
    Receiving = 2,
    Sending = 3, ///< also a call that no receiver has taken yet
    AwaitingReply = 4,
    Waiting = 5, ///< on a notification
    Faulted = 6, ///< stopped by a fault that nobody handles
};

/// How a thread sends, and so in which queue of an endpoint it waits.
enum class Message : std::uint8_t {
    OneWay = 0,  ///< expects no answer
    Request = 1, ///< expects an answer, and has no context to lend
    Call = 2,    ///< expects an answer, and lends its context for it
};

/// What of the registers is in the TCB while a thread does not run.
enum class FrameKind : std::uint8_t {
    Full = 0,  ///< all of them
    Short = 1, ///< those that a system call preserves or answers with; its scratch registers are to be zero
};

/// The states that may come before `next`, as bits: only a running thread blocks, only a sender or a running
/// thread becomes a caller, and everything can be woken or stopped.
[[nodiscard]] constexpr auto predecessors(ThreadState next) -> unsigned {
    constexpr auto kBit = [](ThreadState state) { return 1U << static_cast<unsigned>(state); };
    switch (next) {
    case ThreadState::Receiving:
    case ThreadState::Sending:
    case ThreadState::Waiting: return kBit(ThreadState::Running);
    case ThreadState::AwaitingReply: return kBit(ThreadState::Running) | kBit(ThreadState::Sending);
    default: return ~0U;
    }
}

/// Made of zeroed memory. Entry code in assembly works on it too: entry/offsets.cpp says on
/// which members. Those it stores two at a time are neighbours.
struct alignas(64) Tcb {
    enum SlotIndex : std::size_t { kCSpace, kVSpace, kFaultEndpoint, kTimeoutEndpoint, kSlotCount };

    arch::Registers registers;
    std::uint64_t tls;
    alignas(64) std::array<Slot, kSlotCount> slots; ///< aligned as an object: a zombie refers to them

    // Scheduling; see SchedContext for the chain.
    SchedContext* context; ///< what the thread runs on; null: nothing
    Tcb* lender;           ///< who lent `context`, if it is not `own`
    SchedContext* own;     ///< bound to it
    Tcb* borrower;         ///< to whom `context` is lent

    // Rendezvous. The queue is one of the object's that the state says; `blocked_on` is its address.
    Tcb* answerer; ///< while waiting for a reply: the thread whose `caller` this is; otherwise null
    Tcb* caller;   ///< whom this thread has to answer; it waits for a reply
    std::uint64_t blocked_on;
    Tcb* queue_next;
    Tcb* queue_previous;
    std::uint64_t sent_badge;
    Reply* reply; ///< while waiting for a reply: the object that holds this thread, if no thread does
    Notification* bound_notification;
    // The fast path compares the next four as one word.
    ThreadState state;
    FrameKind frame;
    abi::FaultKind fault; ///< Sending, AwaitingReply: the fault that the kernel calls for; 0: none
    bool fp_live;         ///< its floating-point values are in the registers of some core: see Core::fp_owner
    std::uint16_t queue_priority; ///< 0 without a context, otherwise one more than the context's
    Message sends;                ///< Sending: how
    bool may_grant;               ///< Sending: may attach a capability
    bool caller_may_grant; ///< the answer to `caller`, or to the call that a receiver gets, may carry one
    bool fp_disabled;
    std::uint8_t receive_depth;
    std::array<std::uint64_t, 3> fault_details;

    // Where an arriving capability goes.
    abi::CPtr receive_root; ///< null: nowhere
    std::uint64_t receive_index;

    // In the queue, if this is the first thread of its priority: the first ones of the next priorities.
    Tcb* level_next;
    Tcb* level_previous;

    alignas(16) arch::FloatingPoint::State floating_point;

    /// The one way to change the state.
    void become(ThreadState next) {
        ASSERT((predecessors(next) >> static_cast<unsigned>(state) & 1U) != 0);
        state = next;
    }

    /// To be called before scratch registers are looked at or written; they are zero in a system call.
    void complete_frame() {
        if (frame == FrameKind::Short) {
            registers.clear_scratch();
            frame = FrameKind::Full;
        }
    }

    /// Its address space; null: none, every access faults.
    [[nodiscard]] auto vspace() const -> VSpace* {
        return reinterpret_cast<VSpace*>(slots[kVSpace].capability().address());
    }
    [[nodiscard]] auto cspace() const -> Capability { return slots[kCSpace].capability(); }
    [[nodiscard]] auto program_counter() -> std::uint64_t& {
        return registers.values[arch::Registers::kProgramCounter];
    }
    [[nodiscard]] auto has_fault() const -> bool { return fault != abi::FaultKind{}; }
};
static_assert(sizeof(Tcb) <= std::size_t{1} << abi::kTcbBits);
static_assert(std::is_standard_layout_v<Tcb>);

static_assert(offsetof(Tcb, registers) == 0);

} // namespace kernel
