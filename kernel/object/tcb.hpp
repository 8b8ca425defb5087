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

/// Made of zeroed memory. The first members are read by entry code in assembly: see `tcb_offset`.
struct alignas(64) Tcb {
    enum SlotIndex : std::size_t { kCSpace, kVSpace, kFaultEndpoint, kSlotCount };

    arch::Registers registers;
    std::uint64_t tls;
    alignas(64) std::array<Slot, kSlotCount> slots; ///< aligned as an object: a zombie refers to them

    // Scheduling; see SchedContext for the chain.
    SchedContext* context; ///< what the thread runs on; null: nothing
    SchedContext* own;     ///< bound to it
    Tcb* lender;           ///< who lent `context`, if it is not `own`
    Tcb* borrower;         ///< to whom `context` is lent

    // Rendezvous. The queue is one of the object's that the state says; `blocked_on` is its address.
    Tcb* queue_next;
    Tcb* queue_previous;
    std::uint64_t blocked_on;
    std::uint64_t sent_badge;
    Tcb* caller;   ///< whom this thread has to answer; it waits for a reply
    Tcb* answerer; ///< while waiting for a reply: the thread whose `caller` this is; otherwise null
    Reply* reply;  ///< or the object that holds this thread; otherwise null
    Notification* bound_notification;
    ThreadState state;
    std::uint16_t queue_priority; ///< 0 without a context, otherwise one more than the context's
    Message sends;                ///< Sending: how
    bool may_grant;               ///< Sending: may attach a capability. Receiving: the answer to a call may
    bool caller_may_grant;        ///< the answer to `caller` may carry a capability
    bool fp_disabled;
    std::uint8_t receive_depth;
    abi::FaultKind fault; ///< Sending, AwaitingReply: the fault that the kernel calls for; 0: none
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

/// For entry code; it checks its own numbers against these.
namespace tcb_offset {
inline constexpr std::size_t kRegisters = offsetof(Tcb, registers);
inline constexpr std::size_t kTls = offsetof(Tcb, tls);
/// The reference word of the address space's capability: its address and, in the low bits, its tag.
inline constexpr std::size_t kVSpace = offsetof(Tcb, slots) + Tcb::kVSpace * sizeof(Slot);
} // namespace tcb_offset
static_assert(tcb_offset::kRegisters == 0);

} // namespace kernel
