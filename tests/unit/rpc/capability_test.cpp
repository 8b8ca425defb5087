// SPDX-License-Identifier: MIT
/// Capabilities in messages, and the objects behind them.
#include "tests/unit/rpc/rpc_fixture.hpp"

namespace test {
namespace {

TEST_F(RpcTest, ObjectIsServedUnderItsNumber) {
    auto const opened = client.open(1234);
    ASSERT_TRUE(opened);
    EXPECT_EQ((*opened)->number(), 1234);
    auto const name = (*opened)->name("through the same window");
    ASSERT_TRUE(name);
    EXPECT_EQ(*name, "through the same window");
}

TEST_F(RpcTest, ObjectsAreApart) {
    auto const first = client.open(1);
    auto const second = client.open(2);
    ASSERT_TRUE(first && second);
    EXPECT_EQ((*first)->number(), 1);
    EXPECT_EQ((*second)->number(), 2);
}

TEST_F(RpcTest, BadgeOfAnObjectNamesSessionObjectAndInterface) {
    auto const opened = client.open(5);
    ASSERT_TRUE(opened);
    std::uint64_t badge = 0;
    for (auto const& [slot, capability] : system.capabilities) {
        if (capability.type == abi::ObjectType::Endpoint && capability.badge > badge) {
            badge = capability.badge;
        }
    }
    EXPECT_EQ(badge, FakeSystem::kSession | 5U << 16U | std::uint64_t{1} << 56U);
}

TEST_F(RpcTest, ClosingAnObjectDeletesTheCapability) {
    (void)client.open(1); // makes the slot that the server grants from
    auto const before = system.capabilities.size();
    {
        auto const opened = client.open(2);
        EXPECT_EQ(system.capabilities.size(), before + 1);
    }
    EXPECT_EQ(system.capabilities.size(), before);
}

TEST_F(RpcTest, RefusedOpenGivesNothing) { EXPECT_EQ(client.open(0).error(), api::EverythingError::Nothing); }

TEST_F(RpcTest, FrameIsTheClients) {
    system.capabilities[40] = {abi::ObjectType::Frame, 7, 0};
    auto const result = client.frame(40);
    ASSERT_TRUE(result);
    EXPECT_EQ(result->number, 5);
    ASSERT_TRUE(result->frame);
    EXPECT_EQ(system.capabilities.at(result->frame.slot()).type, abi::ObjectType::Frame);
}

TEST_F(RpcTest, FrameWithTooFewRightsIsRefused) {
    system.capabilities[40] = {abi::ObjectType::Frame, 1, 0};
    EXPECT_EQ(client.frame(40).error(), os::Transport::BadReply);
}

TEST_F(RpcTest, CapabilityParameterIsTheServers) {
    system.capabilities[41] = {abi::ObjectType::Notification, 2, 9};
    EXPECT_TRUE(client.subscribe(1, os::object::Notification{41}));
    ASSERT_TRUE(everything.wake);
    EXPECT_EQ(system.capabilities.at(everything.wake.slot()).badge, 9);
    // The next one arrives in another slot.
    auto const first = everything.wake.slot();
    auto kept = std::move(everything.wake);
    EXPECT_TRUE(client.subscribe(2, os::object::Notification{41}));
    EXPECT_NE(everything.wake.slot(), first);
}

} // namespace
} // namespace test
