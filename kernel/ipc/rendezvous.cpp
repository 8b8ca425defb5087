// SPDX-License-Identifier: MIT
#include "kernel/ipc/rendezvous.hpp"

#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/ipc/signals.hpp"
#include "kernel/object/wait_queue.hpp"
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
    if (kind == Message::Call) {
        lending::lend(sender, receiver);
    } else {
        lending::update(receiver);
    }
}

/// Passes the message of a sender that waits. `receiver` is in no queue.
void take_message(Tcb& sender, Tcb& receiver, Endpoint& endpoint) {
    auto const kind = sender.sends;
    wait_queue::leave(sender, kind == Message::Call ? endpoint.callers : endpoint.senders);
    hand_over(sender, receiver, sender.sent_badge, sender.may_grant ? Grant::Yes : Grant::No, kind, endpoint);
    if (kind == Message::OneWay) {
        lending::update(sender);
    }
}

/// The sender that `receiver` is to have. Without a context of its own it takes only those that lend theirs.
auto next_sender(Endpoint& endpoint, Tcb const& receiver) -> Tcb* {
    auto* const caller = endpoint.callers.front();
    if (receiver.own == nullptr) {
        return caller;
    }
    auto* const sender = endpoint.senders.front();
    if (caller == nullptr) {
        return sender;
    }
    return sender != nullptr && sender->queue_priority > caller->queue_priority ? sender : caller;
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
    if (kind == Message::Call && sender.context == nullptr) [[unlikely]] {
        kind = Message::Request;
    }
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
    sender.sends = kind;
    sender.may_grant = grant == Grant::Yes;
    wait_queue::enter(sender, &endpoint, kind == Message::Call ? endpoint.callers : endpoint.senders);
}

void receive(Tcb& receiver, Capability via, Blocking blocking) {
    auto& endpoint = via.object<Endpoint>();
    if (receiver.caller != nullptr) {
        abort_call(*receiver.caller);
    }
    auto* const bound = receiver.bound_notification;
    if (bound != nullptr && is_signal_for(receiver, *bound)) [[unlikely]] {
        take_signal(receiver, *bound);
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
    receiver.caller_may_grant = via.has_ipc_rights(abi::rights::kGrant);
    if (sender == nullptr) {
        if (bound != nullptr) {
            return_to_home(receiver, *bound);
        }
        receiver.become(ThreadState::Receiving);
        wait_queue::enter(receiver, &endpoint, endpoint.receivers);
        lending::update(receiver);
        return;
    }
    take_message(*sender, receiver, endpoint);
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
    for (auto* next = &caller; next != nullptr;) {
        auto& ended = *next;
        unlink(ended);
        if (ended.has_fault()) {
            next = end_fault(ended);
        } else {
            message::set_error(ended, abi::Error::Aborted);
            ended.become(ThreadState::Running);
            next = nullptr;
        }
        if (ended.borrower != nullptr) {
            lending::take_back(ended);
        } else {
            lending::update(ended);
        }
    }
}

void meet_partner(Tcb& thread) {
    if (thread.state != ThreadState::Receiving && thread.state != ThreadState::Sending) {
        return;
    }
    // `blocked_on` is the address of what the state says.
    auto& endpoint = *reinterpret_cast<Endpoint*>(thread.blocked_on);
    if (thread.state == ThreadState::Sending) {
        auto* const receiver = endpoint.receivers.front();
        if (thread.sends == Message::Call && receiver != nullptr) {
            wait_queue::leave(*receiver, endpoint.receivers);
            take_message(thread, *receiver, endpoint);
        }
        return;
    }
    auto* const bound = thread.bound_notification;
    auto* const sender = endpoint.senders.front();
    if (bound != nullptr && is_signal_for(thread, *bound)) {
        wake_bound(*bound);
    } else if (sender != nullptr && thread.own != nullptr) {
        wait_queue::leave(thread, endpoint.receivers);
        take_message(*sender, thread, endpoint);
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
        if (!thread.has_fault()) {
            // Someone has the message already: it is not sent twice.
            message::set_error(thread, abi::Error::Aborted);
            return;
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
    auto const calls = thread.state == ThreadState::Sending && thread.sends != Message::OneWay;
    if (calls && tell_callers == TellCallers::Yes) {
        wait_queue::leave(thread);
        abort_call(thread);
        return;
    }
    cancel_wait(thread);
    thread.become(ThreadState::Running);
    lending::update(thread);
}

} // namespace kernel
