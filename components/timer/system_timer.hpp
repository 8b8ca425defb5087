// SPDX-License-Identifier: MIT
/// The system timer of the BCM2835 family: a 64-bit counter at 1 MHz, and channels that compare with its low
/// 32 bits. Firmware uses channels 0 and 2.
#pragma once

#include "base/register.hpp"

#include <algorithm>
#include <cstdint>

namespace timer {

/// Uses channel 1.
class SystemTimer {
public:
    /// Registers at `address`; `frequency` as the board file has it.
    SystemTimer(std::uint64_t address, std::uint64_t frequency)
        : registers_{address}, frequency_{frequency} {}

    [[nodiscard]] auto frequency() const -> std::uint64_t { return frequency_; }

    [[nodiscard]] auto count() const -> std::uint64_t {
        while (true) {
            // The halves are read one after the other: again if the upper has moved on in between.
            auto const high = registers_.read<CounterHigh>().raw();
            auto const low = registers_.read<CounterLow>().raw();
            if (registers_.read<CounterHigh>().raw() == high) return std::uint64_t{high} << 32U | low;
        }
    }

    /// Interrupts at `deadline` or some time before it. False: it has passed, an interrupt may not come.
    [[nodiscard]] auto arm(std::uint64_t deadline) const -> bool {
        registers_.write<Status>(kChannel1); // takes back the match that has been
        auto const target = std::min(deadline, count() + kFarthest);
        registers_.write<Compare1>(static_cast<std::uint32_t>(target));
        return count() < target;
    }

private:
    struct Status : base::Register<0x00, std::uint32_t> {};
    struct CounterLow : base::Register<0x04, std::uint32_t> {};
    struct CounterHigh : base::Register<0x08, std::uint32_t> {};
    struct Compare1 : base::Register<0x10, std::uint32_t> {};

    static constexpr std::uint32_t kChannel1 = 1U << 1U;
    /// A channel cannot tell a deadline beyond its 32 bits from one that is near.
    static constexpr std::uint64_t kFarthest = std::uint64_t{1} << 31U;

    base::RegisterBlock registers_;
    std::uint64_t frequency_;
};

} // namespace timer
