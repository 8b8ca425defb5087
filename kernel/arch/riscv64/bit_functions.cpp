// SPDX-License-Identifier: MIT
/// What the compiler calls to count bits: the base instruction set has no instructions for it.
#include <cstdint>

extern "C" {
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming): the compiler's names
auto __clzdi2(std::uint64_t value) -> int;
auto __ctzdi2(std::uint64_t value) -> int;
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

/// Zeroes above the highest one. Pre: there is a one.
auto __clzdi2(std::uint64_t value) -> int {
    int zeroes = 0;
    for (unsigned half = 32; half != 0; half /= 2) {
        if (value >> (64 - half) == 0) {
            zeroes += static_cast<int>(half);
            value <<= half;
        }
    }
    return zeroes;
}

/// Zeroes below the lowest one. Pre: there is a one.
auto __ctzdi2(std::uint64_t value) -> int {
    constexpr int kHighest = 63;
    return kHighest - __clzdi2(value & (~value + 1));
}
}
