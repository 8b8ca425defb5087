// SPDX-License-Identifier: MIT
/// Capabilities in messages: where they arrive, and when they do not.
#include "endpoint_fixture.hpp"

namespace kernel::test {
namespace {

namespace rights = abi::rights;

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

} // namespace
} // namespace kernel::test
