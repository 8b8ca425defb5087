// SPDX-License-Identifier: MIT
/// Page table entries as the MMU reads them (Sv39 and Sv48).
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/types.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// Bits of an entry. One that is valid and allows nothing is a link to a table.
namespace entry_bit {
inline constexpr std::uint64_t kValid = 1U << 0U;
inline constexpr std::uint64_t kRead = 1U << 1U;
inline constexpr std::uint64_t kWrite = 1U << 2U;
inline constexpr std::uint64_t kExecute = 1U << 3U;
inline constexpr std::uint64_t kUser = 1U << 4U;
/// The translation belongs to all ASIDs.
inline constexpr std::uint64_t kGlobal = 1U << 5U;
/// Both set from the start: a processor may leave setting them to software.
inline constexpr std::uint64_t kAccessed = 1U << 6U;
inline constexpr std::uint64_t kDirty = 1U << 7U;
inline constexpr std::uint64_t kAddress = 0x003F'FFFF'FFFF'FC00;
inline constexpr unsigned kAddressShift = 2; ///< a physical address lies this many bits further down
} // namespace entry_bit

/// What the kernel may do with one of its own pages.
enum class KernelAccess : std::uint8_t { ReadExecute, Read, ReadWrite };

constexpr auto address_bits(base::PhysAddr address) -> std::uint64_t {
    return address.value() >> entry_bit::kAddressShift & entry_bit::kAddress;
}

/// A leaf of the kernel's half, at any level.
constexpr auto kernel_leaf(base::PhysAddr address, unsigned /*level*/, KernelAccess access,
                           MemoryKind /*kind*/) -> std::uint64_t {
    using namespace entry_bit;
    std::uint64_t const common = address_bits(address) | kValid | kRead | kGlobal | kAccessed | kDirty;
    switch (access) {
    case KernelAccess::ReadExecute: return common | kExecute;
    case KernelAccess::Read: return common;
    default: return common | kWrite;
    }
}

/// Page tables of user code: the lower half of a root table, and two levels below it with Sv39, three with
/// Sv48. The level that Sv39 does not have is the first.
struct PageTableFormat {
    static constexpr unsigned kLevels = 4;
    static constexpr unsigned kIndexBits = 9;
    static constexpr std::size_t kRootEntries = std::size_t{1} << (kIndexBits - 1);

    static constexpr auto shift(unsigned level) -> unsigned { return 39U - level * kIndexBits; }
    static constexpr auto is_empty(std::uint64_t entry) -> bool { return (entry & entry_bit::kValid) == 0; }
    static constexpr auto is_table(std::uint64_t entry, unsigned level) -> bool {
        using namespace entry_bit;
        return level + 1 < kLevels && (entry & (kRead | kWrite | kExecute)) == 0;
    }
    static constexpr auto address(std::uint64_t entry, unsigned /*level*/) -> base::PhysAddr {
        return base::PhysAddr{(entry & entry_bit::kAddress) << entry_bit::kAddressShift};
    }
    static constexpr auto table(base::PhysAddr address) -> std::uint64_t {
        return address_bits(address) | entry_bit::kValid;
    }
    static constexpr auto leaf(base::PhysAddr address, unsigned /*level*/, std::uint8_t rights,
                               MemoryKind kind) -> std::uint64_t {
        unsigned const executable = kind == MemoryKind::Device ? 0 : abi::rights::kExecute;
        auto const limit = abi::rights::kRead | abi::rights::kWrite | executable;
        return address_bits(address) | kAccess[rights & limit];
    }
    static constexpr auto may_replace(std::uint64_t /*old*/, std::uint64_t /*fresh*/) -> bool { return true; }
    // NOLINTNEXTLINE(readability-non-const-parameter): the assembly writes to it
    static void store(std::uint64_t* place, std::uint64_t entry) {
        // After what was written to a table that it links. A core may remember for a while that the entry was
        // empty: exception.cpp sees to that.
        asm volatile("fence w, w\n\tsd %1, %0\n\tfence w, rw" : "=m"(*place) : "r"(entry) : "memory");
    }

private:
    /// What a leaf says besides its address, by the rights.
    static constexpr std::array<std::uint64_t, 8> kAccess = [] {
        using namespace entry_bit;
        std::array<std::uint64_t, 8> all{};
        for (unsigned rights = 0; rights < all.size(); ++rights) {
            std::uint64_t allowed = 0;
            // Writing without reading does not exist.
            if ((rights & (abi::rights::kRead | abi::rights::kWrite)) != 0) {
                allowed |= kRead;
            }
            if ((rights & abi::rights::kWrite) != 0) {
                allowed |= kWrite;
            }
            if ((rights & abi::rights::kExecute) != 0) {
                allowed |= kExecute;
            }
            // A leaf that allows nothing has to allow the kernel something.
            allowed |= allowed == 0 ? kRead : kUser;
            all[rights] = allowed | kValid | kAccessed | kDirty;
        }
        return all;
    }();
};

} // namespace kernel::arch
