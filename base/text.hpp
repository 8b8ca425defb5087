// SPDX-License-Identifier: MIT
/// Text of bounded length, put together piece by piece: for reports, where there is no heap and no stdio.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace base {

/// A number to be printed as 0x..., with no leading zeros.
struct Hex {
    std::uint64_t value;
};

/// Up to `kCapacity` bytes. What does not fit is left out; the text then ends with "...".
template <std::size_t kCapacity>
class Text {
    static_assert(kCapacity >= 3);

public:
    constexpr Text() = default;
    template <typename... Pieces>
    explicit constexpr Text(Pieces const&... pieces) {
        (append(pieces), ...);
    }

    constexpr auto append(std::string_view piece) -> Text& {
        auto const room = kCapacity - size_;
        auto const count = std::min(piece.size(), room);
        std::copy_n(piece.begin(), count, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += count;
        if (count < piece.size()) {
            std::fill(bytes_.end() - 3, bytes_.end(), '.');
        }
        return *this;
    }
    constexpr auto append(char const* piece) -> Text& { return append(std::string_view{piece}); }
    constexpr auto append(char piece) -> Text& { return append(std::string_view{&piece, 1}); }
    template <std::integral Number>
    constexpr auto append(Number number) -> Text& {
        auto magnitude = static_cast<std::uint64_t>(number);
        if constexpr (std::signed_integral<Number>) {
            if (number < 0) {
                append('-');
                magnitude = std::uint64_t{0} - magnitude;
            }
        }
        return append_digits(magnitude, 10);
    }
    constexpr auto append(Hex number) -> Text& { return append("0x").append_digits(number.value, 16); }

    [[nodiscard]] constexpr auto view() const -> std::string_view { return {bytes_.data(), size_}; }

private:
    constexpr auto append_digits(std::uint64_t number, unsigned radix) -> Text& {
        std::array<char, 20> digits{};
        auto first = digits.size();
        do {
            digits[--first] = "0123456789abcdef"[number % radix];
            number /= radix;
        } while (number != 0);
        return append(std::string_view{digits.data() + first, digits.size() - first});
    }

    std::array<char, kCapacity> bytes_{};
    std::size_t size_{}; ///< at most kCapacity
};

} // namespace base
