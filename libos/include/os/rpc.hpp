// SPDX-License-Identifier: MIT
/// What generated clients and servers have in common: checks of words, and names of parts of a message.
#pragma once

#include "base/wire.hpp"
#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
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

/// True if the bytes from `First` up to `End` are zero: an option that has no value.
template <std::size_t First, std::size_t End, std::size_t Count>
[[nodiscard]] constexpr auto zero_bytes(std::array<std::uint64_t, Count> const& words) -> bool {
    bool zero = true;
    for (std::size_t at = First; at < End; ++at) {
        zero = zero && static_cast<std::uint8_t>(words[at / 8] >> (at % 8 * 8)) == 0;
    }
    return zero;
}

/// `value` if it is `present`.
template <typename T>
[[nodiscard]] constexpr auto option(bool present, T const& value) -> std::optional<T> {
    return present ? std::optional<T>{value} : std::nullopt;
}

/// Word of a message that names the capability it carries.
inline constexpr std::size_t kCapabilityWord = abi::kMessageWords - 1;

} // namespace os::rpc
