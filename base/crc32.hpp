// SPDX-License-Identifier: MIT
/// The IEEE 802.3 checksum, as `zlib.crc32` computes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace base {

/// Takes the bytes piece by piece.
class Crc32 {
public:
    constexpr void add(std::span<std::byte const> bytes) {
        for (auto const byte : bytes) {
            state_ = kTable[(state_ ^ static_cast<std::uint32_t>(byte)) & 0xFFU] ^ (state_ >> 8U);
        }
    }
    [[nodiscard]] constexpr auto value() const -> std::uint32_t { return ~state_; }

private:
    static constexpr std::uint32_t kPolynomial = 0xEDB8'8320; ///< bit-reversed

    static constexpr std::array<std::uint32_t, 256> kTable = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t index = 0; index < table.size(); ++index) {
            auto entry = index;
            for (int bit = 0; bit < 8; ++bit) {
                entry = (entry >> 1U) ^ ((entry & 1U) != 0 ? kPolynomial : 0U);
            }
            table[index] = entry;
        }
        return table;
    }();

    std::uint32_t state_{~std::uint32_t{0}};
};

[[nodiscard]] constexpr auto crc32(std::span<std::byte const> bytes) -> std::uint32_t {
    Crc32 checksum;
    checksum.add(bytes);
    return checksum.value();
}

} // namespace base
