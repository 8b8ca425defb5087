// SPDX-License-Identifier: MIT
/// Which queue of which object a thread waits in, by its state.
#pragma once

#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/object/thread_queue.hpp"

#include <cstdint>

namespace kernel::wait_queue {

/// The priority that a thread waits with: its context's.
[[nodiscard]] inline auto priority(Tcb const& thread) -> std::uint8_t {
    return thread.context == nullptr ? std::uint8_t{0} : thread.context->priority;
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

/// Its priority has changed: finds its place anew, if it waits.
void reorder(Tcb& thread);

} // namespace kernel::wait_queue
