// SPDX-License-Identifier: MIT
/// Answers that come later, and events.
#include "tests/unit/rpc/rpc_fixture.hpp"

#include <vector>

namespace test {
namespace {

using abi::MessageTag;
using os::Transport;

TEST_F(RpcTest, AnswerAtOnceNeedsNoReplyObject) {
    EXPECT_EQ(client.wait(0), 7);
    EXPECT_EQ(client.wait(1).error(), api::EverythingError::Nothing);
    EXPECT_TRUE(system.sent.empty());
    auto const result = client.describe(3);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->text, "tester");
}

TEST_F(RpcTest, DroppedPromiseAnswersBusy) { EXPECT_EQ(client.wait(2).error(), Transport::Busy); }

TEST_F(RpcTest, AbandonedCallIsNotAnswered) {
    (void)client.wait(3); // the fake kernel ends it
    EXPECT_FALSE(system.last_answer);
    EXPECT_TRUE(system.sent.empty());
}

TEST_F(RpcTest, LateAnswerGoesToTheReplyObject) {
    (void)client.wait(10); // the fake kernel does not wait
    EXPECT_FALSE(system.last_answer);
    ASSERT_EQ(system.sent.size(), 1);
    EXPECT_EQ(system.sent[0].message.tag.label(), 0x701); // Reply.save
    auto const reply = system.sent[0].to;

    ASSERT_TRUE(everything.waiting);
    everything.waiting->answer(99);
    ASSERT_EQ(system.sent.size(), 2);
    EXPECT_EQ(system.sent[1].to, reply);
    EXPECT_EQ(system.sent[1].message.tag, MessageTag(0, 1));
    EXPECT_EQ(system.sent[1].message.words[0], 99);

    everything.waiting->answer(100);
    EXPECT_EQ(system.sent.size(), 2) << "answered twice";
}

TEST_F(RpcTest, LatePromiseThatIsDroppedAnswersBusy) {
    (void)client.wait(10); // as above
    everything.waiting.reset();
    ASSERT_EQ(system.sent.size(), 2);
    EXPECT_EQ(system.sent[1].message.tag, MessageTag(std::to_underlying(Transport::Busy), 0));
}

TEST_F(RpcTest, LatePromiseThatIsAbandonedAborts) {
    (void)client.wait(10); // as above
    everything.waiting->abandon();
    ASSERT_EQ(system.sent.size(), 2);
    EXPECT_EQ(system.sent[1].message.tag.label(), 0x702); // Reply.abort
}

TEST_F(RpcTest, ReplyObjectIsUsedAgain) {
    (void)client.wait(10); // as above
    everything.waiting->answer(1);
    (void)client.wait(11);
    EXPECT_EQ(system.sent[2].to, system.sent[0].to);
}

TEST_F(RpcTest, NoReplyObjectAnswersBusy) {
    system.out_of_memory = true;
    EXPECT_EQ(client.wait(10).error(), Transport::Busy);
    everything.waiting->answer(1);
    EXPECT_TRUE(system.sent.empty());
}

TEST_F(RpcTest, MoreCallersThanPlacesAreToldBusy) {
    std::vector<os::Pending<api::method::Wait>> pending;
    for (std::size_t count = 0; count < os::DeferredCalls::kCapacity; ++count) {
        (void)client.wait(10); // as above
        ASSERT_TRUE(everything.waiting);
        pending.push_back(std::move(*everything.waiting));
    }
    EXPECT_EQ(client.wait(10).error(), Transport::Busy);
    pending.pop_back();
    (void)client.wait(10);
    EXPECT_FALSE(system.last_answer) << "there was a place again";
}

TEST_F(RpcTest, NotificationReachesTheServer) {
    std::uint64_t seen = 0;
    server.on_notification([&seen](std::uint64_t bits) { seen = bits; });
    EXPECT_FALSE(server.handle(
        {.badge = 6, .message = {.tag = MessageTag{0, 0, MessageTag::kNotification}, .words = {}}}));
    EXPECT_EQ(seen, 6);
}

TEST_F(RpcTest, EventsArriveInOrder) {
    auto const events = system.service().events(FakeSystem::kSession);
    EXPECT_TRUE(events.ticked(5, api::Light::Bright));
    EXPECT_TRUE(events.ended());
    ASSERT_EQ(system.sent.size(), 2);
    EXPECT_EQ(system.sent[0].to, FakeSystem::kClientNotification);

    auto const first = client.next_event();
    ASSERT_TRUE(first);
    EXPECT_EQ(std::get<api::TickedEvent>(*first),
              (api::TickedEvent{.number = 5, .light = api::Light::Bright}));
    EXPECT_TRUE(std::holds_alternative<api::EndedEvent>(client.next_event().value()));
    EXPECT_FALSE(client.next_event());
    EXPECT_EQ(client.event_badge(), 4);
}

TEST_F(RpcTest, EventsBeyondTheRingAreDropped) {
    auto const events = system.service().events(FakeSystem::kSession);
    for (std::uint32_t count = 0; count < os::kEventCapacity; ++count) {
        ASSERT_TRUE(events.ticked(count, api::Light::Off));
    }
    EXPECT_FALSE(events.ended());
    for (std::uint32_t count = 0; count < os::kEventCapacity; ++count) {
        auto const event = client.next_event();
        ASSERT_TRUE(event);
        EXPECT_EQ(std::get<api::TickedEvent>(*event).number, count);
    }
    EXPECT_FALSE(client.next_event());
    EXPECT_TRUE(events.ended());
    EXPECT_TRUE(client.next_event());
}

TEST_F(RpcTest, SessionOfAnotherPortHasNoEvents) {
    EXPECT_FALSE(system.service().events(0).ended());
    EXPECT_FALSE(system.service().events(9).ended());
    EXPECT_TRUE(system.sent.empty());
}

TEST_F(RpcTest, MalformedEventsAreLeftOut) {
    auto const events = system.service().events(FakeSystem::kSession);
    auto* const ring = system.window() + api::Interface::kEventRing;
    for (int count = 0; count < 4; ++count) {
        ASSERT_TRUE(events.ticked(1, api::Light::Off));
    }
    auto* const records = ring + os::kEventRingHeader;
    constexpr auto kRecord = api::Interface::kEventWords * 8;
    records[0] = std::byte{99};               // no such event
    records[kRecord + 16] = std::byte{3};     // no such light
    records[2 * kRecord + 17] = std::byte{1}; // padding
    ASSERT_TRUE(client.next_event());
    EXPECT_FALSE(client.next_event());
}

TEST_F(RpcTest, WildIndicesOfTheRingHarmNobody) {
    auto const events = system.service().events(FakeSystem::kSession);
    auto* const ring = system.window() + api::Interface::kEventRing;
    std::memset(ring, 0xFF, 4); // the server's count
    for (int count = 0; count < 200; ++count) {
        (void)client.next_event(); // whatever it gives, it ends
        (void)events.ended();
    }
    std::memset(ring + 64, 0x7F, 4); // the client's count
    for (int count = 0; count < 200; ++count) {
        (void)events.ended();
        (void)client.next_event();
    }
}

} // namespace
} // namespace test
