// SPDX-License-Identifier: MIT
/// The right to use a core: a priority, a budget, and the thread that uses it now.
#pragma once

#include "kernel/abi/object.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

struct Notification;
struct Tcb;

/// A call lends the context: `owner -> borrower -> ... -> runner` is a chain through `Tcb::borrower`, and
/// every thread of it has this context as `Tcb::context`. All but the runner wait for a reply. Invariants: no
/// owner, no runner. While the owner itself runs on a borrowed context, it is also the runner and this
/// context is idle.
///
/// A context with a home is lent in another way: it is bound to the thread that a signal on its home wakes,
/// and unbound when that waits for the next one.
struct alignas(64) SchedContext {
    enum class State : std::uint8_t {
        Idle,         ///< nothing to run
        Chosen,       ///< the core is charging it for the time that passes
        Ready,        ///< in the run queue of its core
        Replenishing, ///< out of budget, in the core's queue of those, whether its runner can run or not
    };

    Tcb* owner;
    Tcb* runner;
    SchedContext* queue_next;
    SchedContext* queue_previous;
    std::uint64_t budget;       ///< ticks; 0: never configured, cannot run
    std::uint64_t period;       ///< ticks; 0: round robin
    std::uint64_t remaining;    ///< of the budget
    std::uint64_t replenish_at; ///< when the budget is full again; with a period only
    std::uint64_t consumed;     ///< since it was last asked
    std::uint64_t badge;
    Notification* home;
    std::uint8_t priority;
    std::uint8_t core;
    State state;
    std::uint8_t heap_rank;    ///< Replenishing: see ReplenishQueue
    SchedContext* heap_parent; ///< Replenishing
};
static_assert(sizeof(SchedContext) == std::size_t{1} << abi::kSchedContextBits);

} // namespace kernel
