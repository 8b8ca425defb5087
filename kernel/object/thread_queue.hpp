// SPDX-License-Identifier: MIT
/// The threads that wait at an endpoint or a notification: highest priority first, equal ones in order of
/// arrival.
#pragma once

#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel {

/// A thread is in one queue at most; its links and its `queue_priority` are in the TCB. All-zero memory is an
/// empty queue.
class ThreadQueue {
public:
    [[nodiscard]] auto empty() const -> bool { return first_ == nullptr; }
    [[nodiscard]] auto front() const -> Tcb* { return first_; }

    void insert(Tcb& thread, std::uint8_t priority) {
        thread.queue_priority = priority;
        if (first_ == nullptr) [[likely]] {
            first_ = &thread;
            last_ = &thread;
        } else {
            insert_by_priority(thread);
        }
    }
    void remove(Tcb& thread) {
        (thread.queue_previous == nullptr ? first_ : thread.queue_previous->queue_next) = thread.queue_next;
        (thread.queue_next == nullptr ? last_ : thread.queue_next->queue_previous) = thread.queue_previous;
        thread.queue_previous = nullptr;
        thread.queue_next = nullptr;
    }

private:
    void insert_by_priority(Tcb& thread);

    Tcb* first_{}; ///< null exactly when last_ is
    Tcb* last_{};
};

} // namespace kernel
