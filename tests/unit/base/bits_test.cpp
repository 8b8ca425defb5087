// SPDX-License-Identifier: MIT
/// Tests of powers of two and alignment.
#include "base/bits.hpp"

#include <gtest/gtest.h>

namespace {

TEST(Bits, LowBitsCoverTheWholeRange) {
    EXPECT_EQ(base::low_bits(0), 0U);
    EXPECT_EQ(base::low_bits(5), 31U);
    EXPECT_EQ(base::low_bits(64), ~std::uint64_t{0});
}

TEST(Bits, LogarithmsRoundBothWays) {
    EXPECT_EQ(base::log2_ceiling(0), 0U);
    EXPECT_EQ(base::log2_ceiling(1), 0U);
    EXPECT_EQ(base::log2_ceiling(4096), 12U);
    EXPECT_EQ(base::log2_ceiling(4097), 13U);
    EXPECT_EQ(base::log2_floor(4097), 12U);
    EXPECT_EQ(base::log2_floor(~std::uint64_t{0}), 63U);
}

TEST(Bits, AlignmentKeepsTheType) {
    EXPECT_EQ(base::align_up(std::uint32_t{4097}, 12), 8192U);
    EXPECT_EQ(base::align_up(std::uint64_t{4096}, 12), 4096U);
    EXPECT_EQ(base::align_down(std::uint64_t{8191}, 12), 4096U);
}

TEST(Bits, FitsDoesNotOverflow) {
    auto const largest = ~std::uint64_t{0};
    EXPECT_TRUE(base::fits(0, 0, 0));
    EXPECT_TRUE(base::fits(4, 6, 10));
    EXPECT_FALSE(base::fits(4, 7, 10));
    EXPECT_FALSE(base::fits(largest, largest, 10));
    EXPECT_FALSE(base::fits(4, largest, largest));
}

} // namespace
