// SPDX-License-Identifier: MIT
/// Sets of physical addresses: what is added, taken and split must add up.
#include "kernel/boot/range_set.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace kernel::boot {
namespace {

using drivers::Range;

auto list(RangeSet const& set) -> std::vector<std::pair<std::uint64_t, std::uint64_t>> {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> result;
    for (Range const range : set.ranges()) {
        result.emplace_back(range.base, range.size);
    }
    return result;
}

using List = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

TEST(RangeSet, KeepsRangesSortedAndJoinsWhatTouches) {
    RangeSet set;
    set.add({0x3000, 0x1000});
    set.add({0x1000, 0x1000});
    EXPECT_EQ(list(set), (List{{0x1000, 0x1000}, {0x3000, 0x1000}}));
    set.add({0x2000, 0x1000});
    EXPECT_EQ(list(set), (List{{0x1000, 0x3000}}));
    set.add({0x2000, 0x100});
    EXPECT_EQ(list(set), (List{{0x1000, 0x3000}}));
}

TEST(RangeSet, IgnoresWhatIsEmptyOrWrapsAround) {
    RangeSet set;
    set.add({0x1000, 0});
    set.add({~std::uint64_t{0} - 10, 100});
    EXPECT_TRUE(set.ranges().empty());
}

TEST(RangeSet, SubtractsFromTheMiddleAndTheEnds) {
    RangeSet set;
    set.add({0x1000, 0x9000});
    set.subtract({0x4000, 0x1000});
    set.subtract({0x0, 0x2000});
    set.subtract({0x9000, 0x9000});
    EXPECT_EQ(list(set), (List{{0x2000, 0x2000}, {0x5000, 0x4000}}));
    set.subtract({0x3000, 0x4000});
    EXPECT_EQ(list(set), (List{{0x2000, 0x1000}, {0x7000, 0x2000}}));
}

TEST(RangeSet, TakesTheLowestAlignedBlock) {
    RangeSet set;
    set.add({0x1000, 0x7000});
    EXPECT_EQ(set.take(14), base::PhysAddr{0x4000});
    EXPECT_EQ(set.take(12), base::PhysAddr{0x1000});
    EXPECT_EQ(list(set), (List{{0x2000, 0x2000}}));
    EXPECT_EQ(set.take(14), std::nullopt);
}

TEST(RangeSet, SplitsIntoBlocksAsLargeAsTheirPlaceAllows) {
    RangeSet set;
    set.add({0x1000, 0x6800});
    std::uint64_t next = 0x1000;
    for (unsigned const bits : {12U, 13U, 13U, 12U}) {
        auto const block = set.take_first(12, 40);
        ASSERT_TRUE(block.has_value());
        EXPECT_EQ(block->address.value(), next);
        EXPECT_EQ(block->bits, bits);
        next += std::uint64_t{1} << bits;
    }
    // Half a page is left, which is too small.
    EXPECT_FALSE(set.take_first(12, 40).has_value());
}

TEST(RangeSet, TakesFromAddressZero) {
    RangeSet set;
    set.add({0, 0x3C00'0000});
    auto const block = set.take_first(12, 40);
    ASSERT_TRUE(block.has_value());
    EXPECT_EQ(block->address.value(), 0U);
    EXPECT_EQ(block->bits, 29U);
}

TEST(RangeSet, WholeBlocksLieInTheRange) {
    constexpr unsigned kBits = 21;
    constexpr std::uint64_t kBlock = 1U << kBits;
    auto const whole = [](std::uint64_t base, std::uint64_t size) {
        Range const blocks = whole_blocks({base, size}, kBits);
        return std::pair{blocks.base, blocks.size};
    };
    EXPECT_EQ(whole(0, kBlock), (std::pair{std::uint64_t{0}, kBlock}));
    EXPECT_EQ(whole(1, 3 * kBlock), (std::pair{kBlock, 2 * kBlock}));
    EXPECT_EQ(whole(1, kBlock).second, 0U);
    EXPECT_EQ(whole(kBlock - 1, 2).second, 0U);
    EXPECT_EQ(whole(~std::uint64_t{0} - 0x1000, 0x1000).second, 0U) << "and not all from 0 on";
    EXPECT_EQ(whole(0, ~std::uint64_t{0}), (std::pair{std::uint64_t{0}, ~(kBlock - 1)}));
}

TEST(RangeSet, LeavesOutTheSmallestWhereBlocksWouldBeTooMany) {
    RangeSet set;
    set.add({0x1000, 0x7FFF'E000}); // a block of each size from 2^12 to 2^29 at each side of the middle
    auto const blocks = [&](unsigned bits) {
        RangeSet copy = set;
        std::size_t count = 0;
        while (copy.take_first(bits, 40).has_value()) {
            ++count;
        }
        return count;
    };
    EXPECT_EQ(blocks(12), 36U);
    EXPECT_EQ(set.bits_for(36, 12, 40), 12U);
    EXPECT_EQ(set.bits_for(35, 12, 40), 13U);
    EXPECT_EQ(set.bits_for(2, 12, 40), 29U);
    EXPECT_EQ(blocks(29), 2U) << "the largest are there";
    EXPECT_EQ(set.bits_for(0, 12, 40), 30U);
    EXPECT_EQ(RangeSet{}.bits_for(0, 12, 40), 12U);
    EXPECT_EQ(set.ranges().size(), 1U) << "nothing was taken";
}

TEST(RangeSet, LosesRatherThanRepeatsWhenFull) {
    RangeSet set;
    for (std::uint64_t index = 0; index < 2 * RangeSet::kCapacity; ++index) {
        set.add({index * 0x2000, 0x1000});
    }
    EXPECT_EQ(set.ranges().size(), RangeSet::kCapacity);
    set.subtract({0x100, 0x100}); // would need one more
    for (Range const range : set.ranges()) {
        EXPECT_TRUE(range.base + range.size <= 0x100 || range.base >= 0x200);
    }
}

} // namespace
} // namespace kernel::boot
