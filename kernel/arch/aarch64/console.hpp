// SPDX-License-Identifier: MIT
/// The kernel's own serial output, and the ways to stop the machine.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/power.hpp"
#include "kernel/drivers/bcm_aux_uart.hpp"
#include "kernel/drivers/pl011.hpp"

#include <cstdint>
#include <type_traits>

namespace kernel::arch {

struct Console {
    static void initialise() { kDevice.initialise(); }
    static void put(char character) {
        if (character == '\n') {
            kDevice.put('\r');
        }
        kDevice.put(character);
    }
    static void power_off(std::uint8_t status) {
        exit_simulation(status);
        PowerControl<board::kPower.device>::power_off<board::kPower>();
    }

private:
    using Device = std::conditional_t<board::kConsole.device == drivers::ConsoleDevice::Pl011, drivers::Pl011,
                                      drivers::BcmAuxUart>;
    static constexpr Device kDevice{device_address(board::kConsole.base), board::kConsole.clock_hz};
};

} // namespace kernel::arch
