// SPDX-License-Identifier: MIT
/// A vector of at most so many items, held by value: no heap.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

namespace base {

/// Items behind `size()` are unspecified.
template <typename Item, std::size_t Capacity>
class FixedVector {
    static_assert(std::is_trivially_copyable_v<Item>);

public:
    static constexpr std::size_t kCapacity = Capacity;

    constexpr FixedVector() {} // NOLINT(modernize-use-equals-default): the items stay uninitialised

    [[nodiscard]] constexpr auto size() const -> std::size_t { return size_; }
    [[nodiscard]] constexpr auto empty() const -> bool { return size_ == 0; }
    [[nodiscard]] constexpr auto span() const -> std::span<Item const> { return {items_.data(), size_}; }
    constexpr explicit(false) operator std::span<Item const>() const { return span(); }
    [[nodiscard]] constexpr auto begin() const -> Item const* { return items_.data(); }
    [[nodiscard]] constexpr auto end() const -> Item const* { return items_.data() + size_; }
    /// Pre: `index` is less than `size()`.
    [[nodiscard]] constexpr auto operator[](std::size_t index) const -> Item const& { return items_[index]; }

    /// False when it is full.
    constexpr auto push_back(Item const& item) -> bool {
        if (size_ == Capacity) {
            return false;
        }
        items_[size_++] = item;
        return true;
    }

    /// Makes it `size` items long, to be overwritten; false, and nothing done, when that is too long.
    constexpr auto resize_for_overwrite(std::size_t size) -> bool {
        if (size > Capacity) {
            return false;
        }
        size_ = size;
        return true;
    }
    [[nodiscard]] constexpr auto data() -> Item* { return items_.data(); }

private:
    std::size_t size_{}; ///< at most Capacity
    std::array<Item, Capacity> items_;
};

} // namespace base
