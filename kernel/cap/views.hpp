// SPDX-License-Identifier: MIT
/// What the words of a capability mean for each type that keeps something in them. A view is made of a
/// capability known to have that type; changing a view changes a copy, `capability()` is stored back.
#pragma once

#include "base/address.hpp"
#include "base/bits.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/cap/capability.hpp"
#include "kernel/cap/slot.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

/// The bits `First` up to and including `Last` of a word.
template <unsigned First, unsigned Last>
struct BitField {
    static constexpr std::uint64_t kMax = base::low_bits(Last - First + 1);
    [[nodiscard]] static constexpr auto get(std::uint64_t word) -> std::uint64_t {
        return (word >> First) & kMax;
    }
    [[nodiscard]] static constexpr auto set(std::uint64_t word, std::uint64_t value) -> std::uint64_t {
        return (word & ~(kMax << First)) | (value << First);
    }
};

/// Raw memory: `[base, base + free)` was given out, `[base + free, base + free + cleared)` is known to be
/// zero.
class UntypedView {
public:
    static constexpr unsigned kGranuleBits = abi::kMinUntypedBits;

    explicit constexpr UntypedView(Capability capability)
        : reference_{capability.reference()}, data_{capability.data()} {}
    [[nodiscard]] static constexpr auto make(std::uint64_t address, unsigned size_bits, bool device)
        -> Capability {
        return Capability::of(abi::ObjectType::Untyped, address,
                              SizeBits::set(0, size_bits) | Device::set(0, device ? 1 : 0));
    }

    [[nodiscard]] constexpr auto capability() const -> Capability { return {reference_, data_}; }
    [[nodiscard]] constexpr auto base() const -> std::uint64_t { return capability().address(); }
    [[nodiscard]] constexpr auto size_bits() const -> unsigned {
        return static_cast<unsigned>(SizeBits::get(data_));
    }
    [[nodiscard]] constexpr auto size() const -> std::uint64_t { return base::power_of_two(size_bits()); }
    [[nodiscard]] constexpr auto device() const -> bool { return Device::get(data_) != 0; }
    /// Bytes given out.
    [[nodiscard]] constexpr auto free_offset() const -> std::uint64_t {
        return Free::get(data_) << kGranuleBits;
    }
    /// Bytes after those that are zero.
    [[nodiscard]] constexpr auto cleared() const -> std::uint64_t {
        return Cleared::get(data_) << kClearedBits;
    }

    /// Pre: `offset` is a multiple of a granule and at most the size. Forgets what was cleared.
    constexpr void set_free_offset(std::uint64_t offset) {
        data_ = Free::set(Cleared::set(data_, 0), offset >> kGranuleBits);
    }
    /// Rounds down to what can be expressed.
    constexpr void set_cleared(std::uint64_t bytes) {
        auto const pages = bytes >> kClearedBits;
        data_ = Cleared::set(data_, pages < Cleared::kMax ? pages : Cleared::kMax);
    }

private:
    static constexpr unsigned kClearedBits = base::kPageBits;
    using SizeBits = BitField<0, 5>;
    using Device = BitField<6, 6>;
    using Free = BitField<8, 42>;
    using Cleared = BitField<43, 63>;
    static_assert(Free::kMax >= base::power_of_two(abi::kMaxUntypedBits - kGranuleBits));

    std::uint64_t reference_;
    std::uint64_t data_;
};

/// A table of 2^radix slots that resolves `guard_bits + radix` bits of an address. What is kept is how many
/// bits of 64 it leaves, so that all there is to check of most roots is zero: see `resolves_as_index`.
class CNodeView {
public:
    using Radix = BitField<0, 5>;
    using BitsLeft = BitField<6, 11>;
    using Guard = BitField<12, 63>;

    explicit constexpr CNodeView(Capability capability) : capability_{capability} {}
    [[nodiscard]] static constexpr auto make(std::uint64_t address, unsigned radix) -> Capability {
        return Capability::of(abi::ObjectType::CNode, address, data(radix, 0, 0));
    }

    [[nodiscard]] constexpr auto radix() const -> unsigned {
        return static_cast<unsigned>(Radix::get(capability_.data()));
    }
    [[nodiscard]] constexpr auto slot_count() const -> std::uint64_t { return base::power_of_two(radix()); }
    [[nodiscard]] auto slots() const -> Slot* { return &capability_.object<Slot>(); }
    [[nodiscard]] constexpr auto guard_bits() const -> unsigned {
        return kAddressBits - radix() - static_cast<unsigned>(BitsLeft::get(capability_.data()));
    }
    [[nodiscard]] constexpr auto guard() const -> std::uint64_t { return Guard::get(capability_.data()); }

    /// Whether a guard can be kept: it resolves at most 64 bits with the radix, fits in its own bits and
    /// in 52.
    [[nodiscard]] constexpr auto guard_fits(std::uint64_t guard, unsigned guard_bits) const -> bool {
        return guard_bits + radix() <= kAddressBits && guard <= Guard::kMax &&
               guard <= base::low_bits(guard_bits);
    }
    [[nodiscard]] constexpr auto with_guard(std::uint64_t guard, unsigned guard_bits) const -> Capability {
        return capability_.with_data(data(radix(), guard, guard_bits));
    }

    /// Does it resolve all 64 bits of `address` at once, with a guard of zeroes? Then that is the slot's
    /// index.
    [[nodiscard]] constexpr auto resolves_as_index(std::uint64_t address) const -> bool {
        return (capability_.data() >> kRadixBits | address >> radix()) == 0;
    }

private:
    static constexpr unsigned kAddressBits = 64;
    static constexpr unsigned kRadixBits = 6;

    [[nodiscard]] static constexpr auto data(unsigned radix, std::uint64_t guard, unsigned guard_bits)
        -> std::uint64_t {
        return Guard::set(BitsLeft::set(radix, kAddressBits - guard_bits - radix), guard);
    }

    Capability capability_;
};

/// Where a frame or page table is mapped: the serial number of the VSpace, and the page of the virtual
/// address, which has at most 47 bits. All zero: not mapped. It is a hint that outlives the VSpace: `find` in
/// the registry of address spaces and a look at the entry tell what is true.
class Mapping {
public:
    static constexpr std::uint64_t kMaxSerial = base::low_bits(29);

    explicit constexpr Mapping(std::uint64_t data) : data_{data} {}
    /// Pre: `serial` is from 1 to kMaxSerial, `address` that of a page.
    [[nodiscard]] static constexpr auto make(std::uint64_t serial, base::VirtAddr address) -> Mapping {
        return Mapping{address.value() << kAddressShift | serial};
    }

    [[nodiscard]] constexpr auto data() const -> std::uint64_t { return data_; }
    [[nodiscard]] constexpr auto mapped() const -> bool { return data_ != 0; }
    [[nodiscard]] constexpr auto serial() const -> std::uint64_t { return data_ & kMaxSerial; }
    [[nodiscard]] constexpr auto address() const -> base::VirtAddr {
        return base::VirtAddr{(data_ & ~kMaxSerial) >> kAddressShift};
    }

    friend constexpr auto operator==(Mapping const&, Mapping const&) -> bool = default;

private:
    /// Serial number from bit 0, address of the page from bit 29 on.
    static constexpr unsigned kAddressShift = 29 - base::kPageBits;

    std::uint64_t data_;
};

/// Memory that can be mapped.
class FrameView {
public:
    explicit constexpr FrameView(Capability capability) : capability_{capability} {}
    [[nodiscard]] static constexpr auto make(std::uint64_t address, unsigned size_bits, bool device,
                                             std::uint8_t rights) -> Capability {
        auto reference = Rights::set(address, rights);
        reference =
            Device::set(SizeIndex::set(reference, (size_bits - abi::kSmallFrameBits) / 9), device ? 1 : 0);
        return Capability::of(abi::ObjectType::Frame, reference);
    }

    [[nodiscard]] constexpr auto capability() const -> Capability { return capability_; }
    [[nodiscard]] constexpr auto address() const -> std::uint64_t {
        return base::align_down(capability_.reference(), base::kPageBits);
    }
    [[nodiscard]] constexpr auto size_bits() const -> unsigned {
        return abi::kSmallFrameBits + 9 * static_cast<unsigned>(SizeIndex::get(capability_.reference()));
    }
    [[nodiscard]] constexpr auto size() const -> std::uint64_t { return base::power_of_two(size_bits()); }
    [[nodiscard]] constexpr auto device() const -> bool { return Device::get(capability_.reference()) != 0; }
    [[nodiscard]] constexpr auto rights() const -> std::uint8_t {
        return static_cast<std::uint8_t>(Rights::get(capability_.reference()));
    }
    [[nodiscard]] constexpr auto mapping() const -> Mapping { return Mapping{capability_.data()}; }

    [[nodiscard]] constexpr auto with_rights(std::uint8_t rights) const -> Capability {
        return {Rights::set(capability_.reference(), rights), capability_.data()};
    }
    [[nodiscard]] constexpr auto with_mapping(Mapping mapping) const -> Capability {
        return capability_.with_data(mapping.data());
    }
    [[nodiscard]] constexpr auto unmapped() const -> Capability { return capability_.with_data(0); }

private:
    using SizeIndex = BitField<6, 7>;
    using Device = BitField<8, 8>;
    using Rights = BitField<9, 11>;
    static_assert(abi::kLargeFrameBits == abi::kSmallFrameBits + 9 &&
                  abi::kHugeFrameBits == abi::kLargeFrameBits + 9);

    Capability capability_;
};

/// One core's time.
class CoreControlView {
public:
    explicit constexpr CoreControlView(Capability capability) : capability_{capability} {}
    [[nodiscard]] static constexpr auto make(std::uint64_t core, std::uint8_t max_priority,
                                             std::uint8_t rights) -> Capability {
        return Capability::of(abi::ObjectType::CoreControl, core << Capability::kTagBits,
                              MaxPriority::set(0, max_priority) | Rights::set(0, rights));
    }

    [[nodiscard]] constexpr auto core() const -> std::size_t { return capability_.number(); }
    [[nodiscard]] constexpr auto max_priority() const -> std::uint8_t {
        return static_cast<std::uint8_t>(MaxPriority::get(capability_.data()));
    }
    [[nodiscard]] constexpr auto rights() const -> std::uint8_t {
        return static_cast<std::uint8_t>(Rights::get(capability_.data()));
    }

private:
    using MaxPriority = BitField<0, 7>;
    using Rights = BitField<8, 11>;

    Capability capability_;
};

/// What is left of a CNode or TCB whose last capability is being deleted: the slots from number `remaining`
/// on are empty already.
class ZombieView {
public:
    explicit constexpr ZombieView(Capability capability) : capability_{capability} {}
    [[nodiscard]] static constexpr auto make(std::uint64_t first_slot, std::uint64_t remaining)
        -> Capability {
        return {first_slot | Capability::kZombieTag, remaining};
    }

    [[nodiscard]] auto slots() const -> Slot* { return &capability_.object<Slot>(); }
    [[nodiscard]] constexpr auto remaining() const -> std::uint64_t { return capability_.data(); }
    [[nodiscard]] constexpr auto with_remaining(std::uint64_t remaining) const -> Capability {
        return capability_.with_data(remaining);
    }

private:
    Capability capability_;
};

} // namespace kernel
