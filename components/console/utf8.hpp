// SPDX-License-Identifier: MIT
/// UTF-8 as a terminal needs it: where a character ends, and whether it is one that prints.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace console {

/// Bytes of the printing character at the start of `text`: 1 to 4; 0 when there is none: a control character
/// (C0, delete, C1), a truncated, overlong or surrogate sequence, or no text at all.
[[nodiscard]] auto printing_length(std::string_view text) -> std::size_t;

/// How many bytes a sequence that begins with `lead` has; 0 when none does.
[[nodiscard]] auto sequence_length(char lead) -> std::size_t;

[[nodiscard]] constexpr auto is_continuation(char byte) -> bool {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The number of characters in `text`, which holds printing characters only.
[[nodiscard]] auto width(std::string_view text) -> std::size_t;

/// `text` with each byte that is not part of a printing character replaced by `?`.
[[nodiscard]] auto printable(std::string_view text) -> std::string;

} // namespace console
