// SPDX-License-Identifier: MIT
/// What an architecture's measure.hpp gives back.
#pragma once

#include <cstdint>

namespace bench::arch {

/// Two readings of the counter.
struct Interval {
    std::uint64_t begin;
    std::uint64_t end;
};

/// A call with eight words, and whether they came back.
struct EightWords {
    Interval both;
    bool arrived;
};

/// How many instructions `hundred` has.
inline constexpr std::uint64_t kHundred = 100;

} // namespace bench::arch
