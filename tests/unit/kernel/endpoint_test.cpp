// SPDX-License-Identifier: MIT
/// Messages through endpoints: send, receive, call, answer; rights, badges, capabilities.
#include "kernel_test.hpp"

#include "kernel/object/endpoint.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kBadged = kFree + 1;
constexpr CPtr kServer = kFree + 10;
constexpr CPtr kClient = kFree + 20;
constexpr CPtr kLimited = kFree + 40;
constexpr CPtr kArrived = kFree + 50;
constexpr std::uint64_t kBadge = 0xB;
constexpr abi::Words kWords{11, 12, 13, 14, 15, 16, 17, 18};
using abi::MessageTag;
namespace rights = abi::rights;

class EndpointTest : public KernelTest {
protected:
    EndpointTest() {
        make(ObjectType::Endpoint, kEndpoint);
        mint(kBadged, kEndpoint, kBadge);
    }

    /// A thread of higher priority that waits on the endpoint. The current thread is the first one again.
    auto make_server() -> Tcb& {
        auto& server = make_thread(kServer, kHigh);
        receive(kEndpoint);
        EXPECT_EQ(current(), &main_thread());
        return server;
    }
    auto make_client() -> Tcb& { return make_thread(kClient, kHigh); }
    auto refusal_of(Tcb const& thread) { return os::refusal(received(thread).message); }
};

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

TEST_F(EndpointTest, CapabilityIsCopiedToTheReceiveSlot) {
    auto& server = make_thread(kServer, kHigh);
    EXPECT_EQ(error(os::object::Tcb{kServer}.set_receive_slot(kDepth, kRoot, kArrived)), Error::None);
    receive(kEndpoint);
    auto words = kWords;
    words[7] = kCore;
    call(kBadged, 1, words, MessageTag::kCapability);
    EXPECT_EQ(received(server).message.tag.flags(), MessageTag::kCapability);
    EXPECT_EQ(received(server).message.words[7], 0U);
    EXPECT_EQ(slot(kArrived).capability(), slot(kCore).capability());
    EXPECT_FALSE(slot(kCore).empty());
}

TEST_F(EndpointTest, WithoutGrantTheMessageArrivesAndTheCapabilityDoesNot) {
    auto& server = make_thread(kServer, kHigh);
    EXPECT_EQ(error(os::object::Tcb{kServer}.set_receive_slot(kDepth, kRoot, kArrived)), Error::None);
    receive(kEndpoint);
    mint(kLimited, kEndpoint, 0, rights::kWrite | rights::kGrantReply);
    call(kLimited, 1, {0, 0, 0, 0, 0, 0, 0, kCore}, MessageTag::kCapability);
    EXPECT_EQ(current(), &server);
    EXPECT_EQ(received(server).message.tag.flags(), 0U);
    EXPECT_EQ(received(server).message.words[7], 0U);
    EXPECT_TRUE(slot(kArrived).empty());
}

TEST_F(EndpointTest, CapabilityWithNowhereToGoIsLeftOut) {
    auto& server = make_server();
    auto const attempt = [&](CPtr sent) {
        call(kBadged, 1, {0, 0, 0, 0, 0, 0, 0, sent}, MessageTag::kCapability);
        EXPECT_EQ(received(server).message.tag.flags(), 0U);
        reply_receive(kEndpoint, 0);
    };
    attempt(kCore); // no receive slot
    os::object::Tcb const tcb{kServer};
    EXPECT_EQ(error(tcb.set_receive_slot(kDepth, kRoot, kTcb)), Error::None);
    attempt(kCore); // an occupied one
    EXPECT_EQ(error(tcb.set_receive_slot(kDepth, kTcb, kArrived)), Error::None);
    attempt(kCore); // the root is no CNode
    EXPECT_EQ(error(tcb.set_receive_slot(kDepth, kRoot, kArrived)), Error::None);
    attempt(kUntyped);     // it has children
    attempt(kArrived + 1); // nothing there
    attempt(~CPtr{0});     // no such slot
    EXPECT_TRUE(slot(kArrived).empty());
}

TEST_F(EndpointTest, CapabilityToTheSameEndpointIsUnwrapped) {
    auto& server = make_server();
    mint(kLimited, kEndpoint, 0x77);
    call(kBadged, 1, {0, 0, 0, 0, 0, 0, 0, kLimited}, MessageTag::kCapability);
    EXPECT_EQ(received(server).message.tag.flags(), MessageTag::kUnwrapped);
    EXPECT_EQ(received(server).message.words[7], 0x77U);
}

TEST_F(EndpointTest, AnswerCarriesACapabilityOnlyWhenTheReceiverHadGrant) {
    for (bool const grant : {true, false}) {
        mint(kLimited, kEndpoint, 0, static_cast<std::uint8_t>(rights::kRead | (grant ? rights::kGrant : 0)));
        EXPECT_EQ(error(os::object::Tcb{kTcb}.set_receive_slot(kDepth, kRoot, kArrived)), Error::None);
        make_thread(kServer, kHigh);
        receive(kLimited);
        call(kBadged, 1);
        reply(0, {0, 0, 0, 0, 0, 0, 0, kCore}, MessageTag::kCapability);
        receive(kLimited);
        ASSERT_EQ(current(), &main_thread());
        EXPECT_EQ(received(main_thread()).message.tag.flags(), grant ? MessageTag::kCapability : 0);
        EXPECT_EQ(slot(kArrived).empty(), !grant);
        for (CPtr const at : {kArrived, kLimited, kServer, kServer + 1}) {
            EXPECT_EQ(error(kRootNode.delete_(kDepth, at)), Error::None);
        }
    }
}

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
