// SPDX-License-Identifier: MIT
/// Values at byte offsets of an array of words, little endian on every machine. A value does not straddle two
/// words: it has natural alignment.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace base::wire {

/// What travels as a number of bits: an integer, a truth value or an enumeration.
template <typename T>
concept Leaf = std::is_integral_v<T> || std::is_enum_v<T>;

inline constexpr std::size_t kWordSize = sizeof(std::uint64_t);

/// The bits of `value` at the bottom of a word, nothing above them.
template <Leaf T>
[[nodiscard]] constexpr auto to_word(T value) -> std::uint64_t {
    if constexpr (std::is_enum_v<T>) {
        return to_word(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_same_v<T, bool>) {
        return value ? 1 : 0;
    } else {
        return static_cast<std::uint64_t>(static_cast<std::make_unsigned_t<T>>(value));
    }
}

/// The value whose bits are at the bottom of `word`; what is above them does not matter. A truth value is its
/// whole byte: anything but 0 is true.
template <Leaf T>
[[nodiscard]] constexpr auto from_word(std::uint64_t word) -> T {
    if constexpr (std::is_same_v<T, bool>) {
        return static_cast<std::uint8_t>(word) != 0;
    } else {
        return static_cast<T>(word);
    }
}

template <Leaf T, std::size_t Offset, std::size_t Count>
[[nodiscard]] constexpr auto get(std::array<std::uint64_t, Count> const& words) -> T {
    static_assert(Offset % sizeof(T) == 0 && Offset + sizeof(T) <= Count * kWordSize);
    return from_word<T>(words[Offset / kWordSize] >> (Offset % kWordSize * 8));
}

/// Adds `value` to words that are zero there.
template <std::size_t Offset, Leaf T, std::size_t Count>
constexpr void put(std::array<std::uint64_t, Count>& words, T value) {
    static_assert(Offset % sizeof(T) == 0 && Offset + sizeof(T) <= Count * kWordSize);
    words[Offset / kWordSize] |= to_word(value) << (Offset % kWordSize * 8);
}

template <Leaf T, std::size_t Length, std::size_t Offset, std::size_t Count>
[[nodiscard]] constexpr auto get_array(std::array<std::uint64_t, Count> const& words)
    -> std::array<T, Length> {
    static_assert(Offset % sizeof(T) == 0 && Offset + sizeof(T) * Length <= Count * kWordSize);
    std::array<T, Length> values{};
    for (std::size_t index = 0; index < Length; ++index) {
        auto const at = Offset + index * sizeof(T);
        values[index] = from_word<T>(words[at / kWordSize] >> (at % kWordSize * 8));
    }
    return values;
}

/// Adds `values` to words that are zero there.
template <std::size_t Offset, Leaf T, std::size_t Length, std::size_t Count>
constexpr void put_array(std::array<std::uint64_t, Count>& words, std::array<T, Length> const& values) {
    static_assert(Offset % sizeof(T) == 0 && Offset + sizeof(T) * Length <= Count * kWordSize);
    for (std::size_t index = 0; index < Length; ++index) {
        auto const at = Offset + index * sizeof(T);
        words[at / kWordSize] |= to_word(values[index]) << (at % kWordSize * 8);
    }
}

} // namespace base::wire
