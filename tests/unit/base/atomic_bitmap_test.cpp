// SPDX-License-Identifier: MIT
/// Tests of the lock-free bitmap, alone and with several threads.
#include "base/atomic_bitmap.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>
#include <vector>

namespace {

TEST(AtomicBitmap, HasNothingAtFirst) {
    base::AtomicBitmap<128> bitmap;
    EXPECT_EQ(bitmap.take(), std::nullopt);
    EXPECT_EQ(bitmap.take(3), std::nullopt);
    EXPECT_EQ(bitmap.free_count(), 0U);
}

TEST(AtomicBitmap, HandsOutEachNumberOnce) {
    base::AtomicBitmap<256> bitmap;
    bitmap.give(10, 200);
    std::set<std::size_t> taken;
    while (auto const number = bitmap.take()) {
        taken.insert(*number);
    }
    EXPECT_EQ(taken.size(), 200U);
    EXPECT_EQ(*taken.begin(), 10U);
    EXPECT_EQ(*taken.rbegin(), 209U);
}

TEST(AtomicBitmap, FindsRunsAcrossWords) {
    base::AtomicBitmap<256> bitmap;
    bitmap.give(60, 8);
    bitmap.give(100, 140);
    EXPECT_EQ(bitmap.take(9), 100U);
    EXPECT_EQ(bitmap.take(8), 60U);
    EXPECT_EQ(bitmap.take(131), 109U);
    EXPECT_EQ(bitmap.free_count(), 0U);
    bitmap.give(109, 131);
    EXPECT_EQ(bitmap.take(132), std::nullopt);
    EXPECT_EQ(bitmap.free_count(), 131U);
}

TEST(AtomicBitmap, IsExactWithSeveralThreads) {
    constexpr std::size_t kNumbers = 512;
    base::AtomicBitmap<kNumbers> bitmap;
    bitmap.give(0, kNumbers);
    std::array<std::atomic<int>, kNumbers> owners{};
    std::atomic<int> mistakes{};
    auto const work = [&](std::size_t run) {
        for (int round = 0; round < 2000; ++round) {
            auto const first = bitmap.take(run);
            if (!first) {
                continue;
            }
            for (auto number = *first; number < *first + run; ++number) {
                mistakes += owners.at(number)++;
            }
            for (auto number = *first; number < *first + run; ++number) {
                --owners.at(number);
            }
            bitmap.give(*first, run);
        }
    };
    {
        std::vector<std::jthread> threads;
        for (std::size_t const run : {1U, 1U, 3U, 70U, 130U}) {
            threads.emplace_back(work, run);
        }
    }
    EXPECT_EQ(mistakes, 0);
    EXPECT_EQ(bitmap.free_count(), kNumbers);
}

} // namespace
