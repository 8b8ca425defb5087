// SPDX-License-Identifier: MIT
/// Where threads meet to pass a message.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/object/thread_queue.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

/// Invariant: a receiver waits together with a sender only if that receiver has no scheduling context of its
/// own and the sender lends none: nobody would lend it the time to handle the message. Receivers without a
/// context are behind all others in their queue.
struct alignas(64) Endpoint {
    ThreadQueue callers; ///< threads that call, or whose faults are calls, and that have a context to lend
    ThreadQueue senders; ///< the other threads that send
    ThreadQueue receivers;

    /// Where a preempted cancellation of the sends with `cancel_badge` goes on; null: at the beginning. Never
    /// a thread that is alone in its queue: taking that out has to stay simple.
    Tcb* cancel_at{};
    std::uint64_t cancel_badge{};
};
static_assert(sizeof(Endpoint) == std::size_t{1} << abi::kEndpointBits);

} // namespace kernel
