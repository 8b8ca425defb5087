// SPDX-License-Identifier: MIT
/// The memory that a client and its server share for one session. Whatever is read from it is copied first
/// and checked afterwards: the other side may write to it at any time.
#pragma once

#include "base/fixed_string.hpp"
#include "base/fixed_vector.hpp"
#include "os/codec.hpp"
#include "os/startup_info.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

namespace os {

/// Offsets come from the IDL compiler and are within the interface's `kWindowSize`; whoever makes a `Window`
/// has compared that with `size()`.
class Window {
public:
    constexpr Window() = default;
    constexpr Window(std::byte* begin, std::size_t size) : begin_{begin}, size_{size} {}
    /// The composer chose the address, init has mapped it: there is no object to point to.
    explicit Window(WindowInfo const& info)
        : begin_{reinterpret_cast<std::byte*>(info.address)}, size_{info.size} {}

    [[nodiscard]] constexpr auto size() const -> std::size_t { return size_; }

    /// Copies a text of `length` bytes; false when it is longer than `to` can be.
    template <std::size_t Capacity>
    [[nodiscard]] auto read(std::size_t offset, std::uint32_t length, base::FixedString<Capacity>& to) const
        -> bool {
        if (!to.resize_for_overwrite(length)) {
            return false;
        }
        copy(offset, to.data(), length);
        return true;
    }

    /// Copies `count` items; false when these are too many, or one of them is malformed.
    template <typename Item, std::size_t Capacity>
    [[nodiscard]] auto read(std::size_t offset, std::uint32_t count,
                            base::FixedVector<Item, Capacity>& to) const -> bool {
        if (!to.resize_for_overwrite(count)) {
            return false;
        }
        if constexpr (kSameBytes<Item>) {
            copy(offset, to.data(), count * sizeof(Item));
            return true;
        } else {
            bool good = true;
            for (std::size_t index = 0; index < count; ++index) {
                good = read(offset + index * Codec<Item>::kSize, to.data()[index]) && good;
            }
            return good;
        }
    }

    /// Copies a value of fixed size; false when it is malformed.
    template <typename T>
    [[nodiscard]] auto read(std::size_t offset, T& to) const -> bool {
        std::array<std::byte, Codec<T>::kSize> bytes; // NOLINT(cppcoreguidelines-pro-type-member-init)
        copy(offset, bytes.data(), bytes.size());
        return Codec<T>::load(bytes.data(), to);
    }

    void write(std::size_t offset, std::string_view text) const { put(offset, text.data(), text.size()); }

    template <typename Item>
    void write(std::size_t offset, std::span<Item const> items) const {
        if constexpr (kSameBytes<Item>) {
            put(offset, items.data(), items.size_bytes());
        } else {
            for (auto const& item : items) {
                write(offset, item);
                offset += Codec<Item>::kSize;
            }
        }
    }

    template <typename T>
        requires requires { Codec<T>::kSize; }
    void write(std::size_t offset, T const& value) const {
        Codec<T>::store(value, begin_ + offset);
    }

    /// Bytes that stay in the window.
    [[nodiscard]] auto lease(std::size_t offset, std::size_t size) const -> std::span<std::byte> {
        return {begin_ + offset, size};
    }

    /// Copies leased bytes out.
    void read_lease(std::size_t offset, std::span<std::byte> to) const { copy(offset, to.data(), to.size()); }

private:
    /// Every bit pattern is a value, and the memory is the wire form.
    template <typename Item>
    static constexpr bool kSameBytes =
        std::is_same_v<Item, std::byte> || (std::is_integral_v<Item> && !std::is_same_v<Item, bool>);

    // Nothing may be copied from or to nowhere, not even no bytes: an empty span has no address.
    void put(std::size_t offset, void const* from, std::size_t size) const {
        if (size != 0) {
            std::memcpy(begin_ + offset, from, size);
        }
    }

    void copy(std::size_t offset, void* to, std::size_t size) const {
        if (size == 0) {
            return;
        }
        std::memcpy(to, begin_ + offset, size);
        // The compiler may not look at the window again instead of at the copy.
        std::atomic_signal_fence(std::memory_order_seq_cst);
    }

    std::byte* begin_{};
    std::size_t size_{};
};

} // namespace os
