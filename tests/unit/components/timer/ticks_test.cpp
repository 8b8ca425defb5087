// SPDX-License-Identifier: MIT
/// Conversions at the frequencies of the boards, at the edges, and there and back.
#include "components/timer/ticks.hpp"

#include <gtest/gtest.h>

#include <random>

namespace {

using timer::kNever;
using timer::TickScale;

TEST(Ticks, RoundNumbers) {
    EXPECT_EQ(TickScale{62'500'000}.nanoseconds(62'500'000), 1'000'000'000U);
    EXPECT_EQ(TickScale{62'500'000}.nanoseconds(1), 16U);
    EXPECT_EQ(TickScale{1'000'000}.ticks(1'000'000), 1'000U);
    EXPECT_EQ(TickScale{19'200'000}.ticks(0), 0U);
}

TEST(Ticks, AlarmsAreNeverEarly) {
    TickScale const scale{19'200'000}; // 52.08 ns a tick
    EXPECT_EQ(scale.ticks(1), 1U);
    EXPECT_EQ(scale.ticks(53), 2U);
}

TEST(Ticks, AYearIsExact) {
    constexpr std::uint64_t kYear = 365ULL * 24 * 3600;
    for (std::uint64_t const frequency : {1'000'000ULL, 19'200'000ULL, 62'500'000ULL, 1'000'000'000ULL}) {
        TickScale const scale{frequency};
        EXPECT_EQ(scale.nanoseconds(kYear * frequency), kYear * timer::kNanosecondsPerSecond);
        EXPECT_EQ(scale.ticks(kYear * timer::kNanosecondsPerSecond), kYear * frequency);
    }
}

TEST(Ticks, WhatDoesNotFitIsNever) {
    EXPECT_EQ(TickScale{1'000'000}.nanoseconds(kNever), kNever);
    EXPECT_EQ(TickScale{10'000'000'000}.ticks(kNever), kNever);
    EXPECT_LT(TickScale{1'000'000}.ticks(kNever), kNever);
}

TEST(Ticks, ThereAndBackStaysOnTheTick) {
    std::mt19937_64 random{1};
    for (int count = 0; count < 100'000; ++count) {
        TickScale const scale{1 + random() % 1'000'000'000};
        auto const ticks = random() % 1'000'000'000'000;
        ASSERT_EQ(scale.ticks(scale.nanoseconds(ticks)), ticks);
    }
}

} // namespace
