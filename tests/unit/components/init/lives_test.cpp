// SPDX-License-Identifier: MIT
/// How often a component is started again.
#include "components/init/lives.hpp"

#include <gtest/gtest.h>

namespace {

using init::Lives;

constexpr std::uint64_t kGoodLife = 1000;

TEST(Lives, FailuresAtTheStartAreCounted) {
    Lives lives;
    for (std::uint8_t life = 0; life < 3; ++life) {
        EXPECT_EQ(lives.failures(), life);
        lives.begin(life * kGoodLife);
        EXPECT_TRUE(lives.another(3, life * kGoodLife + kGoodLife - 1, kGoodLife));
    }
    lives.begin(5 * kGoodLife);
    EXPECT_FALSE(lives.another(3, 6 * kGoodLife - 1, kGoodLife));
    EXPECT_EQ(lives.failures(), 3);
}

TEST(Lives, AGoodLifeMakesUpForThem) {
    Lives lives;
    EXPECT_TRUE(lives.another(1, 1, kGoodLife));
    lives.begin(10);
    EXPECT_TRUE(lives.another(1, 10 + kGoodLife, kGoodLife));
    EXPECT_EQ(lives.failures(), 1);
    lives.begin(20 + kGoodLife);
    EXPECT_FALSE(lives.another(1, 30 + kGoodLife, kGoodLife));
}

TEST(Lives, NoneIsAllowed) {
    Lives lives;
    lives.begin(0);
    EXPECT_FALSE(lives.another(0, 1, kGoodLife));
    EXPECT_FALSE(lives.another(0, kGoodLife, kGoodLife));
}

} // namespace
