// SPDX-License-Identifier: MIT
#include "kernel/debug/object_checks.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::debug {

using abi::ObjectType;
using State = SchedContext::State;

void Checker::expect(bool holds, char const* sentence) {
    if (holds) {
        return;
    }
    ++findings_.violations;
    if (findings_.first == nullptr) {
        findings_.first = sentence;
    }
}

void Checker::slot(Slot const& slot) {
    auto const* const next = slot.next();
    auto const* const previous = slot.previous();
    if (slot.empty()) {
        expect(next == nullptr && previous == nullptr, "an empty slot is in no list");
        return;
    }
    expect(next == nullptr || next->previous() == &slot, "the next slot points back");
    expect(previous == nullptr || previous->next() == &slot, "the previous slot points here");
    expect(next == nullptr || !next->empty(), "a list holds no empty slot");
    if (slot.capability().is(ObjectType::Untyped)) {
        untyped(slot);
    }
    if (slot.capability().is_zombie()) {
        auto const* const slots = ZombieView{slot.capability()}.slots();
        expect(slots != nullptr, "a zombie has slots");
    }
}

void Checker::untyped(Slot const& slot) {
    UntypedView const memory{slot.capability()};
    expect(memory.free_offset() <= memory.size(), "no more memory is given out than there is");
    for (auto const* child = slot.next(); child != nullptr && derivation::is_parent(slot, *child);
         child = child->next()) {
        auto const capability = child->capability();
        auto const address =
            capability.is(ObjectType::Frame) ? FrameView{capability}.address() : capability.address();
        expect(address - memory.base() < memory.free_offset() || capability.is(ObjectType::Untyped),
               "objects are in memory that is given out");
    }
}

void Checker::object(Capability capability) {
    switch (capability.type()) {
    case ObjectType::Endpoint: endpoint(capability.object<Endpoint>()); break;
    case ObjectType::Notification: notification(capability.object<Notification>()); break;
    case ObjectType::Reply: reply(capability.object<Reply>()); break;
    case ObjectType::SchedContext: sched_context(capability.object<SchedContext>()); break;
    case ObjectType::Tcb: thread(capability.object<Tcb>()); break;
    case ObjectType::VSpace: {
        auto& space = capability.object<VSpace>();
        auto const mapping = Mapping::make(space.serial(), base::VirtAddr{});
        expect(vspace::find(mapping) == &space, "a live address space is in the registry");
        break;
    }
    default: break;
    }
}

void Checker::queue(ThreadQueue const& queue, ThreadState state, void const* object) {
    Tcb const* previous = nullptr;
    Tcb const* level = nullptr;
    for (auto const* thread = queue.front(); thread != nullptr; thread = thread->queue_next) {
        if (level == nullptr || level->queue_priority != thread->queue_priority) {
            expect(thread->level_previous == level, "the first of a priority knows that of the one above");
            expect(level == nullptr || level->level_next == thread, "and that one knows it");
            level = thread;
        }
        expect(thread->queue_previous == previous, "queue links agree");
        expect(thread->state == state, "a thread in a queue has the queue's state");
        expect(reinterpret_cast<void const*>(thread->blocked_on) == object, "a thread knows where it waits");
        expect(previous == nullptr || previous->queue_priority >= thread->queue_priority,
               "a queue is ordered by priority");
        previous = thread;
    }
}

void Checker::endpoint(Endpoint const& endpoint) {
    queue(endpoint.callers, ThreadState::Sending, &endpoint);
    queue(endpoint.senders, ThreadState::Sending, &endpoint);
    queue(endpoint.receivers, ThreadState::Receiving, &endpoint);
    auto const* const receiver = endpoint.receivers.front();
    expect(receiver == nullptr || endpoint.callers.empty(), "callers and receivers do not wait together");
    expect(receiver == nullptr || receiver->own == nullptr || endpoint.senders.empty(),
           "who can receive does not wait together with senders");
    for (auto const* thread = endpoint.callers.front(); thread != nullptr; thread = thread->queue_next) {
        expect(thread->sends == Message::Call && thread->context != nullptr,
               "a caller has a context to lend");
    }
    auto const* const at = endpoint.cancel_at;
    expect(at == nullptr || (at->state == ThreadState::Sending &&
                             (at->queue_next != nullptr || at->queue_previous != nullptr)),
           "a cancellation goes on at a thread that waits with others");
}

void Checker::notification(Notification const& notification) {
    queue(notification.waiters, ThreadState::Waiting, &notification);
    expect(!notification.active || notification.waiters.empty(), "nobody waits for an active notification");
    expect(notification.active || notification.word == 0, "an idle notification has no bits");
    expect(notification.bound == nullptr || notification.bound->bound_notification == &notification,
           "the bound thread knows its notification");
    expect(notification.context == nullptr || notification.context->home == &notification,
           "a context that is lent to those who are woken knows its home");
}

void Checker::reply(Reply const& reply) {
    auto const* const caller = reply.caller;
    expect(caller == nullptr || (caller->reply == &reply && caller->state == ThreadState::AwaitingReply),
           "a kept caller waits for this reply");
}

void Checker::sched_context(SchedContext const& context) {
    expect(context.remaining <= context.budget, "no more is left than there was");
    expect(context.home == nullptr || context.home->context == &context, "a home knows its context");
    if (context.owner == nullptr) {
        expect(context.runner == nullptr, "without an owner nobody runs");
        return;
    }
    expect(context.owner->own == &context, "the owner knows its context");
    expect(context.runner != nullptr, "an owned context has a runner");
    auto const* last = context.owner;
    while (last->context == &context && last->borrower != nullptr) {
        last = last->borrower;
    }
    expect(context.runner == last, "the runner is the last to whom the context was lent");
    expect(!Core::can_run(context) || context.state != State::Idle, "what can run is chosen, or queued");
    expect(context.state != State::Ready || Core::can_run(context), "what is queued can run");
}

void Checker::thread_waits(Tcb const& thread) {
    auto const queued = thread.state == ThreadState::Receiving || thread.state == ThreadState::Sending ||
                        thread.state == ThreadState::Waiting;
    expect(queued == (thread.blocked_on != 0), "a thread is in a queue exactly when its state says so");
    auto const awaits = thread.state == ThreadState::AwaitingReply;
    expect(awaits == (thread.answerer != nullptr || thread.reply != nullptr),
           "a thread has someone to answer it exactly when it waits for that");
    expect(thread.answerer == nullptr || thread.reply == nullptr, "one place keeps a caller");
    expect(thread.answerer == nullptr || thread.answerer->caller == &thread, "the answerer knows its caller");
    expect(thread.reply == nullptr || thread.reply->caller == &thread, "the reply knows its caller");
    expect(thread.caller == nullptr || thread.caller->answerer == &thread, "the caller knows its answerer");
    expect(!thread.has_fault() || awaits || thread.state == ThreadState::Sending,
           "a fault waits for its handler");
    expect(thread.bound_notification == nullptr || thread.bound_notification->bound == &thread,
           "the bound notification knows its thread");
}

void Checker::thread_lends(Tcb const& thread) {
    expect(thread.own == nullptr || thread.own->owner == &thread, "a context knows its owner");
    expect(thread.lender != nullptr || thread.context == nullptr || thread.context == thread.own,
           "what is not borrowed is one's own");
    if (thread.lender != nullptr) {
        expect(thread.lender->borrower == &thread, "the lender knows the borrower");
        expect(thread.lender->context == thread.context, "lender and borrower share the context");
        expect(thread.lender->state == ThreadState::AwaitingReply, "a lender waits for a reply");
    }
    expect(thread.borrower == nullptr || thread.borrower->lender == &thread, "the borrower knows the lender");
    expect(thread.context == nullptr || thread.borrower != nullptr || thread.context->runner == &thread,
           "who has not lent its context runs on it");
}

void Checker::thread(Tcb const& thread) {
    std::size_t cores = 0;
    for (std::size_t number = 0; number < Core::count(); ++number) {
        cores += static_cast<std::size_t>(Core::by_number(number).current() == &thread);
    }
    expect(cores == 0 || (cores == 1 && thread.state == ThreadState::Running),
           "one core runs a thread that can run");
    auto live = false;
    for (std::size_t number = 0; number < Core::kMax; ++number) {
        live = live || Core::by_number(number).fp_owner() == &thread;
    }
    expect(thread.fp_live == live, "floating-point values are live exactly in a core that the thread owns");
    thread_waits(thread);
    thread_lends(thread);
    auto const holds = [&](Tcb::SlotIndex index, ObjectType type) {
        auto const found = thread.slots[index].capability().type();
        return found == ObjectType::Null || found == type;
    };
    expect(holds(Tcb::kCSpace, ObjectType::CNode) && holds(Tcb::kVSpace, ObjectType::VSpace) &&
               holds(Tcb::kFaultEndpoint, ObjectType::Endpoint) &&
               holds(Tcb::kTimeoutEndpoint, ObjectType::Endpoint),
           "the slots of a thread hold what they are for");
}

} // namespace kernel::debug
