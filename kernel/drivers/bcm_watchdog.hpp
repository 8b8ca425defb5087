// SPDX-License-Identifier: MIT
/// The power management block of the BCM283x: its watchdog is how the machine is reset or turned off.
#pragma once

#include "base/register.hpp"

#include <cstdint>

namespace kernel::drivers {

class BcmWatchdog {
public:
    explicit constexpr BcmWatchdog(std::uint64_t address) : registers_{address} {}

    /// Resets, and tells the firmware by partition 63 that it shall halt instead of booting again.
    /// Waits until that happens.
    void power_off() const {
        registers_.write<ResetStatus>(kPassword | kPartitionHalt);
        registers_.write<Watchdog>(kPassword | kShortest);
        std::uint32_t const others = registers_.read<ResetControl>().raw() & ~kResetMask;
        registers_.write<ResetControl>(kPassword | others | kFullReset);
        while (registers_.read<Watchdog>().raw() != 0) {
        }
    }

private:
    struct ResetControl : base::Register<0x1C, std::uint32_t> {};
    struct ResetStatus : base::Register<0x20, std::uint32_t> {};
    struct Watchdog : base::Register<0x24, std::uint32_t> {};

    static constexpr std::uint32_t kPassword = 0x5A00'0000;
    static constexpr std::uint32_t kPartitionHalt = 0x555;
    static constexpr std::uint32_t kShortest = 10; ///< ticks of 16 microseconds
    static constexpr std::uint32_t kResetMask = 0xFF00'0030;
    static constexpr std::uint32_t kFullReset = 0x20;

    base::RegisterBlock registers_;
};

} // namespace kernel::drivers
