// SPDX-License-Identifier: MIT
/// The buddy allocator never gives a byte twice, loses none, and merges when it has to.
#include "components/memory/buddy.hpp"

#include "tests/unit/components/memory/fake_untyped.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace {

using memory::Buddy;
using memory::Refusal;
using memory::test::FakeUntyped;

TEST(Buddy, SplitsTheSmallestThatFits) {
    FakeUntyped untyped;
    Buddy buddy{untyped};
    buddy.add(untyped.add(0x100'0000, 24), 24);
    buddy.add(untyped.add(0x1'0000, 16), 16);
    auto const block = buddy.allocate(12);
    ASSERT_TRUE(block.has_value());
    EXPECT_EQ(untyped.address(buddy.slot(*block)), 0x1'0000U);
    EXPECT_EQ(buddy.bits(*block), 12U);
    EXPECT_EQ(buddy.free_bytes(), (1U << 24U) + (1U << 16U) - (1U << 12U));
}

TEST(Buddy, MergesWhenALargeBlockIsWanted) {
    FakeUntyped untyped;
    Buddy buddy{untyped};
    buddy.add(untyped.add(0, 20), 20);
    std::vector<Buddy::Block> blocks;
    for (int count = 0; count < 256; ++count) {
        blocks.push_back(buddy.allocate(12).value());
    }
    EXPECT_EQ(buddy.free_bytes(), 0U);
    EXPECT_EQ(buddy.allocate(12).error(), Refusal::Exhausted);
    for (auto const block : blocks) {
        buddy.release(block);
    }
    EXPECT_TRUE(buddy.allocate(20).has_value());
    EXPECT_EQ(untyped.slots_left, 1'000'000U); // all halves are gone
}

TEST(Buddy, MergesNoMoreThanItMust) {
    FakeUntyped untyped;
    Buddy buddy{untyped};
    buddy.add(untyped.add(0, 20), 20);
    auto const kept = buddy.allocate(12).value();
    auto const others = {buddy.allocate(12).value(), buddy.allocate(13).value()};
    for (auto const block : others) {
        buddy.release(block);
    }
    EXPECT_EQ(buddy.allocate(20).error(), Refusal::Exhausted);
    EXPECT_TRUE(buddy.allocate(19).has_value());
    EXPECT_EQ(untyped.address(buddy.slot(kept)), 0U);
}

TEST(Buddy, SaysWhenSlotsAreUsedUpAndLosesNothing) {
    FakeUntyped untyped;
    Buddy buddy{untyped};
    buddy.add(untyped.add(0, 20), 20);
    untyped.slots_left = 6;
    EXPECT_EQ(buddy.allocate(12).error(), Refusal::Exhausted);
    EXPECT_EQ(buddy.free_bytes(), 1U << 20U);
    EXPECT_TRUE(buddy.allocate(17).has_value());
    EXPECT_TRUE(buddy.allocate(18).has_value());
}

TEST(Buddy, AgreesWithAModelUnderRandomUse) {
    std::mt19937_64 random{20260105};
    for (int round = 0; round < 40; ++round) {
        FakeUntyped untyped;
        Buddy buddy{untyped};
        buddy.reserve(4096);
        std::uint64_t total = 0;
        for (std::uint64_t index = 0; index < 3; ++index) {
            unsigned const bits = 16 + static_cast<unsigned>(random() % 6);
            buddy.add(untyped.add(index << 32U, bits), bits);
            total += std::uint64_t{1} << bits;
        }
        std::map<std::uint64_t, Buddy::Block> held; // by address
        std::uint64_t used = 0;
        for (int step = 0; step < 2000; ++step) {
            if (!held.empty() && random() % 5 < 2) {
                auto const which =
                    std::next(held.begin(), static_cast<std::ptrdiff_t>(random() % held.size()));
                used -= std::uint64_t{1} << buddy.bits(which->second);
                buddy.release(which->second);
                held.erase(which);
            } else {
                unsigned const bits = 12 + static_cast<unsigned>(random() % 8);
                auto const block = buddy.allocate(bits);
                if (!block) {
                    continue;
                }
                std::uint64_t const address = untyped.address(buddy.slot(*block));
                std::uint64_t const size = std::uint64_t{1} << bits;
                EXPECT_EQ(address % size, 0U);
                auto const next = held.lower_bound(address);
                if (next != held.end()) {
                    EXPECT_LE(address + size, next->first);
                }
                if (next != held.begin()) {
                    auto const before = std::prev(next);
                    EXPECT_LE(before->first + (std::uint64_t{1} << buddy.bits(before->second)), address);
                }
                held[address] = *block;
                used += size;
            }
            ASSERT_EQ(buddy.free_bytes(), total - used);
        }
        for (auto const& [address, block] : held) {
            buddy.release(block);
        }
        EXPECT_EQ(buddy.free_bytes(), total);
    }
}

} // namespace
