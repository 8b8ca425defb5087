// SPDX-License-Identifier: MIT
/// The kernel's consoles against registers in plain memory: the speed they set, and that they leave it alone
/// where the board does not say what clock it is made from.
#include "kernel/drivers/bcm_aux_uart.hpp"
#include "kernel/drivers/ns16550.hpp"
#include "kernel/drivers/pl011.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>

namespace {

struct Registers {
    std::array<std::uint32_t, 64> words{};

    [[nodiscard]] auto address() -> std::uint64_t { return reinterpret_cast<std::uint64_t>(words.data()); }
    [[nodiscard]] auto at(std::size_t offset) -> std::uint32_t& {
        return words.at(offset / sizeof(std::uint32_t));
    }
};

TEST(ConsoleDrivers, Pl011SetsItsSpeed) {
    Registers registers;
    kernel::drivers::Pl011{registers.address(), 48'000'000}.initialise();
    EXPECT_EQ(registers.at(0x24), 26U); // 48 MHz / (16 * 115200) = 26 + 3/64
    EXPECT_EQ(registers.at(0x28), 3U);
}

TEST(ConsoleDrivers, Pl011KeepsTheSpeedOfTheFirmware) {
    Registers registers;
    registers.at(0x24) = 13;
    registers.at(0x28) = 7;
    kernel::drivers::Pl011{registers.address(), 0}.initialise();
    EXPECT_EQ(registers.at(0x24), 13U);
    EXPECT_EQ(registers.at(0x28), 7U);
    EXPECT_NE(registers.at(0x30), 0U); // it is on
}

TEST(ConsoleDrivers, AuxUartSetsItsSpeed) {
    Registers registers;
    kernel::drivers::BcmAuxUart{registers.address(), 250'000'000}.initialise();
    EXPECT_EQ(registers.at(0x68), 270U);
}

TEST(ConsoleDrivers, AuxUartKeepsTheSpeedOfTheFirmware) {
    Registers registers;
    registers.at(0x68) = 541;
    kernel::drivers::BcmAuxUart{registers.address(), 0}.initialise();
    EXPECT_EQ(registers.at(0x68), 541U);
    EXPECT_NE(registers.at(0x60), 0U);
}

TEST(ConsoleDrivers, Ns16550KeepsTheSpeedOfTheFirmware) {
    Registers registers;
    kernel::drivers::Ns16550{registers.address(), 0}.initialise();
    EXPECT_EQ(registers.at(0) & 0xFFU, 0U); // the divisor's low half, and data
    EXPECT_EQ(registers.at(0) >> 24U, 3U);  // eight bits; no latch
}

} // namespace
