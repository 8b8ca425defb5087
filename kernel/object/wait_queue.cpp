// SPDX-License-Identifier: MIT
#include "kernel/object/wait_queue.hpp"

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
    return thread.sends == Message::Call ? endpoint.callers : endpoint.senders;
}

} // namespace

void leave(Tcb& thread) { leave(thread, queue_of(thread)); }

void find_place(Tcb& thread) {
    auto const object = thread.blocked_on;
    leave(thread);
    thread.blocked_on = object;
    if (thread.state == ThreadState::Sending) {
        // A cancellation may be past the new place already.
        reinterpret_cast<Endpoint*>(object)->cancel_at = nullptr;
    }
    if (thread.sends != Message::OneWay) {
        auto const lends = thread.context != nullptr && thread.fault != abi::FaultKind::Timeout;
        thread.sends = lends ? Message::Call : Message::Request;
    }
    queue_of(thread).insert(thread, priority(thread));
}

} // namespace kernel::wait_queue
