// SPDX-License-Identifier: MIT
/// Threads that wait in queues while contexts come and go, and in which order.
#include "kernel_test.hpp"

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
    /// A thread of a high priority that sends and waits.
    auto make_sender(CPtr at, std::uint64_t label, std::uint8_t priority = kHigh) -> Tcb& {
        auto& thread = make_thread(at, priority);
        send(kEndpoint, label);
        return thread;
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
    auto& receiver = make_passive_receiver(kFirst, kEndpoint);
    auto& sender = make_sender(kSecond, 7);
    ASSERT_EQ(sender.state, ThreadState::Sending);
    bind(kFirst + 1, kFirst);
    EXPECT_EQ(received(receiver).message.tag.label(), 7U);
    EXPECT_EQ(receiver.state, ThreadState::Running);
    EXPECT_EQ(sender.state, ThreadState::Running);
    EXPECT_EQ(current(), &receiver);
}

TEST_F(WaitingTest, BoundReceiverFindsASignalThatWaited) {
    auto& receiver = make_passive_receiver(kFirst, kEndpoint);
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
    auto& passive = make_passive_receiver(kFirst, kEndpoint);
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

} // namespace
} // namespace kernel::test
