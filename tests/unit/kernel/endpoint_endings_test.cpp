// SPDX-License-Identifier: MIT
/// Whoever waits at an endpoint when the server, the caller or the endpoint comes to an end.
#include "endpoint_fixture.hpp"

namespace kernel::test {
namespace {

TEST_F(EndpointTest, ReceivingAgainAbortsTheUnansweredCaller) {
    auto& server = make_server();
    call(kBadged, 1);
    ASSERT_EQ(current(), &server);
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(refusal_of(main_thread()), Error::Aborted);
}

TEST_F(EndpointTest, DeletingTheServerAbortsItsCaller) {
    auto& server = make_server();
    auto& client = make_client();
    call(kBadged, 1);
    ASSERT_EQ(current(), &server);
    call(kRoot, 0x206, {kDepth, kServer}); // the server deletes itself: nobody is there for an answer
    EXPECT_EQ(refusal_of(client), Error::Aborted);
    EXPECT_EQ(current(), &client);
}

TEST_F(EndpointTest, DeletingTheEndpointAbortsQueuedCallersAndRestartsSenders) {
    auto& client = make_client();
    call(kBadged, 1);
    auto& sender = make_thread(kServer, kHigh);
    send(kBadged, 1);
    auto const pc = sender.program_counter();
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(client.state, ThreadState::Sending) << "the endpoint is still there";
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(refusal_of(client), Error::Aborted);
    EXPECT_EQ(sender.program_counter(), pc - 4);
    EXPECT_EQ(sender.state, ThreadState::Running);
}

TEST_F(EndpointTest, DeletingTheEndpointRestartsReceivers) {
    auto& server = make_server();
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(server.state, ThreadState::Running);
    EXPECT_EQ(server.blocked_on, 0U);
}

TEST_F(EndpointTest, SuspendedCallerLeavesTheServerAlone) {
    auto& server = make_server();
    auto& client = make_client();
    call(kBadged, 1);
    ASSERT_EQ(current(), &server);
    auto const pc = client.program_counter();
    EXPECT_EQ(error(os::object::Tcb{kClient}.suspend()), Error::None);
    EXPECT_EQ(server.caller, nullptr);
    EXPECT_EQ(client.program_counter(), pc) << "the server has the message: it is not sent again";
    EXPECT_EQ(refusal_of(client), Error::Aborted);
    reply(0);
    EXPECT_EQ(client.state, ThreadState::Inactive);
    EXPECT_EQ(error(os::object::Tcb{kClient}.resume()), Error::None);
    EXPECT_EQ(client.state, ThreadState::Running);
}

TEST_F(EndpointTest, SuspendedCallerInTheQueueCallsAgain) {
    auto& client = make_client();
    call(kBadged, 1, kWords);
    ASSERT_EQ(current(), &main_thread());
    auto const pc = client.program_counter();
    EXPECT_EQ(error(os::object::Tcb{kClient}.suspend()), Error::None);
    EXPECT_EQ(client.program_counter(), pc - 4);
    EXPECT_EQ(received(client).message.words, kWords);
}

TEST_F(EndpointTest, SuspendedSendReceiveOnlyReceivesAgain) {
    make_server();
    auto& client = make_client();
    make(ObjectType::Endpoint, kArrived);
    system_call(abi::Syscall::SendRecv, kBadged, {MessageTag{4, 0}, kWords}, kArrived);
    EXPECT_EQ(client.state, ThreadState::Receiving);
    auto const pc = client.program_counter();
    EXPECT_EQ(error(os::object::Tcb{kClient}.suspend()), Error::None);
    EXPECT_EQ(client.program_counter(), pc - 4);
    EXPECT_EQ(received(client).badge, abi::kNullCPtr) << "what to send to";
    EXPECT_EQ(client.registers.values[arch::Registers::kReceiveCapability], kArrived);
}

TEST_F(EndpointTest, SuspendedServerKeepsItsCaller) {
    make_server();
    auto& client = make_client();
    call(kBadged, 1);
    EXPECT_EQ(error(os::object::Tcb{kServer}.suspend()), Error::None);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(client.state, ThreadState::AwaitingReply);
    EXPECT_EQ(error(os::object::Tcb{kServer}.resume()), Error::None);
    reply(4);
    EXPECT_EQ(received(client).message.tag.label(), 4U);
}

} // namespace
} // namespace kernel::test
