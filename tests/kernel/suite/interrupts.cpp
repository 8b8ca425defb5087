// SPDX-License-Identifier: MIT
/// Interrupt lines, tried with the alarm's.
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kNever = ~std::uint64_t{0};

auto control() -> object::IrqControl { return object::IrqControl{os::slot::kIrqControl}; }

/// The alarm's line with a notification of badge 2.
struct Alarm {
    object::IrqHandler handler;
    CPtr notification;
};

auto take_alarm(Rig& rig) -> Got<Alarm> {
    auto const info = TRY(must(rig.core().info()));
    CPtr const slot = rig.slot();
    TRY(must(rig.core().set_alarm(kNever)));
    TRY(must(control().get(0, kDepth, info.alarm_irq, kRoot, slot)));
    Alarm const alarm{object::IrqHandler{slot}, TRY(rig.make(ObjectType::Notification))};
    TRY(must(alarm.handler.set_notification(TRY(rig.mint(alarm.notification, 2)))));
    return alarm;
}

auto alarm_in(Rig& rig, std::uint64_t ticks) -> Got<std::uint64_t> {
    std::uint64_t const deadline = os::arch::counter() + ticks;
    TRY(must(rig.core().set_alarm(deadline)));
    return deadline;
}

auto an_alarm_arrives(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    for (int round = 0; round < 3; ++round) {
        auto const deadline = TRY(alarm_in(rig, 20'000));
        REQUIRE(os::wait(alarm.notification) == 2);
        REQUIRE(os::arch::counter() >= deadline);
        TRY(must(rig.core().set_alarm(kNever)));
        TRY(must(alarm.handler.acknowledge()));
    }
    return {};
}

auto a_line_waits_for_its_acknowledgement(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(alarm_in(rig, 0));
    REQUIRE(os::wait(alarm.notification) == 2);
    // The line is still raised, but masked.
    spend(50'000);
    REQUIRE(os::try_receive(alarm.notification).badge == 0);
    TRY(must(alarm.handler.acknowledge()));
    REQUIRE(os::wait(alarm.notification) == 2);
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
    Test{"a_weak_core_control_sets_no_alarm", a_weak_core_control_sets_no_alarm},
};

} // namespace

auto interrupt_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
