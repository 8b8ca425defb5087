// SPDX-License-Identifier: MIT
#include "kernel/object/thread_queue.hpp"

namespace kernel {

void ThreadQueue::insert_by_priority(Tcb& thread) {
    Tcb* after = last_;
    while (after != nullptr && after->queue_priority < thread.queue_priority) {
        after = after->queue_previous;
    }
    Tcb* const before = after == nullptr ? first_ : after->queue_next;
    thread.queue_previous = after;
    thread.queue_next = before;
    (after == nullptr ? first_ : after->queue_next) = &thread;
    (before == nullptr ? last_ : before->queue_previous) = &thread;
}

} // namespace kernel
