// SPDX-License-Identifier: MIT
/// Timeout faults: who is told that a budget is used up, and what can be done about it.
#include "timeout_fixture.hpp"

namespace kernel::test {
namespace {

TEST_F(TimeoutTest, UsedUpBudgetIsAFault) {
    start_handler();
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    ASSERT_EQ(current(), &thread);
    thread.program_counter() = 0x5000;
    pass(kBudget - 1);
    ASSERT_EQ(current(), &thread);
    pass(1);
    ASSERT_EQ(current(), handler);
    expect_timeout(kBudget);
    EXPECT_EQ(received(*handler).message.words[0], 0x5000U);
    EXPECT_EQ(handler->context, handler->own) << "a timeout lends nothing";
    EXPECT_EQ(thread.state, ThreadState::AwaitingReply);
    reply_receive(kTimeouts, 0);
    EXPECT_EQ(current(), &main_thread()) << "it has no budget yet";
    pass(kPeriod);
    EXPECT_EQ(thread.state, ThreadState::AwaitingReply) << "and has used it up once more";
    EXPECT_EQ(thread.program_counter(), 0x5000U);
}

TEST_F(TimeoutTest, WithoutAnEndpointTheThreadWaits) {
    start_handler();
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    watch(kFirst, 0);
    pass(kBudget);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(thread.state, ThreadState::Running);
}

TEST_F(TimeoutTest, ASliceIsNoBudget) {
    start_handler();
    auto& thread = make_thread(kFirst, kHigh);
    watch(kFirst);
    pass(5 * kSlice);
    EXPECT_EQ(current(), &thread);
}

TEST_F(TimeoutTest, EndpointIsChecked) {
    make_passive_thread(kFirst);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.set_timeout_endpoint(kReply)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 1U);
}

TEST_F(TimeoutTest, EndpointMustAllowCalls) {
    start_handler();
    auto& thread = make_limited(kFirst);
    mint(kSpare, kTimeouts, 0, abi::rights::kWrite);
    watch(kFirst, kSpare);
    pass(kBudget);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(thread.state, ThreadState::Running);
}

TEST_F(TimeoutTest, TimeoutWaitsForItsHandler) {
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    pass(kBudget);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(thread.state, ThreadState::Sending);
    receive(kTimeouts);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).message.words[1], kBadge);
    EXPECT_EQ(main_thread().context, main_thread().own);
    reply(0);
    EXPECT_EQ(thread.state, ThreadState::Running);
}

TEST_F(TimeoutTest, PassiveHandlerTakesNoTimeout) {
    auto& passive = make_passive_server(kHandler, kTimeouts);
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    pass(kBudget);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(passive.state, ThreadState::Receiving);
    EXPECT_EQ(thread.state, ThreadState::Sending);
    EXPECT_EQ(error(os::object::SchedContext{kHandler + 1}.bind(kHandler)), Error::None);
    EXPECT_EQ(current(), &passive);
    EXPECT_EQ(thread.state, ThreadState::AwaitingReply);
}

TEST_F(TimeoutTest, ADyingHandlerLeavesTheThreadToWait) {
    start_handler();
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    call(kRoot, 0x206, {kDepth, kHandler});
    EXPECT_EQ(thread.state, ThreadState::Running);
    EXPECT_FALSE(thread.has_fault());
    pass(kPeriod);
    EXPECT_EQ(thread.state, ThreadState::Sending);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kTimeouts)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kTimeouts)), Error::None);
    EXPECT_EQ(thread.state, ThreadState::Running);
}

TEST_F(TimeoutTest, HandlerMayGiveMoreTime) {
    start_handler();
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    call(kCore, 0xD01, {kHigh, kFirst + 1, 3 * kBudget, kPeriod, kBadge});
    reply_receive(kTimeouts, 0);
    EXPECT_EQ(current(), &thread);
    pass(3 * kBudget);
    EXPECT_EQ(current(), handler);
}

TEST_F(TimeoutTest, HandlerMayLeaveItStopped) {
    start_handler();
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    pass(kBudget);
    reply_receive(kTimeouts, 1);
    EXPECT_EQ(thread.state, ThreadState::Faulted);
}

TEST_F(TimeoutTest, PreemptionAtTheLastTickIsATimeoutToo) {
    auto& thread = make_limited(kFirst);
    watch(kFirst);
    make_passive_thread(kSecond);
    make(ObjectType::SchedContext, kSecond + 1);
    EXPECT_EQ(error(kCoreControl.configure(kHigh + 1, kSecond + 1, kSlice, 0, 0)), Error::None);
    ASSERT_EQ(current(), &thread);
    // Its own system call uses up the rest, and starts who preempts it.
    machine().now += kBudget;
    call(kSecond + 1, 0x401, {kSecond});
    EXPECT_EQ(current(), &object<Tcb>(kSecond));
    EXPECT_EQ(thread.state, ThreadState::Sending);
    receive(kTimeouts);
    EXPECT_EQ(received(object<Tcb>(kSecond)).message.words[1], kBadge);
}

} // namespace
} // namespace kernel::test
