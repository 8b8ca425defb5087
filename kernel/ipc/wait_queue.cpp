// SPDX-License-Identifier: MIT
#include "kernel/ipc/wait_queue.hpp"

#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"

namespace kernel::wait_queue {
namespace {

/// Pre: the thread waits.
auto queue_of(Tcb const& thread) -> ThreadQueue& {
    // `blocked_on` is the address of what the state says.
    if (thread.state == ThreadState::Waiting) {
        return reinterpret_cast<Notification*>(thread.blocked_on)->waiters;
    }
    auto& endpoint = *reinterpret_cast<Endpoint*>(thread.blocked_on);
    if (thread.state == ThreadState::Receiving) {
        return endpoint.receivers;
    }
    return thread.calls ? endpoint.callers : endpoint.senders;
}

auto waits(Tcb const& thread) -> bool { return thread.blocked_on != 0; }

} // namespace

void leave(Tcb& thread) { leave(thread, queue_of(thread)); }

void reorder(Tcb& thread) {
    if (!waits(thread)) {
        return;
    }
    auto& queue = queue_of(thread);
    queue.remove(thread);
    queue.insert(thread, priority(thread));
}

} // namespace kernel::wait_queue
