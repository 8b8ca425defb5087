// SPDX-License-Identifier: MIT
/// A word of bits that signals set and a waiter takes.
#pragma once

#include "kernel/abi/object.hpp"
#include "kernel/object/thread_queue.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

struct SchedContext;
struct Tcb;

/// Invariant: nobody waits while it is active.
struct alignas(64) Notification {
    ThreadQueue waiters;
    std::uint64_t word{};    ///< the badges of the signals that nobody took yet
    Tcb* bound{};            ///< the thread that is woken while it receives on an endpoint
    SchedContext* context{}; ///< lent to a thread without one that is woken; see `SchedContext::home`
    bool active{};           ///< was signalled; a signal without a badge adds nothing to the word
};
static_assert(sizeof(Notification) == std::size_t{1} << abi::kNotificationBits);

} // namespace kernel
