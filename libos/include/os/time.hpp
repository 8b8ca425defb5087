// SPDX-License-Identifier: MIT
/// The machine's counter, and what its ticks are in nanoseconds.
#pragma once

#include "os/arch.hpp"

#include <cstdint>

namespace os {

/// Ticks of the counter that all cores share; what `CoreControl.set_alarm` takes.
[[nodiscard]] inline auto now_ticks() -> std::uint64_t { return arch::counter(); }

[[nodiscard]] inline auto ticks_per_second() -> std::uint64_t { return arch::counter_frequency(); }

inline constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;

/// Rounded down; both directions are exact for 584 years, products are never cut off.
[[nodiscard]] constexpr auto ticks_to_nanoseconds(std::uint64_t ticks, std::uint64_t frequency)
    -> std::uint64_t {
    auto const seconds = ticks / frequency;
    auto const rest = ticks % frequency; // below frequency: the product fits for any frequency below 18 GHz
    return seconds * kNanosecondsPerSecond + rest * kNanosecondsPerSecond / frequency;
}

/// Rounded up: an alarm set at the result does not come early. All ones when that is too far away.
[[nodiscard]] constexpr auto nanoseconds_to_ticks(std::uint64_t nanoseconds, std::uint64_t frequency)
    -> std::uint64_t {
    auto const seconds = nanoseconds / kNanosecondsPerSecond;
    auto const rest = nanoseconds % kNanosecondsPerSecond;
    std::uint64_t ticks = 0;
    auto const fraction = (rest * frequency + kNanosecondsPerSecond - 1) / kNanosecondsPerSecond;
    if (__builtin_mul_overflow(seconds, frequency, &ticks) ||
        __builtin_add_overflow(ticks, fraction, &ticks)) {
        return ~std::uint64_t{0};
    }
    return ticks;
}

/// Nanoseconds since the machine started.
[[nodiscard]] inline auto now_nanoseconds() -> std::uint64_t {
    return ticks_to_nanoseconds(now_ticks(), ticks_per_second());
}

} // namespace os
