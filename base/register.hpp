// SPDX-License-Identifier: MIT
/// Device registers as types: a device is an address and a list of named registers with named fields.
///
/// ```cpp
/// struct Flags : base::Register<0x18, std::uint32_t> {
///     using TransmitFull = Field<5>;
/// };
/// while (device.read<Flags>().get<Flags::TransmitFull>() != 0) {}
/// ```
#pragma once

#include "base/bits.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>

namespace base {

/// A register `kOffset` bytes into its device.
template <std::size_t kOffsetBytes, std::unsigned_integral Rep>
struct Register {
    using Representation = Rep;
    static constexpr std::size_t kOffset = kOffsetBytes;
    static_assert(kOffset % sizeof(Rep) == 0);

    /// Bits `kLow` up to and including `kLow + kWidth - 1`.
    template <unsigned kLow, unsigned kWidth = 1>
    struct Field {
        static_assert(kLow + kWidth <= sizeof(Rep) * 8);
        static constexpr Rep kMask = static_cast<Rep>(low_bits(kWidth) << kLow);
        static constexpr unsigned kShift = kLow;
    };
};

/// What was read from a register, or is to be written to it.
template <typename Reg>
class RegisterValue {
public:
    using Representation = typename Reg::Representation;

    constexpr RegisterValue() = default;
    explicit constexpr RegisterValue(Representation raw) : raw_{raw} {}

    [[nodiscard]] constexpr auto raw() const -> Representation { return raw_; }
    template <typename Field>
    [[nodiscard]] constexpr auto get() const -> Representation {
        return static_cast<Representation>((raw_ & Field::kMask) >> Field::kShift);
    }
    /// A copy with one field changed; bits of `value` beyond the field are dropped.
    template <typename Field>
    [[nodiscard]] constexpr auto with(Representation value) const -> RegisterValue {
        auto const field = static_cast<Representation>((value << Field::kShift) & Field::kMask);
        return RegisterValue{static_cast<Representation>((raw_ & ~Field::kMask) | field)};
    }

private:
    Representation raw_{};
};

/// The registers of one device, mapped at `address`. Each access is one load or store of exactly the
/// register's width.
class RegisterBlock {
public:
    explicit constexpr RegisterBlock(std::uint64_t address) : address_{address} {}

    [[nodiscard]] constexpr auto address() const -> std::uint64_t { return address_; }

    template <typename Reg>
    [[nodiscard]] auto read() const -> RegisterValue<Reg> {
        return RegisterValue<Reg>{*at<Reg>()};
    }
    template <typename Reg>
    void write(RegisterValue<Reg> value) const {
        *at<Reg>() = value.raw();
    }
    template <typename Reg>
    void write(typename Reg::Representation raw) const {
        *at<Reg>() = raw;
    }

private:
    template <typename Reg>
    [[nodiscard]] auto at() const -> typename Reg::Representation volatile* {
        // A device is at an address that the machine, not the language, has given it.
        return reinterpret_cast<typename Reg::Representation volatile*>(address_ + Reg::kOffset);
    }

    std::uint64_t address_;
};

} // namespace base
