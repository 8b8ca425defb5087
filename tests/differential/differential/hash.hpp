// SPDX-License-Identifier: MIT
/// A hash of what is seen.
#pragma once

#include "print.hpp"
#include "tests/support/random.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace differential {

using tests::Random;

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
