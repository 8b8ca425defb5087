// SPDX-License-Identifier: MIT
#include "kernel/ipc/rendezvous.hpp"

#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/ipc/wait_queue.hpp"
#include "kernel/sched/core.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel {
namespace {

/// Passes the message of `sender` to `receiver`; neither is in a queue any more.
void hand_over(Tcb& sender, Tcb& receiver, std::uint64_t badge, Grant grant, Message kind,
               Endpoint const& through) {
    deliver(sender, receiver, badge, grant, &through);
    receiver.become(ThreadState::Running);
    if (kind == Message::OneWay) {
        sender.become(ThreadState::Running);
        lending::update(receiver);
        return;
    }
    sender.become(ThreadState::AwaitingReply);
    sender.answerer = &receiver;
    receiver.caller = &sender;
    receiver.caller_may_grant = receiver.may_grant;
    if (sender.context != nullptr) {
        lending::lend(sender, receiver);
    } else {
        lending::update(receiver);
    }
}

/// `thread` has just stopped running. Its context is not queued, unless it got it back in this system call.
void leave_run_queue(Tcb& thread) {
    if (thread.context != nullptr && thread.context->state == SchedContext::State::Ready) [[unlikely]] {
        Core::update(*thread.context);
    }
}

/// The first caller that can lend a context. Those that have lost theirs while they waited are sent home:
/// they call again when they have one.
auto next_lender(Endpoint& endpoint) -> Tcb* {
    auto* caller = endpoint.callers.front();
    while (caller != nullptr && caller->context == nullptr) {
        send_home(*caller, TellCallers::No);
        caller = endpoint.callers.front();
    }
    return caller;
}

/// The sender that `receiver` is to have. Without a context of its own it takes only those that lend theirs.
auto next_sender(Endpoint& endpoint, Tcb const& receiver) -> Tcb* {
    if (receiver.own == nullptr) {
        return next_lender(endpoint);
    }
    auto* const caller = endpoint.callers.front();
    auto* const sender = endpoint.senders.front();
    if (caller == nullptr) {
        return sender;
    }
    return sender != nullptr && sender->queue_priority > caller->queue_priority ? sender : caller;
}

void deliver_signal(Tcb& thread, std::uint64_t word) {
    message::set_empty(thread, word, {0, 0, abi::MessageTag::kNotification});
}

auto take(Notification& notification) -> std::uint64_t {
    auto const word = notification.word;
    notification.word = 0;
    notification.active = false;
    return word;
}

/// The link between a caller and who is to answer it.
void unlink(Tcb& caller) {
    if (caller.answerer != nullptr) {
        caller.answerer->caller = nullptr;
    }
    if (caller.reply != nullptr) {
        caller.reply->caller = nullptr;
    }
    caller.answerer = nullptr;
    caller.reply = nullptr;
}

void answer(Tcb& server, Tcb& caller, Grant grant) {
    unlink(caller);
    if (caller.has_fault()) {
        answer_fault(server, caller);
    } else {
        deliver(server, caller, 0, grant, nullptr);
        caller.become(ThreadState::Running);
    }
    if (server.lender == &caller) {
        lending::give_back(server);
    } else if (caller.borrower != nullptr) {
        lending::take_back(caller);
    } else {
        lending::update(caller);
    }
}

} // namespace

void send(Tcb& sender, Capability via, Message kind, Blocking blocking) {
    auto& endpoint = via.object<Endpoint>();
    auto const grant = via.has_ipc_rights(abi::rights::kGrant) ? Grant::Yes : Grant::No;
    auto* const receiver = endpoint.receivers.front();
    if (receiver != nullptr && (kind == Message::Call || receiver->own != nullptr)) {
        wait_queue::leave(*receiver, endpoint.receivers);
        hand_over(sender, *receiver, via.badge(), grant, kind, endpoint);
        return;
    }
    if (blocking == Blocking::No) {
        return;
    }
    sender.become(ThreadState::Sending);
    sender.sent_badge = via.badge();
    sender.calls = kind == Message::Call;
    sender.may_grant = grant == Grant::Yes;
    wait_queue::enter(sender, &endpoint, sender.calls ? endpoint.callers : endpoint.senders);
}

void receive(Tcb& receiver, Capability via, Blocking blocking) {
    auto& endpoint = via.object<Endpoint>();
    if (receiver.caller != nullptr) {
        abort_call(*receiver.caller);
    }
    auto* const bound = receiver.bound_notification;
    if (bound != nullptr && bound->active && receiver.own != nullptr) [[unlikely]] {
        deliver_signal(receiver, take(*bound));
        lending::update(receiver);
        return;
    }
    auto* const sender = next_sender(endpoint, receiver);
    if (sender == nullptr && blocking == Blocking::No) {
        message::set_empty(receiver, 0, {});
        return;
    }
    // What was lent for a call that is kept in a reply object goes back when the thread turns to something
    // else.
    if (receiver.lender != nullptr) {
        lending::give_back(receiver);
    }
    receiver.may_grant = via.has_ipc_rights(abi::rights::kGrant);
    if (sender == nullptr) {
        receiver.become(ThreadState::Receiving);
        wait_queue::enter(receiver, &endpoint, endpoint.receivers);
        leave_run_queue(receiver);
        return;
    }
    wait_queue::leave(*sender);
    hand_over(*sender, receiver, sender->sent_badge, sender->may_grant ? Grant::Yes : Grant::No,
              sender->calls ? Message::Call : Message::OneWay, endpoint);
    if (!sender->calls) {
        lending::update(*sender);
    }
}

void answer_caller(Tcb& server) {
    if (server.caller == nullptr) {
        return;
    }
    answer(server, *server.caller, server.caller_may_grant ? Grant::Yes : Grant::No);
}

void answer_kept(Tcb& server, Reply& reply) {
    if (reply.caller == nullptr) {
        return;
    }
    answer(server, *reply.caller, reply.may_grant ? Grant::Yes : Grant::No);
}

void keep_caller(Tcb& server, Reply& reply) {
    auto& caller = *server.caller;
    reply.caller = &caller;
    reply.may_grant = server.caller_may_grant;
    server.caller = nullptr;
    caller.answerer = nullptr;
    caller.reply = &reply;
}

void abort_call(Tcb& caller) {
    unlink(caller);
    if (caller.has_fault()) {
        caller.fault = {};
        caller.become(ThreadState::Faulted);
    } else {
        message::set_error(caller, abi::Error::Aborted);
        caller.become(ThreadState::Running);
    }
    if (caller.borrower != nullptr) {
        lending::take_back(caller);
    } else {
        lending::update(caller);
    }
}

void cancel_wait(Tcb& thread) {
    switch (thread.state) {
    case ThreadState::Inactive:
    case ThreadState::Running:
    case ThreadState::Faulted: return;
    case ThreadState::Receiving:
    case ThreadState::Sending:
    case ThreadState::Waiting: wait_queue::leave(thread); break;
    case ThreadState::AwaitingReply:
        unlink(thread);
        if (thread.borrower != nullptr) {
            lending::take_back(thread);
        }
        break;
    }
    // Any other fault is met again by itself: the program counter is where it happened.
    if (!thread.has_fault() || thread.fault == abi::FaultKind::UnknownSyscall) {
        thread.registers.rewind_system_call();
    }
    thread.fault = {};
}

void send_home(Tcb& thread, TellCallers tell_callers) {
    auto const calls = thread.state == ThreadState::Sending && thread.calls;
    auto const faulted = thread.has_fault();
    if (calls && tell_callers == TellCallers::Yes && !faulted) {
        wait_queue::leave(thread);
        message::set_error(thread, abi::Error::Aborted);
    } else {
        cancel_wait(thread);
    }
    auto const handler_gone = faulted && tell_callers == TellCallers::Yes;
    thread.become(handler_gone ? ThreadState::Faulted : ThreadState::Running);
    lending::update(thread);
}

void signal(Notification& notification, std::uint64_t badge) {
    if (!notification.waiters.empty()) {
        auto& waiter = *notification.waiters.front();
        wait_queue::leave(waiter, notification.waiters);
        deliver_signal(waiter, badge);
        waiter.become(ThreadState::Running);
        lending::update(waiter);
        return;
    }
    notification.word |= badge;
    notification.active = true;
    auto* const bound = notification.bound;
    if (bound == nullptr || bound->state != ThreadState::Receiving || bound->own == nullptr) {
        return;
    }
    wait_queue::leave(*bound);
    deliver_signal(*bound, take(notification));
    bound->become(ThreadState::Running);
    lending::update(*bound);
}

void wait(Tcb& thread, Notification& notification, Blocking blocking) {
    if (thread.caller != nullptr) {
        abort_call(*thread.caller);
    }
    if (notification.active) {
        deliver_signal(thread, take(notification));
        lending::update(thread);
        return;
    }
    if (blocking == Blocking::No) {
        message::set_empty(thread, 0, {});
        return;
    }
    if (thread.lender != nullptr) {
        lending::give_back(thread);
    }
    thread.become(ThreadState::Waiting);
    wait_queue::enter(thread, &notification, notification.waiters);
    leave_run_queue(thread);
}

} // namespace kernel
