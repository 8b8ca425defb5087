// SPDX-License-Identifier: MIT
/// Random numbers that are the same in each run, and a hash of what is seen.
#pragma once

#include "print.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace differential {

/// Marsaglia's xorshift.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_{seed | 1U} {}
    auto next() -> std::uint64_t {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_;
    }
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

/// Each word changes all later values.
class Hash {
public:
    void fold(std::uint64_t word) {
        if (traced_) {
            write_line("TRACE ", base::Hex{word});
        }
        constexpr std::uint64_t kOddNumber = 0x9E37'79B9'7F4A'7C15;
        value_ = std::rotl(value_ ^ word, 29) * kOddNumber;
    }
    template <std::size_t Count>
    void fold_all(std::array<std::uint64_t, Count> const& words) {
        for (auto const word : words) {
            fold(word);
        }
    }
    [[nodiscard]] auto value() const -> std::uint64_t { return value_; }

    /// Says what the words that follow are; nothing unless they are printed.
    template <typename... Pieces>
    void say(Pieces const&... pieces) const {
        if (traced_) {
            write_line("TRACE ", pieces...);
        }
    }
    void trace(bool on) { traced_ = on; }

private:
    bool traced_{};
    std::uint64_t value_{0xCBF2'9CE4'8422'2325};
};

} // namespace differential
