// SPDX-License-Identifier: MIT
/// Interrupt lines, the alarm, the kernel's console.
#include "kernel_test.hpp"

#include "kernel/debug/invariants.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/irq_line.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kHandler = kFree;
constexpr CPtr kNotification = kFree + 1;
constexpr CPtr kBadged = kFree + 2;
constexpr CPtr kDriver = kFree + 10;
constexpr std::uint32_t kLine = 5;
constexpr std::uint64_t kBadge = 0x80;
using arch::Interrupts;
using os::object::IrqControl;
using os::object::IrqHandler;

class IrqTest : public KernelTest {
protected:
    IrqTest() {
        make(ObjectType::Notification, kNotification);
        mint(kBadged, kNotification, kBadge);
    }
    auto get(std::uint32_t line, CPtr at = kHandler, std::uint8_t trigger = 0) {
        return error(IrqControl{kIrqControl}.get(trigger, kDepth, line, kRoot, at));
    }
    auto unmasked() { return machine().unmasked.contains(kLine); }
};

TEST_F(IrqTest, InterruptSignalsUntilAcknowledged) {
    EXPECT_EQ(get(kLine, kHandler, 1), Error::None);
    EXPECT_EQ(machine().triggers[kLine], arch::Trigger::Edge);
    EXPECT_FALSE(unmasked());
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_TRUE(unmasked());
    auto& driver = make_thread(kDriver, kMainPriority + 1);
    receive(kNotification);
    interrupt(kLine);
    ASSERT_EQ(current(), &driver);
    EXPECT_EQ(received(driver).badge, kBadge);
    EXPECT_FALSE(unmasked());
    EXPECT_EQ(machine().completed.back(), kLine);
    EXPECT_EQ(error(IrqHandler{kHandler}.acknowledge()), Error::None);
    EXPECT_TRUE(unmasked());
}

TEST_F(IrqTest, AcknowledgingWithoutNotificationLeavesTheLineMasked) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.acknowledge()), Error::None);
    EXPECT_FALSE(unmasked()) << "never had one";
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_TRUE(unmasked());
    EXPECT_EQ(error(IrqHandler{kHandler}.clear()), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.acknowledge()), Error::None);
    EXPECT_FALSE(unmasked()) << "has none any more";
}

TEST_F(IrqTest, GetRefusals) {
    EXPECT_EQ(get(Interrupts::kLineCount), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, Interrupts::kLineCount - 1}));
    EXPECT_EQ(get(Interrupts::kTimerLine), Error::RangeError) << "the kernel's own";
    EXPECT_EQ(get(Interrupts::kCallLine), Error::RangeError);
    EXPECT_EQ(get(Interrupts::kEndOfShared + 2), Error::RangeError) << "a core's own";
    EXPECT_EQ(get(Interrupts::kLineCount + 1), Error::RangeError) << "the alarm of a core that is not there";
    EXPECT_EQ(get(~std::uint32_t{0}), Error::RangeError);
    EXPECT_EQ(get(kLine, kHandler, 2), Error::InvalidArgument);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(get(kLine, kTcb), Error::DeleteFirst);
    EXPECT_EQ(error(IrqControl{kIrqControl}.get(0, kDepth, kLine, kTcb, kHandler)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 4U);
    EXPECT_EQ(error(IrqControl{kIrqControl}.get(0, 3, kLine, kRoot, kHandler)), Error::FailedLookup);
    EXPECT_FALSE(IrqLine::by_number(kLine).issued);
}

TEST_F(IrqTest, CopiesOfTheControlMakeHandlersThatItsRevokeTakes) {
    constexpr CPtr kFirstCopy = kFree + 5;
    constexpr CPtr kSecondCopy = kFree + 6;
    for (CPtr const at : {kFirstCopy, kSecondCopy}) {
        EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, abi::rights::kAll, at, kRoot, kIrqControl)),
                  Error::None);
    }
    EXPECT_EQ(error(IrqControl{kFirstCopy}.get(0, kDepth, kLine, kRoot, kHandler)), Error::None);
    EXPECT_EQ(error(IrqControl{kSecondCopy}.get(0, kDepth, kLine, kRoot, kHandler + 3)), Error::RevokeFirst);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kSecondCopy)), Error::None);
    EXPECT_FALSE(slot(kFirstCopy).empty()) << "a copy has nothing to do with another";
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kIrqControl)), Error::None);
    EXPECT_TRUE(slot(kHandler).empty());
    EXPECT_FALSE(IrqLine::by_number(kLine).issued);
}

TEST_F(IrqTest, OneHandlerForALine) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(get(kLine, kHandler + 5), Error::RevokeFirst);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kHandler)), Error::None);
    EXPECT_EQ(get(kLine, kHandler + 5), Error::None);
}

TEST_F(IrqTest, DeletingTheLastHandlerSilencesTheLine) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, abi::rights::kAll, kHandler + 5, kRoot, kHandler)),
              Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kHandler)), Error::None);
    EXPECT_TRUE(unmasked()) << "there is another capability";
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kIrqControl)), Error::None);
    EXPECT_FALSE(unmasked());
    EXPECT_TRUE(IrqLine::by_number(kLine).notification.empty());
}

TEST_F(IrqTest, ClearStopsSignals) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.clear()), Error::None);
    EXPECT_FALSE(unmasked());
    EXPECT_EQ(error(IrqHandler{kHandler}.clear()), Error::None);
}

TEST_F(IrqTest, SetNotificationNeedsTheWriteRight) {
    EXPECT_EQ(get(kLine), Error::None);
    mint(kFree + 5, kNotification, 1, abi::rights::kRead);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kFree + 5)), Error::IllegalOperation);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kTcb)), Error::InvalidCapability);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kNotification)), Error::None) << "replaces";
}

TEST_F(IrqTest, LineKeepsItsOwnCopyOfTheNotification) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kBadged)), Error::None);
    interrupt(kLine);
    system_call(abi::Syscall::NBRecv, kNotification);
    EXPECT_EQ(received(main_thread()).badge, kBadge);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kNotification)), Error::None);
    EXPECT_TRUE(IrqLine::by_number(kLine).notification.empty()) << "and loses it with the rest";
}

TEST_F(IrqTest, UnclaimedAndSpuriousInterruptsAreHarmless) {
    machine().unmasked.insert(kLine);
    interrupt(kLine);
    EXPECT_FALSE(unmasked());
    interrupt(Interrupts::kNone);
    interrupt(Interrupts::kLineCount + 1);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(IrqTest, ANewHandlerBeginsOnCore0) {
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_core(kCore)), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_core(kTcb)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kHandler)), Error::None);
    machine().routes[kLine] = 3;
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(machine().routes[kLine], 0U);
}

TEST_F(IrqTest, ALineThatCannotBeRoutedIsRefused) {
    machine().can_route = false;
    EXPECT_EQ(get(kLine), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_core(kCore)), Error::IllegalOperation);
}

class ConsoleTest : public KernelTest {};

TEST_F(ConsoleTest, WritesWhatItIsGiven) {
    os::object::DebugConsole const console{kConsole};
    EXPECT_EQ(error(console.write(2, {'h', 'i', '!'})), Error::None);
    EXPECT_EQ(machine().output, "hi");
    EXPECT_EQ(error(console.write(0, {})), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 48}));
    EXPECT_EQ(error(console.write(49, {})), Error::RangeError);
}

TEST_F(ConsoleTest, ChecksInvariants) {
    EXPECT_EQ(*os::object::DebugConsole{kConsole}.check_invariants(), 0U);
    make(ObjectType::Notification, kFree);
    object<Notification>(kFree).word = 1;
    EXPECT_EQ(*os::object::DebugConsole{kConsole}.check_invariants(), 1U);
    object<Notification>(kFree).word = 0;
}

TEST_F(ConsoleTest, ChecksObjectsWhoseMemoryIsSomeoneElses) {
    make(ObjectType::Notification, kFree);
    make(ObjectType::CNode, kFree + 1, 4);
    object<Notification>(kFree).word = 1;
    auto const node = slot(kFree + 1).capability();
    EXPECT_EQ(debug::check_all(node).violations, 0U) << "it has no capability to the notification";
    os::object::CNode const component{kFree + 1};
    EXPECT_EQ(error(component.copy(4, kDepth, abi::rights::kAll, 2, kRoot, kFree)), Error::None);
    EXPECT_EQ(error(component.copy(4, kDepth, abi::rights::kAll, 3, kRoot, kFree)), Error::None);
    EXPECT_EQ(debug::check_all(node).violations, 1U);
    EXPECT_EQ(*os::object::DebugConsole{kConsole}.check_invariants(), 1U);
    object<Notification>(kFree).word = 0;
}

TEST_F(ConsoleTest, PowersOff) {
    EXPECT_EQ(error(os::object::DebugConsole{kConsole}.power_off(3)), Error::IllegalOperation)
        << "this board cannot";
    EXPECT_EQ(machine().powered_off, 3);
}

TEST_F(ConsoleTest, OpensTheCycleCounterIfThereIsOne) {
    os::object::DebugConsole const console{kConsole};
    machine().has_cycle_counter = false;
    EXPECT_EQ(error(console.allow_cycle_counter()), Error::IllegalOperation);
    machine().has_cycle_counter = true;
    EXPECT_FALSE(machine().cycle_counter_allowed);
    EXPECT_EQ(error(console.allow_cycle_counter()), Error::None);
    EXPECT_TRUE(machine().cycle_counter_allowed);
}

class AlarmTest : public KernelTest {
protected:
    AlarmTest() {
        make(ObjectType::Notification, kNotification);
        mint(kBadged, kNotification, kBadge);
    }
    static auto take(std::uint32_t line = Interrupts::kAlarmLine) {
        return error(IrqControl{kIrqControl}.get(0, kDepth, line, kRoot, kHandler));
    }
    static auto alarm() { return machine().alarms[0]; }
};

TEST_F(AlarmTest, IsSetByWhoMayWrite) {
    EXPECT_EQ(take(), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(alarm(), arch::Time::kNever) << "until it is set";
    EXPECT_EQ(error(kCoreControl.set_alarm(1234)), Error::None);
    EXPECT_EQ(alarm(), 1234U);
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, abi::rights::kRead, kFree + 5, kRoot, kCore)),
              Error::None);
    EXPECT_EQ(error(os::object::CoreControl{kFree + 5}.set_alarm(1)), Error::IllegalOperation);
    EXPECT_EQ(alarm(), 1234U);
}

TEST_F(AlarmTest, IsMaskedUntilAcknowledged) {
    EXPECT_EQ(error(kCoreControl.set_alarm(1234)), Error::None);
    EXPECT_EQ(alarm(), arch::Time::kNever) << "nobody handles it";
    EXPECT_EQ(take(), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.acknowledge()), Error::None);
    EXPECT_EQ(alarm(), arch::Time::kNever) << "nobody is told";
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(alarm(), 1234U);
    interrupt(Interrupts::kAlarmLine);
    EXPECT_EQ(alarm(), arch::Time::kNever);
    EXPECT_EQ(object<kernel::Notification>(kNotification).word, kBadge);
    EXPECT_EQ(error(IrqHandler{kHandler}.acknowledge()), Error::None);
    EXPECT_EQ(alarm(), 1234U) << "it interrupts again until it is set anew";
    EXPECT_EQ(error(IrqHandler{kHandler}.clear()), Error::None);
    EXPECT_EQ(alarm(), arch::Time::kNever);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_notification(kBadged)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kHandler)), Error::None);
    EXPECT_EQ(alarm(), arch::Time::kNever);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_core(kCore)), Error::InvalidCapability);
}

TEST_F(AlarmTest, StaysOnItsCore) {
    EXPECT_EQ(take(), Error::None);
    EXPECT_EQ(error(IrqHandler{kHandler}.set_core(kCore)), Error::IllegalOperation);
}

TEST_F(AlarmTest, InfoNamesCorePriorityAndLine) {
    mint(kFree, kCore, 20);
    auto const info = os::object::CoreControl{kFree}.info();
    EXPECT_EQ(info->core, 0U);
    EXPECT_EQ(info->max_priority, 20U);
    EXPECT_EQ(info->alarm_irq, Interrupts::kAlarmLine);
}

} // namespace
} // namespace kernel::test
