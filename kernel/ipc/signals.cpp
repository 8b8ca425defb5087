// SPDX-License-Identifier: MIT
#include "kernel/ipc/signals.hpp"

#include "kernel/ipc/message.hpp"
#include "kernel/object/wait_queue.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel {
namespace {

void deliver_signal(Tcb& thread, std::uint64_t word) {
    message::set_empty(thread, word, {0, 0, abi::MessageTag::kNotification});
}

auto take(Notification& notification) -> std::uint64_t {
    auto const word = notification.word;
    notification.word = 0;
    notification.active = false;
    return word;
}

/// Has the notification a context to lend to `thread`, which needs one?
auto lends(Notification const& notification, Tcb const& thread) -> bool {
    return thread.own == nullptr && notification.context != nullptr && notification.context->owner == nullptr;
}

/// Lets a thread of `queue` go on with a signal.
void wake(Tcb& thread, ThreadQueue& queue, Notification const& notification, std::uint64_t word) {
    wait_queue::leave(thread, queue);
    if (lends(notification, thread)) [[unlikely]] {
        lending::bind(*notification.context, thread);
    }
    deliver_signal(thread, word);
    thread.become(ThreadState::Running);
    lending::update(thread);
}

} // namespace

auto is_signal_for(Tcb const& thread, Notification const& notification) -> bool {
    return notification.active && (thread.own != nullptr || lends(notification, thread));
}

void take_signal(Tcb& thread, Notification& notification) {
    if (lends(notification, thread)) {
        if (thread.lender != nullptr) {
            lending::give_back(thread);
        }
        lending::bind(*notification.context, thread);
    }
    deliver_signal(thread, take(notification));
    lending::update(thread);
}

void wake_bound(Notification& notification) {
    auto& bound = *notification.bound;
    // `blocked_on` is the address of what the state says.
    auto& receivers = reinterpret_cast<Endpoint*>(bound.blocked_on)->receivers;
    wake(bound, receivers, notification, take(notification));
}

void return_to_home(Tcb& thread, Notification const& notification) {
    if (thread.own != nullptr && thread.own->home == &notification) {
        lending::unbind(*thread.own);
    }
}

void signal(Notification& notification, std::uint64_t badge) {
    if (!notification.waiters.empty()) {
        wake(*notification.waiters.front(), notification.waiters, notification, badge);
        return;
    }
    notification.word |= badge;
    notification.active = true;
    auto const* const bound = notification.bound;
    if (bound != nullptr && bound->state == ThreadState::Receiving && is_signal_for(*bound, notification)) {
        wake_bound(notification);
    }
}

void wait(Tcb& thread, Notification& notification, Blocking blocking) {
    if (thread.caller != nullptr) {
        abort_call(*thread.caller);
    }
    if (notification.active) {
        take_signal(thread, notification);
        return;
    }
    if (blocking == Blocking::No) {
        message::set_empty(thread, 0, {});
        return;
    }
    if (thread.lender != nullptr) {
        lending::give_back(thread);
    }
    return_to_home(thread, notification);
    thread.become(ThreadState::Waiting);
    wait_queue::enter(thread, &notification, notification.waiters);
    lending::update(thread);
}

} // namespace kernel
