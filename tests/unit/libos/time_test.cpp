// SPDX-License-Identifier: MIT
/// Tests of the conversion between ticks and nanoseconds.
#include "os/time.hpp"

#include <gtest/gtest.h>

namespace {

constexpr std::uint64_t kForever = ~std::uint64_t{0};

TEST(Time, ConvertsBothWays) {
    EXPECT_EQ(os::ticks_to_nanoseconds(62'500'000, 62'500'000), os::kNanosecondsPerSecond);
    EXPECT_EQ(os::ticks_to_nanoseconds(1, 62'500'000), 16U);
    EXPECT_EQ(os::nanoseconds_to_ticks(16, 62'500'000), 1U);
    EXPECT_EQ(os::nanoseconds_to_ticks(0, 62'500'000), 0U);
}

TEST(Time, NeverComesEarly) {
    EXPECT_EQ(os::nanoseconds_to_ticks(1, 62'500'000), 1U);
    EXPECT_EQ(os::nanoseconds_to_ticks(17, 62'500'000), 2U);
    for (std::uint64_t nanoseconds = 0; nanoseconds < 5000; nanoseconds += 7) {
        auto const ticks = os::nanoseconds_to_ticks(nanoseconds, 19'200'000);
        EXPECT_GE(os::ticks_to_nanoseconds(ticks, 19'200'000), nanoseconds > 52 ? nanoseconds - 1 : 0);
    }
}

TEST(Time, DoesNotOverflow) {
    EXPECT_EQ(os::ticks_to_nanoseconds(62'500'000ULL * 3'000'000'000ULL, 62'500'000),
              3'000'000'000ULL * os::kNanosecondsPerSecond);
    EXPECT_EQ(os::nanoseconds_to_ticks(kForever, 62'500'000), 1'152'921'504'606'846'976ULL);
    EXPECT_EQ(os::nanoseconds_to_ticks(kForever, 2'000'000'000), kForever);
}

} // namespace
