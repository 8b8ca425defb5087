// SPDX-License-Identifier: MIT
/// Timeout faults of servers, which run on the budgets of their callers.
#include "timeout_fixture.hpp"

namespace kernel::test {
namespace {

TEST_F(TimeoutTest, TimeoutInTheMiddleOfAReplyComesAfterIt) {
    // The client is above its server and preempts it as soon as it is answered: the server, out of budget by
    // then, has yet to receive.
    start_handler();
    auto& server = make_limited(kFirst);
    make(ObjectType::Endpoint, kSpare);
    receive(kEndpoint);
    auto& client = make_thread(kClient, kHigh + 1);
    watch(kFirst);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &server);
    call(kReply, 0x701);
    ASSERT_EQ(current(), &server);
    send(kReply, 2);
    EXPECT_EQ(current(), &client);
    expect_invariants();
    receive(kSpare);
    ASSERT_EQ(current(), &server);
    machine().now += kBudget;
    // Sends to the client, which preempts it, and receives.
    system_call(abi::Syscall::SendRecv, kSpare, {}, kEndpoint);
    EXPECT_EQ(current(), &client);
    EXPECT_EQ(server.state, ThreadState::Receiving);
    expect_invariants();
}

TEST_F(TimeoutTest, HandlerAnswersForAPassiveServerAndRestoresIt) {
    start_handler();
    auto& server = make_passive_server(kFirst, kEndpoint);
    watch(kFirst);
    auto& client = make_limited(kClient, kHigh + 1);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &server);
    call(kReply, 0x701);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    expect_timeout(kBudget);
    // The client is answered in the server's stead, and has its context back.
    send(kReply, 9);
    EXPECT_EQ(received(client).message.tag.label(), 9U);
    EXPECT_EQ(client.context, client.own);
    EXPECT_EQ(server.context, nullptr);
    // The server begins anew: with time of its own until it receives.
    EXPECT_EQ(error(os::object::Tcb{kFirst}.suspend()), Error::None);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.resume()), Error::None);
    EXPECT_EQ(error(os::object::SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    receive(kTimeouts);
    ASSERT_EQ(current(), &server);
    receive(kEndpoint);
    EXPECT_EQ(error(os::object::SchedContext{kFirst + 1}.unbind()), Error::None);
    pass(kPeriod - kBudget);
    ASSERT_EQ(current(), &client);
    call(kEndpoint, 1);
    EXPECT_EQ(current(), &server);
}

TEST_F(TimeoutTest, StoppingAServerThatTimedOutAbortsItsCaller) {
    start_handler();
    auto& server = make_passive_server(kFirst, kEndpoint);
    watch(kFirst);
    auto& client = make_limited(kClient, kHigh + 1);
    call(kEndpoint, 1);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    reply_receive(kTimeouts, 1);
    EXPECT_EQ(server.state, ThreadState::Faulted);
    EXPECT_EQ(os::refusal(received(client).message), Error::Aborted);
    pass(kPeriod - kBudget);
    EXPECT_EQ(current(), &client);
}

TEST_F(TimeoutTest, NestedServersTimeOutOneAfterTheOther) {
    start_handler();
    auto& proxy = make_passive_server(kFirst, kEndpoint);
    auto& server = make_passive_server(kSecond, kBack);
    watch(kFirst);
    watch(kSecond);
    auto& client = make_limited(kClient, kHigh + 1);
    call(kEndpoint, 1);
    ASSERT_EQ(current(), &proxy);
    call(kBack, 2);
    ASSERT_EQ(current(), &server);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    EXPECT_EQ(handler->caller, &server);
    // The handler stops the server. The proxy hears it, goes on with the next budget, and uses that up.
    reply_receive(kTimeouts, 1);
    EXPECT_EQ(os::refusal(received(proxy).message), Error::Aborted);
    EXPECT_EQ(proxy.context, client.own);
    pass(kPeriod - kBudget);
    ASSERT_EQ(current(), &proxy);
    pass(kBudget);
    ASSERT_EQ(current(), handler);
    EXPECT_EQ(handler->caller, &proxy);
    reply_receive(kTimeouts, 1);
    EXPECT_EQ(os::refusal(received(client).message), Error::Aborted);
    pass(kPeriod - kBudget);
    EXPECT_EQ(current(), &client);
}

TEST_F(TimeoutTest, ServerWithABudgetOfItsOwnIsNotTimedOut) {
    start_handler();
    auto& server = make_thread(kFirst, kHigh);
    receive(kEndpoint);
    watch(kFirst);
    make_limited(kClient, kHigh + 1);
    call(kEndpoint, 1);
    pass(kBudget);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(server.context, server.own);
}

} // namespace
} // namespace kernel::test
