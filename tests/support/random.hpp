// SPDX-License-Identifier: MIT
/// Random numbers for programs that test, the same in each run.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace tests {

/// Marsaglia's xorshift.
class Random {
public:
    /// Seeds that differ little begin with numbers that differ little: see `mixed`.
    explicit constexpr Random(std::uint64_t seed) : state_{seed | 1U} {}
    [[nodiscard]] static constexpr auto mixed(std::uint64_t seed) -> Random {
        return Random{seed * 0x9E37'79B9'7F4A'7C15};
    }

    auto next() -> std::uint64_t {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }
    /// Pre: `limit` is not 0.
    auto below(std::uint64_t limit) -> std::uint64_t { return (next() >> 16U) % limit; }
    /// True once in `count` times.
    auto one_in(std::uint64_t count) -> bool { return below(count) == 0; }
    template <typename T, std::size_t Count>
    auto any_of(std::array<T, Count> const& values) -> T {
        return values[below(Count)];
    }

private:
    std::uint64_t state_;
};

} // namespace tests
