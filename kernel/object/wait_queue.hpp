// SPDX-License-Identifier: MIT
/// Which queue of which object a thread waits in, by its state, and where in it, by its context.
#pragma once

#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/thread_queue.hpp"

#include <cstdint>

namespace kernel::wait_queue {

/// The priority that a thread waits with: by its context. Those without one come after all others.
[[nodiscard]] inline auto priority(Tcb const& thread) -> std::uint16_t {
    return thread.context == nullptr ? std::uint16_t{0}
                                     : static_cast<std::uint16_t>(thread.context->priority + 1U);
}

/// Puts `thread` into a queue of the endpoint or notification `object`: the one that its state, set before,
/// says.
inline void enter(Tcb& thread, void* object, ThreadQueue& queue) {
    thread.blocked_on = reinterpret_cast<std::uint64_t>(object);
    queue.insert(thread, priority(thread));
}

/// Takes it out of the queue that it is in.
inline void leave(Tcb& thread, ThreadQueue& queue) {
    queue.remove(thread);
    thread.blocked_on = 0;
}
/// The same for whichever queue that is. Pre: it is Receiving, Sending or Waiting.
void leave(Tcb& thread);

/// It has another context now, or none, or its context has another priority: finds its queue and its place in
/// it anew. Who may be its partner then is left to find for the caller of this. Pre: it waits.
void find_place(Tcb& thread);
/// The same for a thread that perhaps does not wait.
inline void reorder(Tcb& thread) {
    if (thread.blocked_on != 0) [[unlikely]] {
        find_place(thread);
    }
}

} // namespace kernel::wait_queue
