// SPDX-License-Identifier: MIT
#include "kernel/object/thread_queue.hpp"

#include "kernel/object/tcb.hpp"

namespace kernel {

void ThreadQueue::insert(Tcb& thread, std::uint8_t priority) {
    thread.queue_priority = priority;
    Tcb* after = last_;
    while (after != nullptr && after->queue_priority < priority) {
        after = after->queue_previous;
    }
    Tcb* const before = after == nullptr ? first_ : after->queue_next;
    thread.queue_previous = after;
    thread.queue_next = before;
    (after == nullptr ? first_ : after->queue_next) = &thread;
    (before == nullptr ? last_ : before->queue_previous) = &thread;
}

void ThreadQueue::remove(Tcb& thread) {
    (thread.queue_previous == nullptr ? first_ : thread.queue_previous->queue_next) = thread.queue_next;
    (thread.queue_next == nullptr ? last_ : thread.queue_next->queue_previous) = thread.queue_previous;
    thread.queue_previous = nullptr;
    thread.queue_next = nullptr;
}

auto ThreadQueue::pop() -> Tcb& {
    auto& thread = *first_;
    remove(thread);
    return thread;
}

} // namespace kernel
