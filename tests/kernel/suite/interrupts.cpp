// SPDX-License-Identifier: MIT
/// Interrupt lines, tried with the alarm's.
#include "alarm.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

auto control() -> object::IrqControl { return object::IrqControl{os::slot::kIrqControl}; }

auto alarm_in(Rig& rig, std::uint64_t ticks) -> Got<std::uint64_t> {
    std::uint64_t const deadline = os::arch::counter() + ticks;
    TRY(must(rig.core().set_alarm(deadline)));
    return deadline;
}

auto an_alarm_arrives(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    for (int round = 0; round < 3; ++round) {
        auto const deadline = TRY(alarm_in(rig, 20'000));
        REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
        REQUIRE(os::arch::counter() >= deadline);
        TRY(must(rig.core().set_alarm(kNever)));
        TRY(must(alarm.handler.acknowledge()));
    }
    return {};
}

auto a_line_waits_for_its_acknowledgement(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(alarm_in(rig, 0));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    // The line is still raised, but masked.
    spend(50'000);
    REQUIRE(os::try_receive(alarm.notification).badge == 0);
    TRY(must(alarm.handler.acknowledge()));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    return must(rig.core().set_alarm(kNever));
}

auto a_cleared_line_is_silent(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(must(alarm.handler.clear()));
    TRY(alarm_in(rig, 0));
    spend(50'000);
    REQUIRE(os::try_receive(alarm.notification).badge == 0);
    TRY(must(alarm.handler.acknowledge())); // with nobody to tell
    spend(50'000);
    return must(rig.core().set_alarm(kNever));
}

auto a_line_has_one_handler(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    auto const line = TRY(must(rig.core().info())).alarm_irq;
    REQUIRE(refusal(control().get(0, kDepth, line, kRoot, rig.slot())) == Error::RevokeFirst);
    TRY(must(rig.root().delete_(kDepth, alarm.handler.capability())));
    return must(control().get(0, kDepth, line, kRoot, rig.slot()));
}

auto lines_are_checked(Rig& rig) -> Outcome {
    REQUIRE(refusal(control().get(0, kDepth, 100'000, kRoot, rig.slot())) == Error::RangeError);
    REQUIRE(refusal(control().get(7, kDepth, 1, kRoot, rig.slot())) == Error::InvalidArgument);
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Alarm const alarm = TRY(take_alarm(rig));
    REQUIRE(refusal(alarm.handler.set_notification(alarm.handler.capability())) == Error::InvalidCapability);
    CPtr const read_only = TRY(rig.mint(notification, 0, abi::rights::kRead));
    REQUIRE(refusal(alarm.handler.set_notification(read_only)) == Error::IllegalOperation);
    return {};
}

auto a_deleted_notification_is_forgotten(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(must(rig.root().revoke(kDepth, alarm.notification)));
    TRY(must(rig.root().delete_(kDepth, alarm.notification)));
    TRY(alarm_in(rig, 0));
    spend(50'000);
    return must(rig.core().set_alarm(kNever));
}

constexpr std::uint64_t kSoon = 20'000;  ///< ticks
constexpr std::uint64_t kLater = 50'000; ///< ticks: `kSoon` has passed

auto is_silent(Alarm const& alarm) -> bool {
    spend(kLater);
    return os::try_receive(alarm.notification).message.tag.raw() == 0;
}

/// Acknowledging what has not come leaves one interrupt to be one signal.
auto acknowledging_nothing_does_nothing(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    auto const before = rig.fingerprint();
    for (int round = 0; round < 100; ++round) {
        TRY(must(alarm.handler.acknowledge()));
    }
    REQUIRE(is_silent(alarm));
    TRY(alarm_in(rig, kSoon));
    TRY(must(alarm.handler.acknowledge()));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    TRY(must(rig.core().set_alarm(kNever)));
    REQUIRE(is_silent(alarm) && rig.fingerprint() == before);
    return {};
}

/// Once the device is quiet; while it is not, each acknowledgement is one interrupt more.
auto acknowledging_twice_is_acknowledging_once(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(alarm_in(rig, 0));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    for (int round = 0; round < 3; ++round) {
        TRY(must(alarm.handler.acknowledge()));
        REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
        REQUIRE(is_silent(alarm));
    }
    TRY(must(rig.core().set_alarm(kNever)));
    TRY(must(alarm.handler.acknowledge()));
    TRY(must(alarm.handler.acknowledge()));
    REQUIRE(is_silent(alarm));
    return {};
}

/// A raised line whose notification has gone is not unmasked, or the machine would do nothing else any more.
auto a_line_without_notification_stays_masked(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(alarm_in(rig, 0));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    TRY(must(rig.root().revoke(kDepth, alarm.notification)));
    TRY(must(rig.root().delete_(kDepth, alarm.notification)));
    TRY(must(alarm.handler.acknowledge()));
    TRY(must(alarm.handler.acknowledge()));
    spend(kLater);
    // Another one hears of it at once.
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    TRY(must(alarm.handler.set_notification(TRY(rig.mint(notification, 4)))));
    REQUIRE(os::wait(notification) == 4);
    TRY(must(alarm.handler.clear()));
    TRY(must(alarm.handler.clear()));
    TRY(must(alarm.handler.acknowledge()));
    spend(kLater);
    REQUIRE(os::try_receive(notification).message.tag.raw() == 0);
    return must(rig.core().set_alarm(kNever));
}

/// The line keeps its own capability: it signals until it is cleared, and nobody can hear.
auto a_line_outlives_its_listeners_capability(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    CPtr const other = TRY(rig.make(ObjectType::Notification));
    TRY(must(alarm.handler.set_notification(other)));
    TRY(must(rig.root().delete_(kDepth, other)));
    for (int round = 0; round < 3; ++round) {
        TRY(alarm_in(rig, 0));
        spend(kLater);
        TRY(must(rig.core().set_alarm(kNever)));
        TRY(must(alarm.handler.acknowledge()));
    }
    return must(alarm.handler.clear());
}

auto a_deleted_handler_acknowledges_nothing(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    CPtr const copy = TRY(rig.mint(alarm.handler.capability(), 0));
    TRY(alarm_in(rig, 0));
    REQUIRE(os::wait(alarm.notification) == Alarm::kBadge);
    TRY(must(rig.root().delete_(kDepth, copy)));
    REQUIRE(refusal(object::IrqHandler{copy}.acknowledge()) == Error::InvalidCapability);
    REQUIRE(is_silent(alarm)); // the copy that is left has not acknowledged it
    TRY(must(rig.root().delete_(kDepth, alarm.handler.capability())));
    REQUIRE(refusal(alarm.handler.acknowledge()) == Error::InvalidCapability);
    REQUIRE(refusal(alarm.handler.clear()) == Error::InvalidCapability);
    REQUIRE(is_silent(alarm));
    // Who gets the line next is told that it is raised.
    auto const line = TRY(must(rig.core().info())).alarm_irq;
    object::IrqHandler const next{rig.slot()};
    TRY(must(control().get(0, kDepth, line, kRoot, next.capability())));
    REQUIRE(is_silent(alarm));
    TRY(must(next.set_notification(alarm.notification)));
    REQUIRE(os::try_receive(alarm.notification).message.tag.has(abi::MessageTag::kNotification));
    return must(rig.core().set_alarm(kNever));
}

/// Above everyone else, a driver acknowledges a line that it never quiets.
auto a_raised_line_leaves_time_for_others(Rig& rig) -> Outcome {
    static std::atomic<std::uint64_t> interrupts;
    static Alarm alarm;
    interrupts = 0;
    alarm = TRY(take_alarm(rig));
    auto const acknowledge_for_ever = [](std::uint64_t /*argument*/) {
        while (true) {
            (void)os::wait(alarm.notification);
            ++interrupts;
            (void)alarm.handler.acknowledge();
        }
    };
    auto const second = os::arch::counter_frequency();
    Thread const driver =
        TRY(rig.start({.run = acknowledge_for_ever, .budget = second / 20'000, .period = second / 1000}));
    TRY(alarm_in(rig, 0));
    for (int round = 0; round < 3; ++round) {
        auto const before = interrupts.load();
        REQUIRE(eventually([&] { return interrupts > before; }));
        spend(second / 1000); // which comes to an end
    }
    TRY(must(driver.tcb.suspend()));
    return must(rig.core().set_alarm(kNever));
}

auto a_weak_core_control_sets_no_alarm(Rig& rig) -> Outcome {
    CPtr const weak = TRY(rig.mint(os::slot::kCoreControl, 10, abi::rights::kRead));
    REQUIRE(refusal(object::CoreControl{weak}.set_alarm(kNever)) == Error::IllegalOperation);
    return {};
}

constexpr std::array kTests{
    Test{"an_alarm_arrives", an_alarm_arrives, "TIMER0001"},
    Test{"a_line_waits_for_its_acknowledgement", a_line_waits_for_its_acknowledgement},
    Test{"a_cleared_line_is_silent", a_cleared_line_is_silent},
    Test{"a_line_has_one_handler", a_line_has_one_handler},
    Test{"interrupt_lines_are_checked", lines_are_checked},
    Test{"a_deleted_notification_is_forgotten", a_deleted_notification_is_forgotten},
    Test{"acknowledging_nothing_does_nothing", acknowledging_nothing_does_nothing},
    Test{"acknowledging_twice_is_acknowledging_once", acknowledging_twice_is_acknowledging_once},
    Test{"a_line_without_notification_stays_masked", a_line_without_notification_stays_masked},
    Test{"a_line_outlives_its_listeners_capability", a_line_outlives_its_listeners_capability},
    Test{"a_deleted_handler_acknowledges_nothing", a_deleted_handler_acknowledges_nothing},
    Test{"a_raised_line_leaves_time_for_others", a_raised_line_leaves_time_for_others},
    Test{"a_weak_core_control_sets_no_alarm", a_weak_core_control_sets_no_alarm},
};

} // namespace

auto interrupt_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
