// SPDX-License-Identifier: MIT
/// Contexts of notifications: lent by a signal to the thread that it wakes, until that waits again.
#include "kernel_test.hpp"

#include "kernel/object/notification.hpp"
#include "kernel/object/sched_context.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kOther = kFree + 1;
constexpr CPtr kNotification = kFree + 2;
constexpr CPtr kFirst = kFree + 10;
constexpr CPtr kSecond = kFree + 20;
constexpr CPtr kThird = kFree + 30;

class NotificationContextTest : public KernelTest {
protected:
    static constexpr CPtr kBadged = kFree + 3;
    static constexpr CPtr kLent = kFree + 4;
    NotificationContextTest() {
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Endpoint, kOther);
        make(ObjectType::Notification, kNotification);
        mint(kBadged, kNotification, 5);
        make(ObjectType::SchedContext, kLent);
        EXPECT_EQ(configure(kLent, kHigh + 1), Error::None);
        EXPECT_EQ(bind_home(), Error::None);
    }
    static auto bind_home() -> Error {
        return error(os::object::SchedContext{kLent}.bind_notification(kNotification));
    }
    auto lent() -> SchedContext& { return context(kLent); }
    /// Threads without a context: one that waits, one that receives and is bound to the notification.
    auto make_waiter(CPtr at) -> Tcb& { return make_passive_receiver(at, kNotification); }
    auto make_bound(CPtr at) -> Tcb& {
        auto& thread = make_passive_receiver(at, kEndpoint);
        EXPECT_EQ(error(os::object::Tcb{at}.bind_notification(kNotification)), Error::None);
        return thread;
    }
};

TEST_F(NotificationContextTest, SignalLendsUntilTheNextWait) {
    auto& waiter = make_waiter(kFirst);
    for (int round = 0; round < 3; ++round) {
        send(kBadged, 0);
        ASSERT_EQ(current(), &waiter);
        EXPECT_EQ(waiter.context, &lent());
        EXPECT_EQ(received(waiter).badge, 5U);
        receive(kNotification);
        ASSERT_EQ(current(), &main_thread());
        EXPECT_EQ(waiter.own, nullptr);
        EXPECT_EQ(lent().owner, nullptr);
        expect_invariants();
    }
}

TEST_F(NotificationContextTest, SignalLendsToTheBoundThreadUntilItReceives) {
    auto& bound = make_bound(kFirst);
    send(kBadged, 0);
    ASSERT_EQ(current(), &bound);
    EXPECT_EQ(bound.own, &lent());
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(bound.own, nullptr);
    system_call(abi::Syscall::NBSend, kEndpoint, {abi::MessageTag{1, 0}, {}});
    EXPECT_EQ(bound.state, ThreadState::Receiving) << "it has no time again";
}

TEST_F(NotificationContextTest, BoundThreadFindsTheContextWithASignalThatWaited) {
    unbind(kLent);
    auto& bound = make_bound(kFirst);
    send(kBadged, 0);
    ASSERT_EQ(bound.state, ThreadState::Receiving) << "nothing to run on";
    EXPECT_EQ(bind_home(), Error::None);
    EXPECT_EQ(current(), &bound);
    EXPECT_EQ(bound.own, &lent());
}

TEST_F(NotificationContextTest, ServerOnItsCallersTimeTurnsToTheSignal) {
    auto& server = make_bound(kFirst);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &server);
    make_thread(kSecond, kHigh + 2);
    send(kBadged, 0);
    receive(kOther);
    ASSERT_EQ(current(), &server);
    reply_receive(kEndpoint, 0);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(server.own, &lent());
    EXPECT_EQ(received(server).badge, 5U);
}

TEST_F(NotificationContextTest, ServerOnItsCallersTimeWaitsForASignalThatIsThere) {
    auto& server = make_passive_receiver(kFirst, kEndpoint);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &server);
    make_thread(kSecond, kHigh + 2);
    send(kBadged, 0);
    receive(kOther);
    ASSERT_EQ(current(), &server);
    reply_receive(kNotification, 0);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(server.own, &lent());
    EXPECT_EQ(received(server).badge, 5U);
}

TEST_F(NotificationContextTest, KeptCallersTimeGoesBackWithASignalThatIsThere) {
    make(ObjectType::Reply, kThird);
    auto& server = make_passive_receiver(kFirst, kEndpoint);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(error(os::object::Reply{kThird}.save()), Error::None);
    send(kBadged, 0);
    receive(kNotification);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(server.context, &lent());
    EXPECT_EQ(server.lender, nullptr);
    EXPECT_EQ(main_thread().borrower, nullptr);
    send(kThird, 7);
    EXPECT_EQ(current(), &server) << "it has time to go on with";
    EXPECT_EQ(received(main_thread()).message.tag.label(), 7U);
}

TEST_F(NotificationContextTest, ContextOfADeadWaiterWakesTheBoundThread) {
    make_waiter(kFirst);
    auto& bound = make_passive_receiver(kSecond, kEndpoint);
    make_thread(kThird, kHigh + 2);
    send(kBadged, 0);
    EXPECT_EQ(object<Tcb>(kFirst).own, &lent());
    EXPECT_EQ(error(os::object::Tcb{kSecond}.bind_notification(kNotification)), Error::None);
    send(kBadged, 0);
    ASSERT_EQ(bound.state, ThreadState::Receiving) << "the waiter has the only time there is";
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst)), Error::None);
    EXPECT_EQ(bound.state, ThreadState::Running);
    EXPECT_EQ(bound.own, &lent());
}

TEST_F(NotificationContextTest, ThreadWithItsOwnContextKeepsIt) {
    auto& waiter = make_thread(kFirst, kHigh);
    receive(kNotification);
    send(kBadged, 0);
    ASSERT_EQ(current(), &waiter);
    EXPECT_EQ(waiter.context, &context(kFirst + 1));
    EXPECT_EQ(lent().owner, nullptr);
}

TEST_F(NotificationContextTest, OneContextIsLentToOneThread) {
    auto& first = make_waiter(kFirst);
    auto& second = make_waiter(kSecond);
    make_thread(kThird, kHigh + 2);
    send(kBadged, 0);
    send(kBadged, 0);
    EXPECT_EQ(first.own, &lent());
    EXPECT_EQ(second.state, ThreadState::Running);
    EXPECT_EQ(second.context, nullptr);
}

TEST_F(NotificationContextTest, DeletedThreadReturnsTheContext) {
    make_waiter(kFirst);
    make_thread(kThird, kHigh + 2);
    send(kBadged, 0);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst)), Error::None);
    EXPECT_EQ(lent().owner, nullptr);
    receive(kOther);
    auto& second = make_waiter(kSecond);
    send(kBadged, 0);
    EXPECT_EQ(current(), &second);
}

TEST_F(NotificationContextTest, DeletedContextIsLentNoMore) {
    auto& waiter = make_waiter(kFirst);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kLent)), Error::None);
    EXPECT_EQ(object<Notification>(kNotification).context, nullptr);
    send(kBadged, 0);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(waiter.context, nullptr);
}

TEST_F(NotificationContextTest, DeletedNotificationLeavesTheContextFree) {
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kNotification)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNotification)), Error::None);
    EXPECT_EQ(lent().home, nullptr);
    make_passive_thread(kFirst);
    bind(kLent, kFirst);
}

TEST_F(NotificationContextTest, BindingIsForOneOfAKind) {
    make(ObjectType::Notification, kThird);
    EXPECT_EQ(error(os::object::SchedContext{kLent}.bind_notification(kThird)), Error::IllegalOperation);
    make_passive_thread(kFirst);
    EXPECT_EQ(error(os::object::SchedContext{kLent}.bind(kFirst)), Error::IllegalOperation);
    EXPECT_EQ(error(os::object::SchedContext{kContext}.bind_notification(kThird)), Error::IllegalOperation);
    make(ObjectType::SchedContext, kSecond);
    EXPECT_EQ(error(os::object::SchedContext{kSecond}.bind_notification(kNotification)),
              Error::IllegalOperation);
    EXPECT_EQ(error(os::object::SchedContext{kSecond}.bind_notification(kEndpoint)),
              Error::InvalidCapability);
    unbind(kLent);
    EXPECT_EQ(error(os::object::SchedContext{kSecond}.bind_notification(kNotification)), Error::None);
    bind(kLent, kFirst);
}

} // namespace
} // namespace kernel::test
