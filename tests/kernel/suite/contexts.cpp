// SPDX-License-Identifier: MIT
/// Scheduling contexts that come and go while threads wait, and those that signals lend.
#include "alarm.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// What a thread waits at, and what it saw.
struct Waiter {
    CPtr object{};
    CPtr then{}; ///< where it receives after its first signal; 0: at the same object
    os::Received last{};
    std::atomic<unsigned> messages{};
    std::atomic<unsigned> signals{};
};

void receive_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Waiter*>(argument);
    while (true) {
        self.last = os::receive(self.object);
        ++(self.last.message.tag.has(abi::MessageTag::kNotification) ? self.signals : self.messages);
        if (self.then != 0) {
            (void)os::receive(self.then);
        }
    }
}

void send_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Waiter*>(argument);
    while (true) {
        os::send(self.object, message(self.messages));
        ++self.messages;
    }
}

auto start(Rig& rig, Waiter& waiter, void (*run)(std::uint64_t) = receive_for_ever) -> Got<Thread> {
    return rig.start({.run = run, .argument = reinterpret_cast<std::uint64_t>(&waiter)});
}

/// A thread that waits and has no context; its own is still in `Thread::context`.
auto start_passive(Rig& rig, Waiter& waiter) -> Got<Thread> {
    Thread const thread = TRY(start(rig, waiter));
    TRY(must(thread.context.unbind()));
    return thread;
}

auto make_context(Rig& rig, Priority priority = Priority::High) -> Got<object::SchedContext> {
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(priority), context, os::arch::counter_frequency(),
                                  0, 0)));
    return object::SchedContext{context};
}

auto a_send_waits_for_a_server_with_time(Rig& rig) -> Outcome {
    Waiter server{TRY(rig.make(ObjectType::Endpoint))};
    Thread const passive = TRY(start_passive(rig, server));
    os::try_send(server.object, message(1));
    Waiter sender{server.object};
    Thread const sends = TRY(start(rig, sender, send_for_ever));
    REQUIRE(sends.state() == state::kSending && sender.messages == 0 && server.messages == 0);
    TRY(must(sends.tcb.suspend()));
    TRY(must(sends.tcb.resume()));
    REQUIRE(sends.state() == state::kSending);
    TRY(must(sends.context.unbind())); // or the two of them would go on for ever
    TRY(must(passive.context.bind(passive.tcb.capability())));
    REQUIRE(server.messages == 1);
    return {};
}

auto a_sender_that_lost_its_time_is_received(Rig& rig) -> Outcome {
    Waiter sender{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, sender, send_for_ever));
    TRY(must(thread.context.unbind()));
    REQUIRE(os::receive(sender.object).message.tag.label() == 0);
    REQUIRE(sender.messages == 0);
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(sender.messages == 1 && thread.state() == state::kSending);
    return {};
}

auto a_sender_whose_time_is_deleted_is_received(Rig& rig) -> Outcome {
    Waiter sender{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, sender, send_for_ever));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    REQUIRE(os::receive(sender.object).message.tag.label() == 0);
    REQUIRE(sender.messages == 0);
    return {};
}

auto a_receiver_whose_time_is_deleted_gets_nothing(Rig& rig) -> Outcome {
    Waiter receiver{TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start(rig, receiver));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    os::try_send(receiver.object, message(1));
    REQUIRE(receiver.messages == 0 && thread.state() == state::kReceiving);
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind(thread.tcb.capability())));
    REQUIRE(receiver.messages == 0);
    os::try_send(receiver.object, message(1));
    REQUIRE(receiver.messages == 1);
    return {};
}

auto deleting_the_context_stops_its_thread(Rig& rig) -> Outcome {
    Waiter waiter{TRY(rig.make(ObjectType::Notification))};
    Thread const thread = TRY(start(rig, waiter));
    os::signal(waiter.object);
    REQUIRE(waiter.signals == 1);
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    os::signal(waiter.object);
    TRY(rig.settle());
    REQUIRE(waiter.signals == 1);
    return {};
}

auto resume_and_bind_in_either_order(Rig& rig) -> Outcome {
    for (bool const bind_first : {false, true}) {
        Waiter waiter{TRY(rig.make(ObjectType::Notification))};
        Thread const thread = TRY(start(rig, waiter));
        TRY(must(thread.tcb.suspend()));
        TRY(must(thread.context.unbind()));
        os::signal(waiter.object);
        if (bind_first) {
            TRY(must(thread.context.bind(thread.tcb.capability())));
            REQUIRE(waiter.signals == 0);
            TRY(must(thread.tcb.resume()));
        } else {
            TRY(must(thread.tcb.resume()));
            REQUIRE(waiter.signals == 0);
            TRY(must(thread.context.bind(thread.tcb.capability())));
        }
        REQUIRE(waiter.signals == 1);
    }
    return {};
}

auto binding_checks_what_it_binds(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const thread = TRY(rig.make(ObjectType::Tcb));
    auto const first = TRY(make_context(rig));
    auto const second = TRY(make_context(rig));
    REQUIRE(refusal(first.bind(endpoint)) == Error::InvalidCapability);
    REQUIRE(refusal(first.bind(notification)) == Error::InvalidCapability);
    REQUIRE(refusal(first.bind_notification(thread)) == Error::InvalidCapability);
    TRY(must(first.unbind())); // nothing is bound: not an error
    TRY(must(first.bind(thread)));
    REQUIRE(refusal(first.bind_notification(notification)) == Error::IllegalOperation);
    REQUIRE(refusal(second.bind(thread)) == Error::IllegalOperation);
    TRY(must(second.bind_notification(notification)));
    REQUIRE(refusal(second.bind(TRY(rig.make(ObjectType::Tcb)))) == Error::IllegalOperation);
    TRY(must(first.unbind()));
    REQUIRE(refusal(first.bind_notification(notification)) == Error::IllegalOperation);
    TRY(must(second.unbind()));
    TRY(must(first.bind_notification(notification)));
    return must(second.bind(thread));
}

/// A thread that receives, is bound to a notification and has no context.
struct Bound {
    Waiter waiter{};
    CPtr notification{};
};

auto start_bound(Rig& rig, Bound& bound) -> Got<Thread> {
    bound.waiter.object = TRY(rig.make(ObjectType::Endpoint));
    bound.notification = TRY(rig.make(ObjectType::Notification));
    Thread const thread = TRY(start_passive(rig, bound.waiter));
    TRY(must(thread.tcb.bind_notification(bound.notification)));
    return thread;
}

auto a_signal_waits_for_a_bound_thread_with_time(Rig& rig) -> Outcome {
    Bound bound;
    Thread const thread = TRY(start_bound(rig, bound));
    os::signal(bound.notification);
    os::signal(bound.notification);
    REQUIRE(bound.waiter.signals == 0 && thread.state() == state::kReceiving);
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(bound.waiter.signals == 1);
    return {};
}

auto a_signal_lends_to_a_bound_thread(Rig& rig) -> Outcome {
    Bound bound;
    Thread const thread = TRY(start_bound(rig, bound));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(bound.notification)));
    for (unsigned round = 1; round <= 5; ++round) {
        os::signal(bound.notification);
        REQUIRE(bound.waiter.signals == round && thread.state() == state::kReceiving);
        REQUIRE(TRY(must(thread.tcb.state())).priority == 0);
    }
    return {};
}

/// Has the alarm go off, and the interrupt taken.
auto ring(Rig& rig, Alarm const& alarm) -> Outcome {
    TRY(must(rig.core().set_alarm(0)));
    spend(20'000);
    TRY(must(rig.core().set_alarm(kNever)));
    return must(alarm.handler.acknowledge());
}

auto an_interrupt_lends_the_notifications_time(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    Waiter waiter{alarm.notification};
    TRY(start_passive(rig, waiter));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(alarm.notification)));
    TRY(ring(rig, alarm));
    REQUIRE(waiter.signals == 1);
    TRY(ring(rig, alarm));
    REQUIRE(waiter.signals == 2);
    return {};
}

auto a_thread_with_its_own_time_uses_that(Rig& rig) -> Outcome {
    Waiter waiter{TRY(rig.make(ObjectType::Notification))};
    Thread const thread = TRY(start(rig, waiter));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(waiter.object)));
    os::signal(waiter.object);
    REQUIRE(waiter.signals == 1);
    REQUIRE(TRY(must(context.consumed())) == 0);
    REQUIRE(TRY(must(thread.tcb.state())).priority == static_cast<unsigned>(Priority::High));
    return {};
}

auto without_any_time_nothing_runs(Rig& rig) -> Outcome {
    Waiter waiter{TRY(rig.make(ObjectType::Notification))};
    Thread const thread = TRY(start_passive(rig, waiter));
    os::signal(waiter.object);
    TRY(rig.settle());
    REQUIRE(waiter.signals == 0);
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(waiter.signals == 1);
    return {};
}

auto one_context_is_lent_to_one_thread(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    CPtr const elsewhere = TRY(rig.make(ObjectType::Endpoint));
    // The first keeps the context: it waits for something else after its signal.
    Waiter first{notification, elsewhere};
    Waiter second{notification};
    TRY(start_passive(rig, first));
    TRY(start_passive(rig, second));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(notification)));
    os::signal(notification);
    REQUIRE(first.signals + second.signals == 1);
    os::signal(notification);
    TRY(rig.settle());
    REQUIRE(first.signals == 1 && second.signals == 0);
    return {};
}

auto a_deleted_context_is_lent_no_more(Rig& rig) -> Outcome {
    Waiter waiter{TRY(rig.make(ObjectType::Notification))};
    TRY(start_passive(rig, waiter));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(waiter.object)));
    os::signal(waiter.object);
    REQUIRE(waiter.signals == 1);
    TRY(must(rig.root().delete_(kDepth, context.capability())));
    os::signal(waiter.object);
    TRY(rig.settle());
    REQUIRE(waiter.signals == 1);
    return {};
}

auto a_deleted_thread_returns_the_notifications_context(Rig& rig) -> Outcome {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Waiter first{notification, TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start_passive(rig, first));
    auto const context = TRY(make_context(rig));
    TRY(must(context.bind_notification(notification)));
    os::signal(notification);
    REQUIRE(first.signals == 1);
    TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
    Waiter second{notification};
    TRY(start_passive(rig, second));
    os::signal(notification);
    REQUIRE(second.signals == 1);
    return {};
}

constexpr std::array kTests{
    Test{"a_send_waits_for_a_server_with_time", a_send_waits_for_a_server_with_time, "IPC0017"},
    Test{"a_sender_that_lost_its_time_is_received", a_sender_that_lost_its_time_is_received, "IPC0018"},
    Test{"a_sender_whose_time_is_deleted_is_received", a_sender_whose_time_is_deleted_is_received, "IPC0019"},
    Test{"a_receiver_whose_time_is_deleted_gets_nothing", a_receiver_whose_time_is_deleted_gets_nothing,
         "IPC0020"},
    Test{"deleting_the_context_stops_its_thread", deleting_the_context_stops_its_thread,
         "SCHED_CONTEXT_0005"},
    Test{"resume_and_bind_in_either_order", resume_and_bind_in_either_order, "SCHED_CONTEXT_0007"},
    Test{"binding_checks_what_it_binds", binding_checks_what_it_binds, "SCHED_CONTEXT_0003"},
    Test{"a_signal_waits_for_a_bound_thread_with_time", a_signal_waits_for_a_bound_thread_with_time,
         "BIND005"},
    Test{"a_signal_lends_to_a_bound_thread", a_signal_lends_to_a_bound_thread, "BIND006"},
    Test{"an_interrupt_lends_the_notifications_time", an_interrupt_lends_the_notifications_time,
         "INTERRUPT0002"},
    Test{"a_thread_with_its_own_time_uses_that", a_thread_with_its_own_time_uses_that, "INTERRUPT0003"},
    Test{"without_any_time_nothing_runs", without_any_time_nothing_runs, "INTERRUPT0004"},
    Test{"one_context_is_lent_to_one_thread", one_context_is_lent_to_one_thread, "INTERRUPT0005"},
    Test{"a_deleted_context_is_lent_no_more", a_deleted_context_is_lent_no_more, "INTERRUPT0006"},
    Test{"a_deleted_thread_returns_the_notifications_context",
         a_deleted_thread_returns_the_notifications_context, "SCHED_CONTEXT_0006"},
};

} // namespace

auto context_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
