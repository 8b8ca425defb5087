// SPDX-License-Identifier: MIT
/// Goldfish's real-time clock as an alarm: it counts nanoseconds of the day's time and interrupts at one of
/// them.
#pragma once

#include "base/register.hpp"
#include "components/timer/deadline_queue.hpp"
#include "os/time.hpp"

#include <algorithm>
#include <cstdint>

namespace timer {

/// The time is that of the processor's counter. The clock may be set while an alarm waits, so no alarm is set
/// far away: who is woken early sets it anew.
class GoldfishRtc {
public:
    explicit GoldfishRtc(std::uint64_t address) : registers_{address} {
        registers_.write<ClearInterrupt>(1U);
        registers_.write<InterruptEnable>(1U);
    }

    [[nodiscard]] static auto frequency() -> std::uint64_t { return os::ticks_per_second(); }
    [[nodiscard]] static auto count() -> std::uint64_t { return os::now_ticks(); }

    /// Interrupts at `deadline` or some time before it, at kNever not at all. False: it has passed, an
    /// interrupt may not come.
    [[nodiscard]] auto arm(std::uint64_t deadline) const -> bool {
        registers_.write<ClearAlarm>(1U);
        registers_.write<ClearInterrupt>(1U); // takes back the alarm that has been
        if (deadline == kNever) return true;
        auto const begin = count();
        if (deadline <= begin) return false;
        auto const pause = std::min(os::ticks_to_nanoseconds(deadline - begin, frequency()), kFarthest);
        auto const target = clock() + pause;
        registers_.write<AlarmHigh>(static_cast<std::uint32_t>(target >> 32U));
        registers_.write<AlarmLow>(static_cast<std::uint32_t>(target)); // this one sets it
        // One that had passed by then has interrupted: the clock takes any moment.
        return true;
    }

private:
    struct TimeLow : base::Register<0x00, std::uint32_t> {};
    struct TimeHigh : base::Register<0x04, std::uint32_t> {};
    struct AlarmLow : base::Register<0x08, std::uint32_t> {};
    struct AlarmHigh : base::Register<0x0C, std::uint32_t> {};
    struct InterruptEnable : base::Register<0x10, std::uint32_t> {};
    struct ClearAlarm : base::Register<0x14, std::uint32_t> {};
    struct ClearInterrupt : base::Register<0x1C, std::uint32_t> {};

    static constexpr std::uint64_t kFarthest = os::kNanosecondsPerSecond;

    /// Nanoseconds. Reading the lower half keeps the upper one that belongs to it.
    [[nodiscard]] auto clock() const -> std::uint64_t {
        auto const low = registers_.read<TimeLow>().raw();
        auto const high = registers_.read<TimeHigh>().raw();
        return std::uint64_t{high} << 32U | low;
    }

    base::RegisterBlock registers_;
};

} // namespace timer
