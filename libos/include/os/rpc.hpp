// SPDX-License-Identifier: MIT
/// What generated clients and servers have in common: checks of words, and names of parts of a message.
#pragma once

#include "base/wire.hpp"
#include "kernel/abi/message.hpp"
#include "os/codec.hpp"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>

namespace os::rpc {

/// True if no word has a bit outside of its mask, and the words without a mask are zero. The masks leave out
/// padding, unknown flags, and all but the lowest bit of truth values.
template <std::uint64_t... Masks, std::size_t Count>
[[nodiscard]] constexpr auto clean(std::array<std::uint64_t, Count> const& words) -> bool {
    constexpr std::array<std::uint64_t, sizeof...(Masks)> kMasks{Masks...};
    static_assert(kMasks.size() <= Count);
    // Not a loop: the compiler has to see which words need no test.
    return [&words, &kMasks]<std::size_t... Index>(std::index_sequence<Index...>) {
        return ((words[Index] & ~(Index < kMasks.size() ? kMasks[Index] : 0)) | ...) == 0;
    }(std::make_index_sequence<Count>{});
}

/// The option whose presence byte is at `Offset` and whose value, as every leaf, is at its alignment.
template <base::wire::Leaf T, std::size_t Offset, std::size_t ValueOffset, std::size_t Count>
[[nodiscard]] constexpr auto get_option(std::array<std::uint64_t, Count> const& words) -> std::optional<T> {
    if (!base::wire::get<bool, Offset>(words)) {
        return std::nullopt;
    }
    return base::wire::get<T, ValueOffset>(words);
}

/// True if an option has a value that is one of its type's, or none and zero in its place.
template <base::wire::Leaf T, std::size_t Offset, std::size_t ValueOffset, std::size_t Count>
[[nodiscard]] constexpr auto valid_option(std::array<std::uint64_t, Count> const& words) -> bool {
    auto const value = base::wire::get<T, ValueOffset>(words);
    if (!base::wire::get<bool, Offset>(words)) {
        return base::wire::to_word(value) == 0;
    }
    if constexpr (std::is_enum_v<T>) {
        return valid(value);
    } else {
        return true;
    }
}

template <std::size_t Offset, std::size_t ValueOffset, base::wire::Leaf T, std::size_t Count>
constexpr void put_option(std::array<std::uint64_t, Count>& words, std::optional<T> const& value) {
    base::wire::put<Offset>(words, value.has_value());
    if (value) {
        base::wire::put<ValueOffset>(words, *value);
    }
}

// Words are bytes in the order of memory on every machine that Tarn runs on.
static_assert(std::endian::native == std::endian::little);

/// A value that has a codec, among the words; false when it is malformed.
template <std::size_t Offset, typename T, std::size_t Count>
[[nodiscard]] auto get_value(std::array<std::uint64_t, Count> const& words, T& value) -> bool {
    static_assert(Offset + Codec<T>::kSize <= sizeof words);
    auto const bytes = std::as_bytes(std::span{words});
    return Codec<T>::load(bytes.data() + Offset, value);
}

template <std::size_t Offset, typename T, std::size_t Count>
void put_value(std::array<std::uint64_t, Count>& words, T const& value) {
    static_assert(Offset + Codec<T>::kSize <= sizeof words);
    auto const bytes = std::as_writable_bytes(std::span{words});
    Codec<T>::store(value, bytes.data() + Offset);
}

/// Label of a call that is no method's, without words: the client begins anew, and the server is to forget
/// what the session has. Ordinals are lower.
inline constexpr std::uint64_t kForgetSession = 4096;

/// Word of a message that names the capability it carries.
inline constexpr std::size_t kCapabilityWord = abi::kMessageWords - 1;

} // namespace os::rpc
