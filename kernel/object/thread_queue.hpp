// SPDX-License-Identifier: MIT
/// The threads that wait at an endpoint or a notification: highest priority first, equal ones in order of
/// arrival.
#pragma once

#include "kernel/object/tcb.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

/// A thread is in one queue at most; its links and its `queue_priority` are in the TCB. All-zero memory is an
/// empty queue.
///
/// The first threads of each priority, and they alone, are linked among each other as well. So an insertion
/// takes one step for each priority that waits, 257 at most, however many threads there are; everything else
/// takes constant time. The links of a thread that is alone, or in no queue, are null.
class ThreadQueue {
public:
    [[nodiscard]] auto empty() const -> bool { return first_ == nullptr; }
    [[nodiscard]] auto front() const -> Tcb* { return first_; }
    /// Is one thread in it, or none?
    [[nodiscard]] auto at_most_one() const -> bool { return first_ == last_; }

    void insert(Tcb& thread, std::uint16_t priority) {
        thread.queue_priority = priority;
        if (first_ == nullptr) [[likely]] {
            first_ = &thread;
            last_ = &thread;
        } else {
            insert_among_others(thread);
        }
    }
    /// Pre: the thread is in this queue.
    void remove(Tcb& thread) {
        if (first_ == last_) [[likely]] {
            first_ = nullptr;
            last_ = nullptr;
        } else {
            remove_from_others(thread);
        }
    }

private:
    friend struct ThreadQueueOffsets;

    void insert_among_others(Tcb& thread);
    void remove_from_others(Tcb& thread);

    Tcb* first_{}; ///< null exactly when last_ is
    Tcb* last_{};
};

/// For entry code in assembly.
struct ThreadQueueOffsets {
    static constexpr std::size_t kFirst = offsetof(ThreadQueue, first_);
    static constexpr std::size_t kLast = offsetof(ThreadQueue, last_);
};

} // namespace kernel
