// SPDX-License-Identifier: MIT
/// Threads that wait in queues while contexts come and go, and how long a queue may take.
#include "kernel_test.hpp"

#include "kernel/invoke/lifecycle.hpp"
#include "kernel/object/endpoint.hpp"
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
constexpr CPtr kMany = kFree + 100;

class WaitingTest : public KernelTest {
protected:
    WaitingTest() {
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Endpoint, kOther);
        make(ObjectType::Notification, kNotification);
    }
    /// A thread without a context that receives. Its context stays in the slot after it.
    auto make_passive_receiver(CPtr at, CPtr endpoint = kEndpoint) -> Tcb& {
        auto& thread = make_thread(at, kHigh);
        receive(endpoint);
        unbind(at + 1);
        return thread;
    }
    /// A thread of a high priority that sends and waits.
    auto make_sender(CPtr at, std::uint64_t label, std::uint8_t priority = kHigh) -> Tcb& {
        auto& thread = make_thread(at, priority);
        send(kEndpoint, label);
        return thread;
    }
    static void bind(CPtr context, CPtr thread) {
        EXPECT_EQ(error(os::object::SchedContext{context}.bind(thread)), Error::None);
    }
    static void unbind(CPtr context) {
        EXPECT_EQ(error(os::object::SchedContext{context}.unbind()), Error::None);
    }
    static auto configure(CPtr context, std::uint8_t priority) {
        return error(kCoreControl.configure(priority, context, kSlice, 0, 0));
    }
    /// The label of what the first thread receives without waiting.
    auto next_label() -> std::uint64_t {
        system_call(abi::Syscall::NBRecv, kEndpoint);
        while (current() != &main_thread()) {
            receive(kOther); // the sender has gone on
        }
        return received(main_thread()).message.tag.label();
    }
};

TEST_F(WaitingTest, BoundReceiverTakesTheSenderThatWaits) {
    auto& receiver = make_passive_receiver(kFirst);
    auto& sender = make_sender(kSecond, 7);
    ASSERT_EQ(sender.state, ThreadState::Sending);
    bind(kFirst + 1, kFirst);
    EXPECT_EQ(received(receiver).message.tag.label(), 7U);
    EXPECT_EQ(receiver.state, ThreadState::Running);
    EXPECT_EQ(sender.state, ThreadState::Running);
    EXPECT_EQ(current(), &receiver);
}

TEST_F(WaitingTest, BoundReceiverFindsASignalThatWaited) {
    auto& receiver = make_passive_receiver(kFirst);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.bind_notification(kNotification)), Error::None);
    mint(kThird, kNotification, 5);
    send(kThird, 0);
    ASSERT_EQ(receiver.state, ThreadState::Receiving);
    bind(kFirst + 1, kFirst);
    EXPECT_EQ(current(), &receiver);
    EXPECT_EQ(received(receiver).badge, 5U);
    EXPECT_TRUE(received(receiver).message.tag.has(abi::MessageTag::kNotification));
}

TEST_F(WaitingTest, BoundCallerMeetsAPassiveReceiver) {
    auto& caller = make_thread(kFirst, kHigh);
    call(kEndpoint, 7);
    unbind(kFirst + 1);
    auto& receiver = make_passive_receiver(kSecond, kOther);
    // It comes to its receive on a lent context, when nobody at the endpoint has one.
    call(kOther, 1);
    ASSERT_EQ(current(), &receiver);
    reply_receive(kEndpoint, 0);
    ASSERT_EQ(current(), &main_thread());
    ASSERT_EQ(receiver.state, ThreadState::Receiving);
    ASSERT_EQ(caller.state, ThreadState::Sending);
    bind(kFirst + 1, kFirst);
    EXPECT_EQ(current(), &receiver);
    EXPECT_EQ(receiver.lender, &caller);
    EXPECT_EQ(received(receiver).message.tag.label(), 7U);
}

TEST_F(WaitingTest, CallWithoutAContextReachesAServerThatHasOne) {
    auto& caller = make_thread(kFirst, kHigh);
    call(kEndpoint, 7);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst + 1)), Error::None);
    EXPECT_EQ(next_label(), 7U);
    reply(8);
    EXPECT_EQ(caller.state, ThreadState::Running);
    EXPECT_EQ(received(caller).message.tag.label(), 8U);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(WaitingTest, PassiveReceiverHidesNoActiveOne) {
    auto& passive = make_passive_receiver(kFirst);
    auto& active = make_thread(kSecond, kHigh);
    EXPECT_EQ(configure(kSecond + 1, 0), Error::None);
    active.become(ThreadState::Running);
    // It has the lowest priority: let it come to its receive.
    EXPECT_EQ(configure(kSecond + 1, kHigh), Error::None);
    ASSERT_EQ(current(), &active);
    receive(kEndpoint);
    EXPECT_EQ(configure(kSecond + 1, 0), Error::None);
    system_call(abi::Syscall::NBSend, kEndpoint, {abi::MessageTag{7, 0}, {}});
    EXPECT_EQ(active.state, ThreadState::Running);
    EXPECT_EQ(received(active).message.tag.label(), 7U);
    EXPECT_EQ(passive.state, ThreadState::Receiving);
}

TEST_F(WaitingTest, ReceiverThatLosesItsContextHidesNoActiveOne) {
    auto& first = make_thread(kFirst, kHigh);
    receive(kEndpoint);
    auto& second = make_thread(kSecond, kHigh - 1);
    receive(kEndpoint);
    unbind(kFirst + 1);
    system_call(abi::Syscall::NBSend, kEndpoint, {abi::MessageTag{7, 0}, {}});
    EXPECT_EQ(second.state, ThreadState::Running);
    EXPECT_EQ(first.state, ThreadState::Receiving);
}

TEST_F(WaitingTest, LostAndNewContextsReorderTheQueue) {
    make_sender(kFirst, 1, kHigh + 1);
    make_sender(kSecond, 2);
    unbind(kFirst + 1);
    EXPECT_EQ(next_label(), 2U) << "who has no context waits behind all others";
    make_sender(kThird, 3);
    bind(kFirst + 1, kFirst);
    EXPECT_EQ(next_label(), 1U);
    EXPECT_EQ(next_label(), 3U);
}

TEST_F(WaitingTest, ContextThatIsTakenBackReordersTheQueue) {
    auto& server = make_thread(kFirst, kMainPriority + 1);
    receive(kOther);
    make_thread(kSecond, kHigh + 1);
    call(kOther, 0);
    ASSERT_EQ(current(), &server);
    send(kEndpoint, 1);
    make_sender(kThird, 3);
    // The caller's priority has brought it to the front; alone it belongs to the end.
    EXPECT_EQ(error(os::object::Tcb{kSecond}.suspend()), Error::None);
    EXPECT_EQ(next_label(), 3U);
}

TEST_F(WaitingTest, ContextThatIsGivenBackWithoutBudgetReordersTheQueue) {
    auto& server = make_thread(kFirst, kMainPriority + 1);
    receive(kOther);
    make_thread(kSecond, kHigh + 1);
    EXPECT_EQ(error(kCoreControl.configure(kHigh + 1, kSecond + 1, 100, 10'000, 0)), Error::None);
    call(kOther, 0);
    ASSERT_EQ(current(), &server);
    machine().now += 100;
    send(kEndpoint, 1);
    make_sender(kThird, 3);
    EXPECT_EQ(next_label(), 3U);
}

TEST_F(WaitingTest, EqualOnesWaitInTheOrderOfTheirArrival) {
    std::array<std::uint64_t, 12> order{};
    for (std::uint64_t index = 0; index < order.size(); ++index) {
        // 3 priorities, 4 threads each.
        make_sender(kMany + 2 * index, index, static_cast<std::uint8_t>(kHigh + index % 3));
        expect_invariants();
    }
    for (auto& label : order) {
        label = next_label();
        expect_invariants();
    }
    EXPECT_EQ(order, (std::array<std::uint64_t, 12>{2, 5, 8, 11, 1, 4, 7, 10, 0, 3, 6, 9}));
}

TEST_F(WaitingTest, EveryPriorityIsOneOfItsOwn) {
    make_sender(kFirst, 1, kMainPriority + 1);
    make_sender(kSecond, 2, kMainPriority + 1);
    EXPECT_EQ(configure(kFirst + 1, 0), Error::None);
    EXPECT_EQ(configure(kSecond + 1, 1), Error::None);
    EXPECT_EQ(next_label(), 2U);
    EXPECT_EQ(configure(kSecond + 1, abi::kMaxPriority), Error::None);
}

class HomeTest : public WaitingTest {
protected:
    static constexpr CPtr kBadged = kFree + 3;
    static constexpr CPtr kLent = kFree + 4;
    HomeTest() {
        mint(kBadged, kNotification, 5);
        make(ObjectType::SchedContext, kLent);
        EXPECT_EQ(configure(kLent, kHigh + 1), Error::None);
        EXPECT_EQ(bind_home(), Error::None);
    }
    static auto bind_home() -> Error {
        return error(os::object::SchedContext{kLent}.bind_notification(kNotification));
    }
    auto lent() -> SchedContext& { return object<SchedContext>(kLent); }
    /// Threads without a context: one that waits, one that receives and is bound to the notification.
    auto make_waiter(CPtr at) -> Tcb& { return make_passive_receiver(at, kNotification); }
    auto make_bound(CPtr at) -> Tcb& {
        auto& thread = make_passive_receiver(at);
        EXPECT_EQ(error(os::object::Tcb{at}.bind_notification(kNotification)), Error::None);
        return thread;
    }
};

TEST_F(HomeTest, SignalLendsUntilTheNextWait) {
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

TEST_F(HomeTest, SignalLendsToTheBoundThreadUntilItReceives) {
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

TEST_F(HomeTest, BoundThreadFindsTheContextWithASignalThatWaited) {
    unbind(kLent);
    auto& bound = make_bound(kFirst);
    send(kBadged, 0);
    ASSERT_EQ(bound.state, ThreadState::Receiving) << "nothing to run on";
    EXPECT_EQ(bind_home(), Error::None);
    EXPECT_EQ(current(), &bound);
    EXPECT_EQ(bound.own, &lent());
}

TEST_F(HomeTest, ServerOnItsCallersTimeTurnsToTheSignal) {
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

TEST_F(HomeTest, ThreadWithItsOwnContextKeepsIt) {
    auto& waiter = make_thread(kFirst, kHigh);
    receive(kNotification);
    send(kBadged, 0);
    ASSERT_EQ(current(), &waiter);
    EXPECT_EQ(waiter.context, &object<SchedContext>(kFirst + 1));
    EXPECT_EQ(lent().owner, nullptr);
}

TEST_F(HomeTest, OneContextIsLentToOneThread) {
    auto& first = make_waiter(kFirst);
    auto& second = make_waiter(kSecond);
    make_thread(kThird, kHigh + 2);
    send(kBadged, 0);
    send(kBadged, 0);
    EXPECT_EQ(first.own, &lent());
    EXPECT_EQ(second.state, ThreadState::Running);
    EXPECT_EQ(second.context, nullptr);
}

TEST_F(HomeTest, DeletedThreadReturnsTheContext) {
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

TEST_F(HomeTest, DeletedContextIsLentNoMore) {
    auto& waiter = make_waiter(kFirst);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kLent)), Error::None);
    EXPECT_EQ(object<Notification>(kNotification).context, nullptr);
    send(kBadged, 0);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(waiter.context, nullptr);
}

TEST_F(HomeTest, DeletedNotificationLeavesTheContextFree) {
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kNotification)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNotification)), Error::None);
    EXPECT_EQ(lent().home, nullptr);
    make_passive_thread(kFirst);
    bind(kLent, kFirst);
}

TEST_F(HomeTest, BindingIsForOneOfAKind) {
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

class CancelTest : public WaitingTest {
protected:
    static constexpr std::uint64_t kCount = 20;
    /// Threads that wait with the badges 1 and 2 in turns.
    CancelTest() {
        mint(kFirst, kEndpoint, 1);
        mint(kFirst + 1, kEndpoint, 2);
        for (std::uint64_t index = 0; index < kCount; ++index) {
            make_thread(thread(index), kHigh);
            if (index < kCount / 2) {
                call(kFirst + index % 2, index);
            } else {
                send(kFirst + index % 2, index);
            }
        }
    }
    static auto thread(std::uint64_t index) -> CPtr { return kMany + 2 * index; }
    auto endpoint() -> Endpoint& { return object<Endpoint>(kEndpoint); }
    /// A cancellation that is preempted as soon as it asks.
    auto step(std::uint64_t badge) {
        machine().preempt_after = 0;
        return lifecycle::cancel_badged_sends(endpoint(), badge);
    }
    auto waiting(std::uint64_t badge) -> unsigned {
        unsigned count = 0;
        for (auto* queue : {&endpoint().callers, &endpoint().senders}) {
            for (auto* waits = queue->front(); waits != nullptr; waits = waits->queue_next) {
                count += waits->sent_badge == badge ? 1U : 0U;
            }
        }
        return count;
    }
};

TEST_F(CancelTest, GoesOnWhereItWasPreempted) {
    // One thread a step, however many of them match.
    std::uint64_t steps = 1;
    while (step(1) == lifecycle::Progress::Preempted) {
        expect_invariants();
        ASSERT_LE(++steps, kCount);
    }
    EXPECT_EQ(waiting(1), 0U);
    EXPECT_EQ(waiting(2), kCount / 2);
}

TEST_F(CancelTest, GoesOnAfterOthersHaveLeft) {
    for (int count = 0; count < 3; ++count) {
        ASSERT_EQ(step(1), lifecycle::Progress::Preempted);
    }
    auto* const at = endpoint().cancel_at;
    ASSERT_NE(at, nullptr);
    auto* const after = at->queue_next;
    lifecycle::suspend(*at);
    EXPECT_EQ(endpoint().cancel_at, after);
    for (std::uint64_t index = 0; index < kCount - 1; ++index) {
        lifecycle::suspend(object<Tcb>(thread(index)));
        expect_invariants();
    }
    EXPECT_EQ(endpoint().cancel_at, nullptr) << "one is left alone";
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
}

TEST_F(CancelTest, MissesNoneWhosePriorityChanges) {
    for (int count = 0; count < 4; ++count) {
        ASSERT_EQ(step(2), lifecycle::Progress::Preempted);
    }
    EXPECT_EQ(configure(thread(7) + 1, kHigh + 1), Error::None);
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
}

TEST_F(CancelTest, AnotherBadgeBeginsAtTheBeginning) {
    for (int count = 0; count < 4; ++count) {
        ASSERT_EQ(step(1), lifecycle::Progress::Preempted);
    }
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
    while (step(1) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(1), 0U);
}

} // namespace
} // namespace kernel::test
