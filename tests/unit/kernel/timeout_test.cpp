// SPDX-License-Identifier: MIT
/// Timeout faults: who is told that a budget is used up, and what can be done about it.
#include "kernel_test.hpp"

#include "kernel/object/sched_context.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kTimeouts = kFree;
constexpr CPtr kBadged = kFree + 1;
constexpr CPtr kEndpoint = kFree + 2;
constexpr CPtr kBack = kFree + 3;
constexpr CPtr kReply = kFree + 4;
constexpr CPtr kHandler = kFree + 10;
constexpr CPtr kFirst = kFree + 20;
constexpr CPtr kSecond = kFree + 30;
constexpr CPtr kClient = kFree + 40;
constexpr CPtr kSpare = kFree + 50;
constexpr std::uint64_t kBadge = 77;
constexpr std::uint64_t kBudget = 100;
constexpr std::uint64_t kPeriod = 1000;

class TimeoutTest : public KernelTest {
protected:
    TimeoutTest() {
        make(ObjectType::Endpoint, kTimeouts);
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Endpoint, kBack);
        make(ObjectType::Reply, kReply);
        mint(kBadged, kTimeouts, 5);
    }
    /// The handler waits, above all others.
    void start_handler() {
        handler = &make_thread(kHandler, kHigh + 5);
        receive(kTimeouts);
    }
    /// A thread with a budget.
    auto make_limited(CPtr at, std::uint8_t priority = kHigh) -> Tcb& {
        auto& thread = make_passive_thread(at);
        make(ObjectType::SchedContext, at + 1);
        EXPECT_EQ(error(kCoreControl.configure(priority, at + 1, kBudget, kPeriod, kBadge)), Error::None);
        EXPECT_EQ(error(os::object::SchedContext{at + 1}.bind(at)), Error::None);
        return thread;
    }
    auto make_passive_server(CPtr at, CPtr endpoint) -> Tcb& {
        auto& server = make_thread(at, kHigh);
        receive(endpoint);
        EXPECT_EQ(error(os::object::SchedContext{at + 1}.unbind()), Error::None);
        return server;
    }
    static void watch(CPtr thread, CPtr endpoint = kBadged) {
        EXPECT_EQ(error(os::object::Tcb{thread}.set_timeout_endpoint(endpoint)), Error::None);
    }
    void expect_timeout(std::uint64_t consumed) const {
        EXPECT_EQ(received(*handler).badge, 5U);
        auto const message = received(*handler).message;
        EXPECT_EQ(message.tag, (abi::MessageTag{static_cast<std::uint64_t>(abi::FaultKind::Timeout), 3,
                                                abi::MessageTag::kFault}));
        EXPECT_EQ(message.words[1], kBadge);
        EXPECT_EQ(message.words[2], consumed);
    }

    Tcb* handler{};
};

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
