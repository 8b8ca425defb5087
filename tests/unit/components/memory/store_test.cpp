// SPDX-License-Identifier: MIT
/// Sessions get no more than their quota and touch no blocks but their own.
#include "components/memory/store.hpp"

#include "tests/unit/components/memory/fake_untyped.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace {

using memory::Buddy;
using memory::Kind;
using memory::Refusal;
using memory::Session;
using memory::Store;

constexpr std::array<std::uint64_t, 2> kQuotas{0x8000, 0x10'0000};

class StoreTest : public testing::Test {
protected:
    StoreTest() { buddy.add(untyped.add(0, 24), 24); }

    memory::test::FakeUntyped untyped;
    Buddy buddy{untyped};
    Store store{buddy, untyped, kQuotas, 64};
};

TEST_F(StoreTest, CountsAgainstTheQuota) {
    ASSERT_TRUE(store.allocate(0, Kind::Frame, 12).has_value());
    EXPECT_EQ(store.allocate(0, Kind::Untyped, 15).error(), Refusal::Quota);
    ASSERT_TRUE(store.allocate(0, Kind::Untyped, 14).has_value());
    EXPECT_EQ(store.account(0).used, 0x5000U);
    EXPECT_EQ(store.account(0).blocks, 2U);
    EXPECT_EQ(store.account(1).used, 0U);
    EXPECT_EQ(store.free_bytes(), (1U << 24U) - 0x5000U);
}

TEST_F(StoreTest, TakesBlocksBack) {
    auto const allocation = store.allocate(0, Kind::Untyped, 15);
    ASSERT_TRUE(allocation.has_value());
    EXPECT_TRUE(store.free(0, allocation->block).has_value());
    EXPECT_EQ(store.account(0).used, 0U);
    EXPECT_EQ(store.free(0, allocation->block).error(), Refusal::BadBlock);
    EXPECT_TRUE(store.allocate(0, Kind::Untyped, 15).has_value());
}

TEST_F(StoreTest, KeepsSessionsApart) {
    auto const allocation = store.allocate(0, Kind::Frame, 12);
    ASSERT_TRUE(allocation.has_value());
    EXPECT_EQ(store.free(1, allocation->block).error(), Refusal::BadBlock);
    EXPECT_EQ(store.free(1, 999).error(), Refusal::BadBlock);
    EXPECT_EQ(store.free(0, ~0U).error(), Refusal::BadBlock);
    EXPECT_TRUE(store.free(0, allocation->block).has_value());
}

TEST_F(StoreTest, TakesBackAllOfASession) {
    ASSERT_TRUE(store.allocate(0, Kind::Frame, 12).has_value());
    auto const other = store.allocate(1, Kind::Frame, 12);
    ASSERT_TRUE(other.has_value());
    ASSERT_TRUE(store.allocate(0, Kind::Untyped, 14).has_value());
    store.free_all(0);
    EXPECT_EQ(store.account(0).used, 0U);
    EXPECT_EQ(store.account(0).blocks, 0U);
    EXPECT_EQ(store.account(1).blocks, 1U);
    EXPECT_TRUE(store.allocate(0, Kind::Untyped, 15).has_value());
    EXPECT_TRUE(store.free(1, other->block).has_value());
}

TEST_F(StoreTest, RefusesSizesItDoesNotHave) {
    for (unsigned const bits : {0U, 11U, 13U, 20U, 22U, 30U, 64U, 255U}) {
        EXPECT_EQ(store.allocate(1, Kind::Frame, bits).error(), Refusal::BadBlock) << bits;
    }
    for (unsigned const bits : {0U, 11U, 25U, 63U, 64U, 255U}) {
        EXPECT_EQ(store.allocate(1, Kind::Untyped, bits).error(), Refusal::BadBlock) << bits;
    }
    EXPECT_EQ(store.allocate(1, Kind::Untyped, 24).error(), Refusal::Quota);
}

TEST_F(StoreTest, GivesEachSessionItsShareOfBlocks) {
    for (int count = 0; count < 32; ++count) {
        ASSERT_TRUE(store.allocate(1, Kind::Frame, 12).has_value());
    }
    EXPECT_EQ(store.allocate(1, Kind::Frame, 12).error(), Refusal::Quota);
    EXPECT_TRUE(store.allocate(0, Kind::Frame, 12).has_value());
}

TEST_F(StoreTest, LosesNothingWhenSlotsAreUsedUp) {
    ASSERT_TRUE(store.allocate(1, Kind::Frame, 12).has_value());
    untyped.slots_left = 0;
    EXPECT_EQ(store.allocate(1, Kind::Frame, 12).error(), Refusal::Exhausted);
    EXPECT_EQ(store.account(1).used, 0x1000U);
    EXPECT_EQ(store.free_bytes(), (1U << 24U) - 0x1000U);
}

TEST_F(StoreTest, SumsStayRightUnderRandomUse) {
    std::mt19937_64 random{20260106};
    std::array<std::vector<std::pair<std::uint32_t, std::uint64_t>>, 2> held;
    for (int step = 0; step < 20'000; ++step) {
        auto const session = static_cast<Session>(random() % 2);
        auto& mine = held[session];
        if (random() % 2 == 0 && !mine.empty()) {
            std::swap(mine.back(), mine[random() % mine.size()]);
            ASSERT_TRUE(store.free(session, mine.back().first).has_value());
            mine.pop_back();
        } else {
            auto const bits = static_cast<unsigned>(random() % 30);
            auto const kind = random() % 2 == 0 ? Kind::Frame : Kind::Untyped;
            if (auto const got = store.allocate(session, kind, bits)) {
                mine.emplace_back(got->block, std::uint64_t{1} << bits);
            }
        }
        std::uint64_t sum = 0;
        for (auto const& [block, size] : mine) {
            sum += size;
        }
        ASSERT_EQ(store.account(session).used, sum);
        ASSERT_EQ(store.account(session).blocks, mine.size());
        ASSERT_LE(sum, kQuotas[session]);
    }
}

} // namespace
