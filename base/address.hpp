// SPDX-License-Identifier: MIT
/// Physical and virtual addresses: they do not mix, and neither converts to a pointer by itself.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace base {

inline constexpr unsigned kPageBits = 12;
inline constexpr std::size_t kPageSize = std::size_t{1} << kPageBits;

/// The arithmetic both kinds of address share. Offsets are bytes.
template <typename Tag>
class Address {
public:
    constexpr Address() = default;
    explicit constexpr Address(std::uint64_t value) : value_{value} {}

    [[nodiscard]] constexpr auto value() const -> std::uint64_t { return value_; }
    [[nodiscard]] constexpr auto aligned(unsigned bits) const -> bool {
        return (value_ & ((std::uint64_t{1} << bits) - 1)) == 0;
    }
    [[nodiscard]] constexpr auto align_down(unsigned bits) const -> Address {
        return Address{value_ & ~((std::uint64_t{1} << bits) - 1)};
    }
    [[nodiscard]] constexpr auto align_up(unsigned bits) const -> Address {
        return Address{value_ + ((std::uint64_t{1} << bits) - 1)}.align_down(bits);
    }

    friend constexpr auto operator+(Address address, std::uint64_t bytes) -> Address {
        return Address{address.value_ + bytes};
    }
    friend constexpr auto operator-(Address address, std::uint64_t bytes) -> Address {
        return Address{address.value_ - bytes};
    }
    friend constexpr auto operator-(Address end, Address begin) -> std::uint64_t {
        return end.value_ - begin.value_;
    }
    friend constexpr auto operator<=>(Address const&, Address const&) = default;

private:
    std::uint64_t value_{};
};

using PhysAddr = Address<struct PhysicalTag>;
using VirtAddr = Address<struct VirtualTag>;

} // namespace base
