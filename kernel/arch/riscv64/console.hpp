// SPDX-License-Identifier: MIT
/// The kernel's own serial output, and what stops the machine.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/riscv64/device_windows.hpp"
#include "kernel/drivers/ns16550.hpp"
#include "kernel/drivers/sifive_test.hpp"

#include <cstdint>

namespace kernel::arch {

struct Console {
    static void initialise() { kDevice.initialise(); }
    static void put(char character) {
        if (character == '\n') {
            kDevice.put('\r');
        }
        kDevice.put(character);
    }
    static void power_off(std::uint8_t status) { kPower.power_off(status); }

private:
    static_assert(board::kConsole.device == drivers::ConsoleDevice::Ns16550);
    static_assert(board::kPower.device == drivers::PowerDevice::SifiveTest);
    static constexpr drivers::Ns16550 kDevice{device_address(board::kConsole.base), board::kConsole.clock_hz};
    static constexpr drivers::SifiveTest kPower{device_address(board::kPower.base)};
};

} // namespace kernel::arch
