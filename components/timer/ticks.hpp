// SPDX-License-Identifier: MIT
/// Ticks of a counter and nanoseconds: conversions that neither overflow nor drift.
#pragma once

#include <cstdint>

namespace timer {

inline constexpr std::uint64_t kNanosecondsPerSecond = 1'000'000'000;
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

/// A counter's frequency. Results that do not fit become `kNever`.
class TickScale {
public:
    /// `frequency` is ticks a second, 1 to 10^10.
    explicit constexpr TickScale(std::uint64_t frequency) : frequency_{frequency} {}

    /// The time when the counter reached `ticks`, rounded down.
    [[nodiscard]] constexpr auto nanoseconds(std::uint64_t ticks) const -> std::uint64_t {
        auto const rest = ticks % frequency_ * kNanosecondsPerSecond / frequency_;
        return scaled(ticks / frequency_, kNanosecondsPerSecond, rest);
    }

    /// The first tick at or after `nanoseconds`: an alarm set for it is never early.
    [[nodiscard]] constexpr auto ticks(std::uint64_t nanoseconds) const -> std::uint64_t {
        auto const part = nanoseconds % kNanosecondsPerSecond * frequency_;
        auto const rest = (part + kNanosecondsPerSecond - 1) / kNanosecondsPerSecond;
        return scaled(nanoseconds / kNanosecondsPerSecond, frequency_, rest);
    }

private:
    static constexpr auto scaled(std::uint64_t whole, std::uint64_t factor, std::uint64_t rest)
        -> std::uint64_t {
        std::uint64_t result{};
        bool const overflows =
            __builtin_mul_overflow(whole, factor, &result) || __builtin_add_overflow(result, rest, &result);
        return overflows ? kNever : result;
    }

    std::uint64_t frequency_;
};

} // namespace timer
