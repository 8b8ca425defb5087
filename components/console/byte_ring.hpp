// SPDX-License-Identifier: MIT
/// A queue of bytes with a fixed capacity.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace console {

template <std::size_t Capacity>
class ByteRing {
    static_assert((Capacity & (Capacity - 1)) == 0, "positions wrap around by masking");

public:
    [[nodiscard]] auto count() const -> std::size_t { return written_ - read_; }
    [[nodiscard]] auto room() const -> std::size_t { return Capacity - count(); }
    [[nodiscard]] auto empty() const -> bool { return written_ == read_; }

    /// Appends all of `bytes`, or nothing when there is no room for all.
    [[nodiscard]] auto push(std::string_view bytes) -> bool {
        if (bytes.size() > room()) return false;
        for (char const byte : bytes) {
            bytes_[written_++ & kMask] = static_cast<std::uint8_t>(byte);
        }
        return true;
    }

    [[nodiscard]] auto front() const -> std::optional<std::uint8_t> {
        if (empty()) return std::nullopt;
        return bytes_[read_ & kMask];
    }

    auto pop() -> std::optional<std::uint8_t> {
        auto const byte = front();
        if (byte) ++read_;
        return byte;
    }

    void clear() { read_ = written_; }

private:
    static constexpr std::size_t kMask = Capacity - 1;

    // Both only grow; their difference is the number of bytes held.
    std::size_t read_{};
    std::size_t written_{};
    std::array<std::uint8_t, Capacity> bytes_{};
};

} // namespace console
