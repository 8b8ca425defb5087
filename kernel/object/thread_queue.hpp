// SPDX-License-Identifier: MIT
/// The threads that wait at an endpoint or a notification: highest priority first, equal ones in order of
/// arrival.
#pragma once

#include <cstdint>

namespace kernel {

struct Tcb;

/// A thread is in one queue at most; its links and its `queue_priority` are in the TCB. All-zero memory is an
/// empty queue.
class ThreadQueue {
public:
    [[nodiscard]] auto empty() const -> bool { return first_ == nullptr; }
    [[nodiscard]] auto front() const -> Tcb* { return first_; }

    void insert(Tcb& thread, std::uint8_t priority);
    void remove(Tcb& thread);
    /// Pre: not empty.
    auto pop() -> Tcb&;

private:
    Tcb* first_{}; ///< null exactly when last_ is
    Tcb* last_{};
};

} // namespace kernel
