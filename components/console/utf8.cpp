// SPDX-License-Identifier: MIT
/// Decoding by the table of well-formed sequences: length from the lead byte, then the code point's range.
#include "components/console/utf8.hpp"

#include <algorithm>
#include <array>

namespace console {
namespace {

constexpr std::uint32_t kFirstAfterC1 = 0xA0;
constexpr std::uint32_t kDelete = 0x7F;

/// The code point of a sequence of `length` bytes whose continuation bytes are in place.
auto code_point(std::string_view sequence, std::size_t length) -> std::uint32_t {
    constexpr std::array<std::uint8_t, 5> lead_mask{0, 0x7F, 0x1F, 0x0F, 0x07};
    std::uint32_t value = static_cast<unsigned char>(sequence[0]) & std::uint32_t{lead_mask.at(length)};
    for (char const byte : sequence.substr(1, length - 1)) {
        value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
    }
    return value;
}

auto prints(std::uint32_t code, std::size_t length) -> bool {
    constexpr std::array<std::uint32_t, 5> smallest{0, 0x20, kFirstAfterC1, 0x800, 0x1'0000};
    bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
    return code >= smallest.at(length) && code <= 0x10'FFFF && code != kDelete && !surrogate;
}

} // namespace

auto sequence_length(char lead) -> std::size_t {
    auto const byte = static_cast<unsigned char>(lead);
    if (byte < 0x80) return 1;
    if (byte < 0xC2) return 0;
    if (byte < 0xE0) return 2;
    if (byte < 0xF0) return 3;
    return byte < 0xF5 ? 4 : 0;
}

auto printing_length(std::string_view text) -> std::size_t {
    if (text.empty()) return 0;
    auto const length = sequence_length(text.front());
    if (length == 0 || length > text.size()) return 0;
    if (!std::ranges::all_of(text.substr(1, length - 1), is_continuation)) return 0;
    return prints(code_point(text, length), length) ? length : 0;
}

auto width(std::string_view text) -> std::size_t {
    return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, is_continuation));
}

auto printable(std::string_view text) -> std::string {
    std::string result;
    result.reserve(text.size());
    while (!text.empty()) {
        auto const length = printing_length(text);
        if (length == 0) {
            result.push_back('?');
        } else {
            result.append(text.substr(0, length));
        }
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return result;
}

} // namespace console
