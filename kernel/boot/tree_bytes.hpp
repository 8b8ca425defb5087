// SPDX-License-Identifier: MIT
/// The words and texts that a flattened device tree consists of. Nothing is believed of where they are.
#pragma once

#include "base/result.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <optional>
#include <ranges>
#include <span>
#include <string_view>

namespace kernel::boot::tree {

/// The tree ends in the middle of something, or says something impossible.
struct Damaged {};

template <typename T>
using Parsed = std::expected<T, Damaged>;

/// Bytes of a word.
inline constexpr std::size_t kCell = 4;
/// No name or text that means anything here is longer, in characters.
inline constexpr std::size_t kMaxText = 255;

/// A big-endian word, which need not be aligned.
[[nodiscard]] inline auto word(std::span<std::byte const> bytes, std::size_t offset)
    -> Parsed<std::uint32_t> {
    if (offset > bytes.size() || bytes.size() - offset < kCell) {
        return std::unexpected(Damaged{});
    }
    std::uint32_t value = 0;
    for (std::size_t index = 0; index < kCell; ++index) {
        value = value << 8U | std::to_integer<std::uint32_t>(bytes[offset + index]);
    }
    return value;
}

/// A number of `count` words, the upper one first. Pre: at most two.
[[nodiscard]] inline auto number(std::span<std::byte const> bytes, std::size_t offset, std::uint32_t count)
    -> Parsed<std::uint64_t> {
    std::uint64_t result = 0;
    for (std::uint32_t cell = 0; cell < count; ++cell) {
        result = result << 32U | TRY(word(bytes, offset + cell * kCell));
    }
    return result;
}

/// A zero-terminated text of at most kMaxText characters: nobody looks far for its end.
[[nodiscard]] inline auto text(std::span<std::byte const> bytes, std::size_t offset)
    -> Parsed<std::string_view> {
    if (offset >= bytes.size()) {
        return std::unexpected(Damaged{});
    }
    auto const rest = bytes.subspan(offset, std::min(bytes.size() - offset, kMaxText + 1));
    auto const end = std::ranges::find(rest, std::byte{0});
    if (end == rest.end()) {
        return std::unexpected(Damaged{});
    }
    auto const size = static_cast<std::size_t>(end - rest.begin());
    // Bytes may be looked at as characters.
    return std::string_view{reinterpret_cast<char const*>(rest.data()), size};
}

/// Where the registers of a node of this name are, as `name@address` says; nothing if it does not say.
[[nodiscard]] inline auto unit_address(std::string_view name) -> std::optional<std::uint64_t> {
    constexpr std::string_view kDigits = "0123456789abcdef";
    constexpr unsigned kDigitBits = 4;
    constexpr std::size_t kMaxDigits = 16;
    auto const* const at = std::ranges::find(name, '@');
    auto const digits = std::ranges::subrange{at == name.end() ? at : at + 1, name.end()};
    if (digits.empty() || digits.size() > kMaxDigits) {
        return std::nullopt;
    }
    std::uint64_t address = 0;
    for (char const digit : digits) {
        auto const* const value = std::ranges::find(kDigits, digit);
        if (value == kDigits.end()) {
            return std::nullopt;
        }
        address = address << kDigitBits | static_cast<std::uint64_t>(value - kDigits.begin());
    }
    return address;
}

/// Whether one of the texts in `list`, which follow one another, is `wanted`.
[[nodiscard]] inline auto lists(std::span<std::byte const> list, std::string_view wanted) -> bool {
    for (std::size_t offset = 0; offset < list.size();) {
        auto const found = text(list, offset);
        if (!found.has_value()) {
            return false;
        }
        if (*found == wanted) {
            return true;
        }
        offset += found->size() + 1;
    }
    return false;
}

} // namespace kernel::boot::tree
