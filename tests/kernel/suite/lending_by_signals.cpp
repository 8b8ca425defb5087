// SPDX-License-Identifier: MIT
/// Contexts of notifications, which a signal lends to the thread that it wakes.
#include "alarm.hpp"
#include "rig.hpp"
#include "tests.hpp"
#include "waiter.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

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

auto signal_lending_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
