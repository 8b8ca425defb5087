// SPDX-License-Identifier: MIT
#include "kernel/object/thread_queue.hpp"

#include "kernel/object/endpoint.hpp"

namespace kernel {
namespace {

auto same_level(Tcb const* one, Tcb const& other) -> bool {
    return one != nullptr && one->queue_priority == other.queue_priority;
}

void link_levels(Tcb* higher, Tcb* lower) {
    if (higher != nullptr) {
        higher->level_next = lower;
    }
    if (lower != nullptr) {
        lower->level_previous = higher;
    }
}

} // namespace

void ThreadQueue::insert_among_others(Tcb& thread) {
    Tcb* level = nullptr;
    Tcb* before = first_;
    while (before != nullptr && before->queue_priority >= thread.queue_priority) {
        level = before;
        before = before->level_next;
    }
    Tcb* const after = before == nullptr ? last_ : before->queue_previous;
    thread.queue_previous = after;
    thread.queue_next = before;
    (after == nullptr ? first_ : after->queue_next) = &thread;
    (before == nullptr ? last_ : before->queue_previous) = &thread;
    if (!same_level(level, thread)) {
        link_levels(level, &thread);
        link_levels(&thread, before);
    }
}

void ThreadQueue::remove_from_others(Tcb& thread) {
    auto* const next = thread.queue_next;
    auto* const previous = thread.queue_previous;
    if (!same_level(previous, thread)) {
        auto* const higher = thread.level_previous;
        auto* const lower = thread.level_next;
        if (same_level(next, thread)) {
            link_levels(higher, next);
            link_levels(next, lower);
        } else {
            link_levels(higher, lower);
        }
        thread.level_previous = nullptr;
        thread.level_next = nullptr;
    }
    (previous == nullptr ? first_ : previous->queue_next) = next;
    (next == nullptr ? last_ : next->queue_previous) = previous;
    thread.queue_previous = nullptr;
    thread.queue_next = nullptr;
    if (thread.state == ThreadState::Sending) {
        // `blocked_on` is the address of what the state says.
        auto& cancel_at = reinterpret_cast<Endpoint*>(thread.blocked_on)->cancel_at;
        if (cancel_at == &thread) {
            cancel_at = next;
        }
        if (cancel_at == first_ && at_most_one()) {
            cancel_at = nullptr;
        }
    }
}

} // namespace kernel
