// SPDX-License-Identifier: MIT
/// Signals, waiting, bound notifications.
#include "kernel_test.hpp"

#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kNotification = kFree;
constexpr CPtr kOne = kFree + 1;
constexpr CPtr kTwo = kFree + 2;
constexpr CPtr kEndpoint = kFree + 3;
constexpr CPtr kWaiter = kFree + 10;
using abi::MessageTag;

class NotificationTest : public KernelTest {
protected:
    NotificationTest() {
        make(ObjectType::Notification, kNotification);
        make(ObjectType::Endpoint, kEndpoint);
        mint(kOne, kNotification, 1);
        mint(kTwo, kNotification, 2);
    }
    void signal(CPtr at) { send(at, 0); }
    auto notification() -> Notification& { return object<Notification>(kNotification); }
};

TEST_F(NotificationTest, SignalsAddUpUntilTaken) {
    signal(kOne);
    signal(kTwo);
    receive(kNotification);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).badge, 3U);
    EXPECT_EQ(received(main_thread()).message.tag, (MessageTag{0, 0, MessageTag::kNotification}));
    EXPECT_FALSE(notification().active);
}

TEST_F(NotificationTest, WaiterIsWoken) {
    auto& waiter = make_thread(kWaiter, kHigh);
    receive(kNotification);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(waiter.state, ThreadState::Waiting);
    signal(kTwo);
    EXPECT_EQ(current(), &waiter);
    EXPECT_EQ(received(waiter).badge, 2U);
    EXPECT_FALSE(notification().active);
}

TEST_F(NotificationTest, SignalToALowerPriorityDoesNotSwitch) {
    auto& waiter = make_thread(kWaiter, kMainPriority - 1);
    EXPECT_EQ(error(os::object::Tcb{kTcb}.suspend()), Error::None);
    ASSERT_EQ(current(), &waiter);
    EXPECT_EQ(error(os::object::Tcb{kTcb}.resume()), Error::None);
    yield();
    ASSERT_EQ(current(), &main_thread());
    signal(kOne);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(NotificationTest, SignalWithoutABadgeStillWakes) {
    signal(kNotification);
    EXPECT_TRUE(notification().active);
    receive(kNotification);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).badge, 0U);
}

TEST_F(NotificationTest, PollReturnsNothingWhenIdle) {
    system_call(abi::Syscall::NBRecv, kNotification);
    EXPECT_EQ(received(main_thread()).badge, 0U);
    EXPECT_EQ(received(main_thread()).message.tag.raw(), 0U);
    signal(kOne);
    system_call(abi::Syscall::NBRecv, kNotification);
    EXPECT_EQ(received(main_thread()).badge, 1U);
    system_call(abi::Syscall::NBRecv, kNotification);
    EXPECT_EQ(received(main_thread()).badge, 0U);
}

TEST_F(NotificationTest, SignalNeedsTheWriteRight) {
    mint(kFree + 5, kNotification, 4, abi::rights::kRead);
    signal(kFree + 5);
    EXPECT_FALSE(notification().active);
}

TEST_F(NotificationTest, BoundThreadIsWokenWhileItReceives) {
    auto& waiter = make_thread(kWaiter, kHigh);
    EXPECT_EQ(error(os::object::Tcb{kWaiter}.bind_notification(kNotification)), Error::None);
    receive(kEndpoint);
    signal(kTwo);
    ASSERT_EQ(current(), &waiter);
    EXPECT_EQ(received(waiter).badge, 2U);
    EXPECT_TRUE(received(waiter).message.tag.has(MessageTag::kNotification));
    EXPECT_TRUE(object<Endpoint>(kEndpoint).receivers.empty());
}

TEST_F(NotificationTest, BoundThreadFindsAnEarlierSignal) {
    EXPECT_EQ(error(os::object::Tcb{kTcb}.bind_notification(kNotification)), Error::None);
    signal(kOne);
    receive(kEndpoint);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).badge, 1U);
    signal(kTwo);
    system_call(abi::Syscall::NBRecv, kEndpoint);
    EXPECT_EQ(received(main_thread()).badge, 2U);
}

TEST_F(NotificationTest, ThreadThatIsBoundWhileItReceivesHearsAnEarlierSignal) {
    auto& receiver = make_thread(kWaiter, kHigh);
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    signal(kOne);
    EXPECT_EQ(error(os::object::Tcb{kWaiter}.bind_notification(kNotification)), Error::None);
    EXPECT_EQ(current(), &receiver);
    EXPECT_EQ(received(receiver).badge, 1U);
    EXPECT_FALSE(notification().active);
}

TEST_F(NotificationTest, BoundThreadMayWaitOnTheNotificationItself) {
    EXPECT_EQ(error(os::object::Tcb{kTcb}.bind_notification(kNotification)), Error::None);
    signal(kOne);
    receive(kNotification);
    EXPECT_EQ(received(main_thread()).badge, 1U);
}

TEST_F(NotificationTest, BindingIsExclusive) {
    make_thread(kWaiter, kMainPriority - 1);
    make(ObjectType::Notification, kFree + 5);
    os::object::Tcb const main_tcb{kTcb};
    os::object::Tcb const other{kWaiter};
    EXPECT_EQ(error(main_tcb.bind_notification(kNotification)), Error::None);
    EXPECT_EQ(error(main_tcb.bind_notification(kFree + 5)), Error::IllegalOperation) << "the thread is bound";
    EXPECT_EQ(error(other.bind_notification(kNotification)), Error::IllegalOperation) << "it is bound";
    EXPECT_EQ(error(main_tcb.unbind_notification()), Error::None);
    EXPECT_EQ(error(main_tcb.unbind_notification()), Error::None);
    EXPECT_EQ(error(other.bind_notification(kNotification)), Error::None);
    EXPECT_EQ(error(other.bind_notification(kEndpoint)), Error::InvalidCapability);
}

TEST_F(NotificationTest, BindingIsForbiddenWhileSomeoneWaits) {
    make_thread(kWaiter, kHigh);
    receive(kNotification);
    EXPECT_EQ(error(os::object::Tcb{kTcb}.bind_notification(kNotification)), Error::IllegalOperation);
}

TEST_F(NotificationTest, BindingNeedsTheReadRight) {
    mint(kFree + 5, kNotification, 4, abi::rights::kWrite);
    EXPECT_EQ(error(os::object::Tcb{kTcb}.bind_notification(kFree + 5)), Error::IllegalOperation);
}

TEST_F(NotificationTest, DeletingItUnbindsAndRestartsWaiters) {
    auto& waiter = make_thread(kWaiter, kHigh);
    receive(kNotification);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kNotification)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNotification)), Error::None);
    EXPECT_EQ(waiter.state, ThreadState::Running);
    make(ObjectType::Notification, kFree + 5);
}

TEST_F(NotificationTest, DeletingTheBoundThreadUnbinds) {
    make_thread(kWaiter, kMainPriority - 1);
    EXPECT_EQ(error(os::object::Tcb{kWaiter}.bind_notification(kNotification)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kWaiter)), Error::None);
    EXPECT_EQ(notification().bound, nullptr);
    signal(kOne);
}

} // namespace
} // namespace kernel::test
