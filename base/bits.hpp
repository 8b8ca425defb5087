// SPDX-License-Identifier: MIT
/// Powers of two: masks, alignment, sizes given as log2.
#pragma once

#include <bit>
#include <concepts>
#include <cstdint>

namespace base {

/// The `count` lowest bits set; `count` up to and including 64.
[[nodiscard]] constexpr auto low_bits(unsigned count) -> std::uint64_t {
    return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

/// 2^`bits`; `bits` below 64.
[[nodiscard]] constexpr auto power_of_two(unsigned bits) -> std::uint64_t { return std::uint64_t{1} << bits; }

/// The smallest n with 2^n >= `value`; 0 for 0.
[[nodiscard]] constexpr auto log2_ceiling(std::uint64_t value) -> unsigned {
    return value <= 1 ? 0 : static_cast<unsigned>(std::bit_width(value - 1));
}

/// The largest n with 2^n <= `value`; `value` is not 0.
[[nodiscard]] constexpr auto log2_floor(std::uint64_t value) -> unsigned {
    return static_cast<unsigned>(std::bit_width(value)) - 1;
}

/// `value` rounded to a multiple of 2^`bits`.
template <std::unsigned_integral T>
[[nodiscard]] constexpr auto align_down(T value, unsigned bits) -> T {
    return static_cast<T>(value & ~static_cast<T>(low_bits(bits)));
}
template <std::unsigned_integral T>
[[nodiscard]] constexpr auto align_up(T value, unsigned bits) -> T {
    return align_down(static_cast<T>(value + static_cast<T>(low_bits(bits))), bits);
}

/// Whether `[first, first + size)` lies within `[0, limit)`, without overflow.
[[nodiscard]] constexpr auto fits(std::uint64_t first, std::uint64_t size, std::uint64_t limit) -> bool {
    return first <= limit && size <= limit - first;
}

} // namespace base
