// SPDX-License-Identifier: MIT
/// A string of at most so many bytes, held by value: no heap, trivially copyable.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace base {

/// Bytes behind `size()` are unspecified.
template <std::size_t Capacity>
class FixedString {
public:
    static constexpr std::size_t kCapacity = Capacity;

    constexpr FixedString() {} // NOLINT(modernize-use-equals-default): the bytes stay uninitialised
    /// The first `Capacity` bytes of `text`.
    constexpr explicit(false) FixedString(std::string_view text) { append(text); }
    constexpr explicit(false) FixedString(char const* text) : FixedString{std::string_view{text}} {}

    [[nodiscard]] constexpr auto view() const -> std::string_view { return {bytes_.data(), size_}; }
    constexpr explicit(false) operator std::string_view() const { return view(); }
    [[nodiscard]] constexpr auto size() const -> std::size_t { return size_; }
    [[nodiscard]] constexpr auto empty() const -> bool { return size_ == 0; }

    /// Adds what fits; false when that was not all of it.
    constexpr auto append(std::string_view text) -> bool {
        auto const count = std::min(text.size(), Capacity - size_);
        std::copy_n(text.begin(), count, bytes_.begin() + static_cast<std::ptrdiff_t>(size_));
        size_ += count;
        return count == text.size();
    }

    /// Makes it `size` bytes long, to be overwritten; false, and nothing done, when that is too long.
    constexpr auto resize_for_overwrite(std::size_t size) -> bool {
        if (size > Capacity) {
            return false;
        }
        size_ = size;
        return true;
    }
    [[nodiscard]] constexpr auto data() -> char* { return bytes_.data(); }

    friend constexpr auto operator==(FixedString const& left, std::string_view right) -> bool {
        return left.view() == right;
    }
    template <std::size_t Other>
    friend constexpr auto operator==(FixedString const& left, FixedString<Other> const& right) -> bool {
        return left.view() == right.view();
    }

private:
    std::size_t size_{}; ///< at most Capacity
    std::array<char, Capacity> bytes_;
};

} // namespace base
