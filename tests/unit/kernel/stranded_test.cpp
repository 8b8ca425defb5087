// SPDX-License-Identifier: MIT
/// However a server ends, its caller is told: the call returns `Error::Aborted`.
#include "kernel_test.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kFaults = kFree + 1;
constexpr CPtr kReply = kFree + 2;
constexpr CPtr kServer = kFree + 10;
constexpr CPtr kClient = kFree + 20;
constexpr CPtr kSecond = kFree + 30;

class StrandedTest : public KernelTest {
protected:
    StrandedTest() {
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Endpoint, kFaults);
        make(ObjectType::Reply, kReply);
    }
    /// A server that has received the call of a client. It runs on the client's context.
    void start(CPtr fault_endpoint = 0) {
        server = &make_thread(kServer, kHigh, fault_endpoint);
        receive(kEndpoint);
        client = &make_thread(kClient, kHigh + 1);
        call(kEndpoint, 1);
        ASSERT_EQ(current(), server);
    }
    void fault() { core().set_current(handle_fault(core(), {abi::FaultKind::VirtualMemory, {1, 2, 3}})); }
    static void expect_told(Tcb const& thread) {
        EXPECT_EQ(thread.state, ThreadState::Running);
        EXPECT_EQ(os::refusal(received(thread).message), Error::Aborted);
    }
    static void remove(CPtr at) { EXPECT_EQ(error(kRootNode.delete_(kDepth, at)), Error::None); }

    Tcb* server{};
    Tcb* client{};
};

TEST_F(StrandedTest, FaultWithoutHandlerAbortsTheCaller) {
    start();
    fault();
    EXPECT_EQ(server->state, ThreadState::Faulted);
    EXPECT_EQ(current(), client);
    expect_told(*client);
    EXPECT_EQ(client->context, client->own);
}

TEST_F(StrandedTest, FaultThatIsLeftUnmendedAbortsTheCaller) {
    start(kFaults);
    fault();
    ASSERT_EQ(current(), &main_thread());
    receive(kFaults);
    EXPECT_EQ(client->state, ThreadState::AwaitingReply) << "the fault may yet be mended";
    reply(1);
    EXPECT_EQ(current(), client);
    expect_told(*client);
    EXPECT_EQ(server->state, ThreadState::Faulted);
}

TEST_F(StrandedTest, DeletedFaultEndpointAbortsTheCaller) {
    start(kFaults);
    fault();
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kFaults)), Error::None);
    remove(kFaults);
    expect_told(*client);
    EXPECT_EQ(current(), client);
}

TEST_F(StrandedTest, DeletedHandlersAbortOneAfterTheOther) {
    // The client's server faults, and so does the handler of that, and its handler.
    start(kFaults);
    constexpr CPtr kLevels = 4;
    for (CPtr level = 0; level < kLevels; ++level) {
        auto const endpoint = level == 0 ? kFaults : kFree + 50 + level;
        make(ObjectType::Endpoint, kFree + 51 + level);
        auto& handler = make_thread(kFree + 60 + 2 * level, kHigh + 1, kFree + 51 + level);
        core().set_current(core().choose());
        fault();
        ASSERT_EQ(current(), &handler) << level;
        receive(endpoint);
        ASSERT_EQ(current(), &handler) << level;
    }
    call(kRoot, 0x206, {kDepth, kFree + 60 + 2 * (kLevels - 1)});
    EXPECT_EQ(server->state, ThreadState::Faulted);
    for (CPtr level = 0; level < kLevels - 1; ++level) {
        EXPECT_EQ(object<Tcb>(kFree + 60 + 2 * level).state, ThreadState::Faulted) << level;
    }
    EXPECT_EQ(current(), client);
    expect_told(*client);
}

TEST_F(StrandedTest, DeletedThreadAbortsTheCaller) {
    start();
    call(kRoot, 0x206, {kDepth, kServer});
    EXPECT_EQ(current(), client);
    expect_told(*client);
}

TEST_F(StrandedTest, DeletedEndpointAbortsThoseWhoWait) {
    start();
    make_thread(kSecond, kHigh + 2);
    call(kEndpoint, 2);
    ASSERT_EQ(current(), server);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kEndpoint)), Error::None);
    remove(kEndpoint);
    expect_told(object<Tcb>(kSecond));
    EXPECT_EQ(client->state, ThreadState::AwaitingReply) << "the server has its call";
    ASSERT_EQ(current(), &object<Tcb>(kSecond));
    receive(kFaults);
    ASSERT_EQ(current(), server);
    reply(7);
    EXPECT_EQ(received(*client).message.tag.label(), 7U);
}

TEST_F(StrandedTest, DeletedReplyAbortsTheCaller) {
    start();
    call(kReply, 0x701);
    EXPECT_EQ(client->answerer, nullptr);
    call(kRoot, 0x206, {kDepth, kReply});
    expect_told(*client);
    EXPECT_EQ(current(), client);
}

TEST_F(StrandedTest, ReplyOutlivesItsServer) {
    start();
    call(kReply, 0x701);
    call(kRoot, 0x206, {kDepth, kServer});
    EXPECT_EQ(client->state, ThreadState::AwaitingReply) << "whoever holds the reply can answer";
    ASSERT_EQ(current(), &main_thread());
    send(kReply, 9);
    EXPECT_EQ(current(), client);
    EXPECT_EQ(received(*client).message.tag.label(), 9U);
}

TEST_F(StrandedTest, ServerThatCallsItselfIsAborted) {
    start();
    call(kEndpoint, 3);
    EXPECT_EQ(server->state, ThreadState::Sending);
    ASSERT_EQ(current(), &main_thread());
    remove(kServer);
    EXPECT_EQ(current(), client);
    expect_told(*client);
}

TEST_F(StrandedTest, LastServerOfAChainAbortsTheOneBefore) {
    start();
    make(ObjectType::Endpoint, kFree + 3);
    auto& last = make_thread(kSecond, kHigh + 2);
    receive(kFree + 3);
    ASSERT_EQ(current(), server);
    call(kFree + 3, 1);
    ASSERT_EQ(current(), &last);
    call(kRoot, 0x206, {kDepth, kSecond});
    ASSERT_EQ(current(), server);
    expect_told(*server);
    EXPECT_EQ(client->state, ThreadState::AwaitingReply);
    reply(5);
    EXPECT_EQ(received(*client).message.tag.label(), 5U);
}

} // namespace
} // namespace kernel::test
