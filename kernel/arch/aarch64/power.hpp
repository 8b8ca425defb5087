// SPDX-License-Identifier: MIT
/// Turning the machine off: the emulator's exit, the firmware's PSCI, the Pi's watchdog.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/firmware.hpp"
#include "kernel/drivers/bcm_watchdog.hpp"

#include <cstdint>

namespace kernel::arch {

/// Ends an emulator that has semihosting on, with `status`. Otherwise returns.
void exit_simulation(std::uint8_t status);

template <drivers::PowerDevice kDevice>
struct PowerControl;

template <>
struct PowerControl<drivers::PowerDevice::Psci> {
    template <drivers::PowerFacts kFacts>
    static void power_off() {
        constexpr std::uint64_t kSystemOff = 0x8400'0008;
        (void)call_firmware(kSystemOff); // comes back only if there is no firmware
    }
};

template <>
struct PowerControl<drivers::PowerDevice::BcmWatchdog> {
    template <drivers::PowerFacts kFacts>
    static void power_off() {
        drivers::BcmWatchdog{device_address(kFacts.base)}.power_off();
    }
};

} // namespace kernel::arch
