// SPDX-License-Identifier: MIT
/// Values of fixed size as bytes of a window: natural alignment, little endian, padding zero.
///
/// `Codec<T>` has `kSize`, `kAlignment`, `load`, which is false when the bytes are those of no value, and
/// `store`, which writes all `kSize` bytes. The IDL compiler generates those of structs. `load` reads bytes
/// that nobody else writes: what is in a window is copied first.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <type_traits>

namespace os {

template <typename T>
struct Codec;

template <typename T>
    requires std::is_integral_v<T>
struct Codec<T> {
    static constexpr std::size_t kSize = sizeof(T);
    static constexpr std::size_t kAlignment = sizeof(T);

    static auto load(std::byte const* from, T& to) -> bool {
        std::memcpy(&to, from, kSize);
        return true;
    }
    static void store(T const& value, std::byte* to) { std::memcpy(to, &value, kSize); }
};

template <>
struct Codec<bool> {
    static constexpr std::size_t kSize = 1;
    static constexpr std::size_t kAlignment = 1;

    static auto load(std::byte const* from, bool& to) -> bool {
        to = *from == std::byte{1};
        return to || *from == std::byte{0};
    }
    static void store(bool const& value, std::byte* to) { *to = value ? std::byte{1} : std::byte{0}; }
};

/// Enumerations and flags: `valid`, found by its argument, knows the values.
template <typename T>
    requires std::is_enum_v<T>
struct Codec<T> {
    static constexpr std::size_t kSize = sizeof(T);
    static constexpr std::size_t kAlignment = sizeof(T);

    static auto load(std::byte const* from, T& to) -> bool {
        std::memcpy(&to, from, kSize);
        return valid(to);
    }
    static void store(T const& value, std::byte* to) { std::memcpy(to, &value, kSize); }
};

template <typename T, std::size_t Length>
struct Codec<std::array<T, Length>> {
    static constexpr std::size_t kSize = Length * Codec<T>::kSize;
    static constexpr std::size_t kAlignment = Codec<T>::kAlignment;

    static auto load(std::byte const* from, std::array<T, Length>& to) -> bool {
        bool good = true;
        for (auto& item : to) {
            good = Codec<T>::load(from, item) && good;
            from += Codec<T>::kSize;
        }
        return good;
    }
    static void store(std::array<T, Length> const& value, std::byte* to) {
        for (auto const& item : value) {
            Codec<T>::store(item, to);
            to += Codec<T>::kSize;
        }
    }
};

/// True if all `count` bytes are zero: padding, or an option without a value.
[[nodiscard]] inline auto all_zero(std::byte const* bytes, std::size_t count) -> bool {
    for (std::size_t index = 0; index < count; ++index) {
        if (bytes[index] != std::byte{0}) {
            return false;
        }
    }
    return true;
}

/// A presence byte, then the value at its alignment.
template <typename T>
struct Codec<std::optional<T>> {
    static constexpr std::size_t kAlignment = Codec<T>::kAlignment;
    static constexpr std::size_t kValueOffset = kAlignment;
    static constexpr std::size_t kSize =
        (kValueOffset + Codec<T>::kSize + kAlignment - 1) / kAlignment * kAlignment;

    static auto load(std::byte const* from, std::optional<T>& to) -> bool {
        bool present{};
        if (!Codec<bool>::load(from, present)) {
            return false;
        }
        if (!present) {
            to.reset();
            return all_zero(from, kSize);
        }
        constexpr auto kEnd = kValueOffset + Codec<T>::kSize;
        return Codec<T>::load(from + kValueOffset, to.emplace()) && all_zero(from + 1, kValueOffset - 1) &&
               all_zero(from + kEnd, kSize - kEnd);
    }
    static void store(std::optional<T> const& value, std::byte* to) {
        std::memset(to, 0, kSize);
        if (!value) {
            return;
        }
        *to = std::byte{1};
        Codec<T>::store(*value, to + kValueOffset);
    }
};

/// For the codecs of structs: fields at their offsets.
template <typename T>
[[nodiscard]] auto load_field(std::byte const* from, T& to) -> bool {
    return Codec<T>::load(from, to);
}
template <typename T>
void store_field(T const& value, std::byte* to) {
    Codec<T>::store(value, to);
}

} // namespace os
