// SPDX-License-Identifier: MIT
/// Tests of bounded text.
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

TEST(Text, PutsPiecesTogether) {
    base::Text<64> const text{"core ", 3U, ": ", -17, ' ', base::Hex{0xDEAD}, std::string_view{"!"}};
    EXPECT_EQ(text.view(), "core 3: -17 0xdead!");
}

TEST(Text, WritesTheLimitsOfNumbers) {
    EXPECT_EQ(base::Text<64>{std::numeric_limits<std::int64_t>::min()}.view(), "-9223372036854775808");
    EXPECT_EQ(base::Text<64>{std::numeric_limits<std::uint64_t>::max()}.view(), "18446744073709551615");
    EXPECT_EQ(base::Text<64>{base::Hex{0}}.view(), "0x0");
}

TEST(Text, SaysThatSomethingIsMissing) {
    base::Text<8> text{"12345678"};
    EXPECT_EQ(text.view(), "12345678");
    text.append("9");
    EXPECT_EQ(text.view(), "12345...");
    text.append("more");
    EXPECT_EQ(text.view(), "12345...");
}

} // namespace
