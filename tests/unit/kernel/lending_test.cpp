// SPDX-License-Identifier: MIT
/// Contexts that are lent over calls, and taken back.
#include "kernel_test.hpp"

#include "kernel/object/sched_context.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kFront = kFree;
constexpr CPtr kBack = kFree + 1;
constexpr CPtr kFirst = kFree + 10;
constexpr CPtr kSecond = kFree + 20;
constexpr CPtr kThird = kFree + 30;
using os::object::SchedContext;

class LendingTest : public KernelTest {
protected:
    LendingTest() {
        make(ObjectType::Endpoint, kFront);
        make(ObjectType::Endpoint, kBack);
    }
};

TEST_F(LendingTest, PassiveServerRunsOnItsCallersContext) {
    auto& server = make_passive_receiver(kFirst, kFront);
    call(kFront, 1);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(server.context, &context(kContext));
    pass(100);
    reply_receive(kFront, 0);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(server.context, nullptr);
    EXPECT_EQ(*SchedContext{kContext}.consumed(), 100U);
}

TEST_F(LendingTest, ServerHasThePriorityOfItsCaller) {
    auto& server = make_passive_receiver(kFirst, kFront);
    auto& high = make_thread(kThird, kHigh);
    call(kFront, 1);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(server.context->priority, kHigh);
    EXPECT_EQ(server.lender, &high);
}

TEST_F(LendingTest, ContextIsLentOverAnyDepth) {
    auto& front = make_passive_receiver(kFirst, kFront);
    auto& back = make_passive_receiver(kSecond, kBack);
    call(kFront, 1);
    call(kBack, 2);
    ASSERT_EQ(current(), &back);
    EXPECT_EQ(context(kContext).runner, &back);
    pass(kSlice);
    EXPECT_EQ(current(), &back) << "nobody else is there";
    expect_invariants();
    reply_receive(kBack, 0);
    ASSERT_EQ(current(), &front);
    reply_receive(kFront, 0);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(context(kContext).runner, &main_thread());
}

TEST_F(LendingTest, PassiveServerStopsAfterItsAnswer) {
    auto& server = make_passive_receiver(kFirst, kFront);
    call(kFront, 1);
    reply(0);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(server.state, ThreadState::Running);
    EXPECT_EQ(server.context, nullptr);
}

TEST_F(LendingTest, SendsDoNotReachAServerThatCouldNotHandleThem) {
    auto& server = make_passive_receiver(kFirst, kFront);
    auto& sender = make_thread(kThird, kHigh);
    send(kFront, 5);
    EXPECT_EQ(sender.state, ThreadState::Sending);
    ASSERT_EQ(current(), &main_thread());
    system_call(abi::Syscall::NBSend, kFront);
    EXPECT_EQ(server.state, ThreadState::Receiving);
    call(kFront, 6);
    ASSERT_EQ(current(), &server) << "a call does";
    reply_receive(kFront, 0);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(sender.state, ThreadState::Sending);
}

TEST_F(LendingTest, SignalsWaitForABoundThreadWithoutTime) {
    auto& server = make_passive_receiver(kFirst, kFront);
    make(ObjectType::Notification, kThird);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.bind_notification(kThird)), Error::None);
    send(kThird, 0);
    EXPECT_EQ(server.state, ThreadState::Receiving);
}

TEST_F(LendingTest, SuspendedCallerTakesItsContextBack) {
    auto& server = make_passive_receiver(kFirst, kFront);
    auto& client = make_thread(kThird, kHigh);
    call(kFront, 1);
    ASSERT_EQ(current(), &server);
    call(kThird, 0x307);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(server.context, nullptr);
    EXPECT_EQ(client.context->runner, &client);
}

TEST_F(LendingTest, UnbindingTheContextStopsTheWholeChain) {
    make_passive_receiver(kFirst, kFront);
    auto& back = make_passive_receiver(kSecond, kBack);
    make_thread(kThird, kHigh);
    call(kFront, 1);
    call(kBack, 1);
    ASSERT_EQ(current(), &back);
    call(kThird + 1, 0x402);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(back.context, nullptr);
    expect_invariants();
    EXPECT_EQ(error(SchedContext{kThird + 1}.bind(kSecond)), Error::None);
    EXPECT_EQ(current(), &back);
    reply_receive(kBack, 0);
    expect_invariants();
}

TEST_F(LendingTest, DeletedMiddleServerReturnsTheContextAndAbortsTheCaller) {
    make_passive_receiver(kFirst, kFront);
    auto& back = make_passive_receiver(kSecond, kBack);
    auto& client = make_thread(kThird, kHigh);
    call(kFront, 1);
    call(kBack, 1);
    ASSERT_EQ(current(), &back);
    call(kRoot, 0x206, {kDepth, kFirst});
    EXPECT_EQ(current(), &client);
    EXPECT_EQ(os::refusal(received(client).message), Error::Aborted);
    EXPECT_EQ(back.context, nullptr);
}

TEST_F(LendingTest, ServerGoesOnWithItsOwnBudgetWhenTheCallersIsUsedUp) {
    auto& server = make_thread(kFirst, kHigh);
    receive(kFront);
    make(ObjectType::SchedContext, kThird + 1);
    make_passive_thread(kThird);
    EXPECT_EQ(configure(kThird + 1, kHigh, 100, 10'000), Error::None);
    EXPECT_EQ(error(SchedContext{kThird + 1}.bind(kThird)), Error::None);
    call(kFront, 1);
    ASSERT_EQ(current(), &server);
    pass(100);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(server.context, server.own);
    expect_invariants();
    reply_receive(kFront, 0);
    EXPECT_EQ(current(), &main_thread()) << "the caller waits for its budget";
    pass(9'950);
    EXPECT_EQ(current(), &object<Tcb>(kThird));
}

TEST_F(LendingTest, PassiveServerWaitsForItsCallersBudget) {
    auto& server = make_passive_receiver(kFirst, kFront);
    make(ObjectType::SchedContext, kThird + 1);
    make_passive_thread(kThird);
    EXPECT_EQ(configure(kThird + 1, kHigh, 100, 10'000), Error::None);
    EXPECT_EQ(error(SchedContext{kThird + 1}.bind(kThird)), Error::None);
    call(kFront, 1);
    pass(100);
    EXPECT_EQ(current(), &main_thread());
    pass(9'950);
    EXPECT_EQ(current(), &server);
}

TEST_F(LendingTest, QueuedCallersLendWhenTheyAreReceived) {
    auto& client = make_thread(kThird, kHigh);
    call(kFront, 1);
    ASSERT_EQ(current(), &main_thread());
    receive(kFront);
    EXPECT_EQ(main_thread().context, client.own);
    EXPECT_EQ(current(), &main_thread());
    expect_invariants();
    reply(0);
    EXPECT_EQ(main_thread().context, main_thread().own);
    EXPECT_EQ(current(), &client);
}

TEST_F(LendingTest, ServerInTheMiddleLendsItsOwnWhenTheCallersIsTakenBack) {
    auto& middle = make_thread(kFirst, kHigh);
    receive(kFront);
    auto& back = make_passive_receiver(kSecond, kBack);
    make_thread(kThird, kHigh);
    call(kFront, 1);
    ASSERT_EQ(current(), &middle);
    call(kBack, 1);
    ASSERT_EQ(current(), &back);
    call(kThird, 0x307);
    EXPECT_EQ(current(), &back) << "or the server in the middle would wait for ever";
    EXPECT_EQ(back.context, middle.own);
    expect_invariants();
    reply_receive(kBack, 0);
    EXPECT_EQ(current(), &middle);
    EXPECT_EQ(middle.context, middle.own);
}

TEST_F(LendingTest, PassiveServerTakesNoCallerThatHasLostItsContext) {
    auto& server = make_passive_receiver(kFirst, kFront);
    auto& client = make_thread(kThird, kHigh);
    call(kFront, 1);
    ASSERT_EQ(current(), &server);
    auto& other = make_thread(kSecond, kHigh + 1);
    ASSERT_EQ(current(), &other);
    call(kFront, 2);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(error(SchedContext{kSecond + 1}.unbind()), Error::None);
    reply_receive(kFront, 0);
    ASSERT_EQ(current(), &client);
    EXPECT_EQ(server.state, ThreadState::Receiving)
        << "it would stop for good, and its other clients with it";
    call(kFront, 3);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(error(SchedContext{kSecond + 1}.bind(kSecond)), Error::None);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(other.state, ThreadState::Sending) << "the server is busy";
    reply_receive(kFront, 0);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(received(server).message.tag.label(), 2U);
}

} // namespace
} // namespace kernel::test
