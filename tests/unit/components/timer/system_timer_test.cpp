// SPDX-License-Identifier: MIT
/// The BCM2835 system timer against registers in plain memory.
#include "components/timer/system_timer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>

namespace {

struct Device {
    alignas(4096) std::array<std::uint32_t, 1024> memory{};
    timer::SystemTimer timer{std::bit_cast<std::uint64_t>(memory.data()), 1'000'000};
};

TEST(SystemTimer, CountsSixtyFourBits) {
    Device device;
    device.memory[1] = 0x89ABCDEF;
    device.memory[2] = 0x01234567;
    EXPECT_EQ(device.timer.count(), 0x0123'4567'89AB'CDEFU);
}

TEST(SystemTimer, ArmsChannelOne) {
    Device device;
    device.memory[1] = 1000;
    EXPECT_TRUE(device.timer.arm(5000));
    EXPECT_EQ(device.memory[4], 5000U);
    EXPECT_EQ(device.memory[0], 2U);
}

TEST(SystemTimer, SaysWhenTheDeadlineHasPassed) {
    Device device;
    device.memory[1] = 1000;
    EXPECT_FALSE(device.timer.arm(1000));
    EXPECT_FALSE(device.timer.arm(0));
}

TEST(SystemTimer, FarDeadlinesAreApproached) {
    Device device;
    device.memory[1] = 1000;
    EXPECT_TRUE(device.timer.arm(0x1'0000'0100));
    EXPECT_EQ(device.memory[4], 1000U + (1U << 31U));
    EXPECT_TRUE(device.timer.arm(~0ULL));
}

TEST(SystemTimer, ComparesAcrossTheCarry) {
    Device device;
    device.memory[1] = 0xFFFF'FFF0;
    device.memory[2] = 5;
    EXPECT_TRUE(device.timer.arm(0x6'0000'0010));
    EXPECT_EQ(device.memory[4], 0x10U);
}

} // namespace
