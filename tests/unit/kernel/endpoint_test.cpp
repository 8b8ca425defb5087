// SPDX-License-Identifier: MIT
/// Messages through endpoints: send, receive, call, answer; rights and badges.
#include "endpoint_fixture.hpp"

namespace kernel::test {
namespace {

namespace rights = abi::rights;

TEST_F(EndpointTest, CallReachesAWaitingServerWithBadgeTagAndWords) {
    auto& server = make_server();
    call(kBadged, 77, kWords);
    ASSERT_EQ(current(), &server);
    auto const got = received(server);
    EXPECT_EQ(got.badge, kBadge);
    EXPECT_EQ(got.message.tag, (MessageTag{77, 8}));
    EXPECT_EQ(got.message.words, kWords);
    EXPECT_EQ(main_thread().state, ThreadState::AwaitingReply);
}

TEST_F(EndpointTest, ReplyReturnsToTheCaller) {
    auto& server = make_server();
    call(kBadged, 77);
    reply_receive(kEndpoint, 5, kWords);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).message.tag, (MessageTag{5, 8}));
    EXPECT_EQ(received(main_thread()).message.words, kWords);
    EXPECT_EQ(server.state, ThreadState::Receiving);
}

TEST_F(EndpointTest, ReplyAndReceiveAsTwoSystemCalls) {
    auto& server = make_server();
    call(kBadged, 1);
    reply(6);
    ASSERT_EQ(current(), &server) << "of higher priority on its own context";
    EXPECT_EQ(main_thread().state, ThreadState::Running);
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).message.tag.label(), 6U);
}

TEST_F(EndpointTest, ReplyWithoutACallerDoesNothing) {
    reply(6);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(EndpointTest, CallerWaitsUntilSomeoneReceives) {
    auto& client = make_client();
    call(kBadged, 3, kWords);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(client.state, ThreadState::Sending);
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(received(main_thread()).badge, kBadge);
    EXPECT_EQ(received(main_thread()).message.words, kWords);
    EXPECT_EQ(client.state, ThreadState::AwaitingReply);
    reply(9);
    ASSERT_EQ(current(), &client);
    EXPECT_EQ(received(client).message.tag.label(), 9U);
}

TEST_F(EndpointTest, SendBlocksAndGoesOnWhenTaken) {
    auto& client = make_client();
    send(kBadged, 3, kWords);
    EXPECT_EQ(client.state, ThreadState::Sending);
    receive(kEndpoint);
    EXPECT_EQ(client.state, ThreadState::Running);
    EXPECT_EQ(current(), &client) << "its priority is higher";
    EXPECT_EQ(received(main_thread()).message.words, kWords);
    EXPECT_EQ(main_thread().caller, nullptr);
}

TEST_F(EndpointTest, TryingSendIsDroppedWithoutAReceiver) {
    system_call(abi::Syscall::NBSend, kBadged, {MessageTag{3, 0}, {}});
    EXPECT_EQ(current(), &main_thread());
    system_call(abi::Syscall::NBRecv, kEndpoint);
    EXPECT_EQ(received(main_thread()).badge, 0U);
    EXPECT_EQ(received(main_thread()).message.tag.raw(), 0U);
}

TEST_F(EndpointTest, TryingReceiveTakesAQueuedSender) {
    make_client();
    send(kBadged, 3, kWords);
    system_call(abi::Syscall::NBRecv, kEndpoint);
    EXPECT_EQ(received(main_thread()).badge, kBadge);
}

TEST_F(EndpointTest, SendersAreServedByPriorityThenInOrder) {
    constexpr std::array<std::uint8_t, 4> kPriorities{120, 140, 120, 130};
    for (std::size_t index = 0; index < kPriorities.size(); ++index) {
        make_thread(kServer + 2 * index, kPriorities[index]);
        mint(kArrived + index, kEndpoint, index + 1);
        send(kArrived + index, 0);
    }
    std::vector<std::uint64_t> order;
    for (std::size_t count = 0; count < kPriorities.size(); ++count) {
        ASSERT_EQ(current(), &main_thread());
        system_call(abi::Syscall::NBRecv, kEndpoint);
        order.push_back(received(main_thread()).badge);
        while (current() != &main_thread()) {
            system_call(abi::Syscall::Recv, kConsole);
        }
    }
    EXPECT_EQ(order, (std::vector<std::uint64_t>{2, 4, 1, 3}));
}

TEST_F(EndpointTest, SendReceiveSendsAndWaits) {
    auto& server = make_server();
    make(ObjectType::Notification, kArrived);
    system_call(abi::Syscall::SendRecv, kBadged, {MessageTag{4, 0}, kWords}, kArrived);
    ASSERT_EQ(current(), &server);
    EXPECT_EQ(received(server).message.words, kWords);
    EXPECT_EQ(main_thread().state, ThreadState::Waiting);
    send(kArrived, 0);
    receive(kEndpoint);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_TRUE(received(main_thread()).message.tag.has(MessageTag::kNotification));
    EXPECT_EQ(main_thread().registers.values[arch::Registers::kReceiveCapability], 0U);
}

TEST_F(EndpointTest, FlagsThatAUserMayNotSetAreCleared) {
    auto& server = make_server();
    system_call(abi::Syscall::Call, kBadged, {MessageTag{1, 2, 0xFE}, {}});
    EXPECT_EQ(received(server).message.tag.flags(), 0U);
}

TEST_F(EndpointTest, SendNeedsTheWriteRight) {
    auto& server = make_server();
    for (std::uint8_t mask = 0; mask <= rights::kAll; ++mask) {
        EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, mask, kLimited, kRoot, kEndpoint)), Error::None);
        send(kLimited, 1);
        EXPECT_EQ(server.state == ThreadState::Running, (mask & rights::kWrite) != 0) << int{mask};
        if (current() == &server) {
            receive(kEndpoint);
        }
        ASSERT_EQ(current(), &main_thread());
        EXPECT_EQ(error(kRootNode.delete_(kDepth, kLimited)), Error::None);
    }
}

TEST_F(EndpointTest, CallNeedsWriteAndAGrantRight) {
    auto& server = make_server();
    for (std::uint8_t mask = 0; mask <= rights::kAll; ++mask) {
        EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, mask, kLimited, kRoot, kEndpoint)), Error::None);
        call(kLimited, 1);
        auto const may = (mask & rights::kWrite) != 0 && (mask & (rights::kGrant | rights::kGrantReply)) != 0;
        EXPECT_EQ(server.state == ThreadState::Running, may) << int{mask};
        if (may) {
            reply_receive(kEndpoint, 0);
        } else {
            EXPECT_EQ(refusal_of(main_thread()), Error::IllegalOperation);
        }
        ASSERT_EQ(current(), &main_thread());
        EXPECT_EQ(error(kRootNode.delete_(kDepth, kLimited)), Error::None);
    }
}

TEST_F(EndpointTest, CallOnNothingIsAnswered) {
    call(kArrived, 1);
    EXPECT_EQ(refusal_of(main_thread()), Error::InvalidCapability);
    EXPECT_EQ(details().first, 0U);
    call(~CPtr{0}, 1);
    EXPECT_EQ(refusal_of(main_thread()), Error::InvalidCapability);
}

} // namespace
} // namespace kernel::test
