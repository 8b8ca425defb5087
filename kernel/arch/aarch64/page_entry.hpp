// SPDX-License-Identifier: MIT
/// Page table entries as the MMU reads them (VMSAv8-64, 4 KiB granule, three levels).
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/types.hpp"

#include <array>
#include <cstdint>

namespace kernel::arch {

/// Bits of an entry.
namespace entry_bit {
inline constexpr std::uint64_t kValid = 1U << 0U;
/// A link at the upper levels, a page at the last.
inline constexpr std::uint64_t kTable = 1U << 1U;
inline constexpr unsigned kMemoryShift = 2;
inline constexpr std::uint64_t kMemory = 7U << kMemoryShift;
inline constexpr std::uint64_t kUser = 1U << 6U;
inline constexpr std::uint64_t kReadOnly = 1U << 7U;
inline constexpr std::uint64_t kInnerShareable = 3U << 8U;
inline constexpr std::uint64_t kAccessed = 1U << 10U;
/// The translation belongs to the ASID; without it, to all.
inline constexpr std::uint64_t kNotGlobal = 1U << 11U;
inline constexpr std::uint64_t kKernelExecuteNever = std::uint64_t{1} << 53U;
inline constexpr std::uint64_t kUserExecuteNever = std::uint64_t{1} << 54U;
inline constexpr std::uint64_t kAddress = 0x0000'FFFF'FFFF'F000;
} // namespace entry_bit

/// Fields of MAIR_EL1, in the order of `MemoryKind`: write-back, not cached, Device-nGnRE.
inline constexpr std::uint64_t kMemoryAttributes = 0x04'44'FF;

/// What the kernel may do with one of its own pages.
enum class KernelAccess : std::uint8_t { ReadExecute, Read, ReadWrite };

constexpr auto memory_bits(MemoryKind kind) -> std::uint64_t {
    auto const attribute = static_cast<std::uint64_t>(kind) << entry_bit::kMemoryShift;
    return attribute | entry_bit::kInnerShareable | entry_bit::kAccessed | entry_bit::kValid;
}

/// A leaf of the kernel's half; `level` 2 is a page, others are blocks.
constexpr auto kernel_leaf(base::PhysAddr address, unsigned level, KernelAccess access, MemoryKind kind)
    -> std::uint64_t {
    std::uint64_t entry = address.value() | memory_bits(kind) | entry_bit::kUserExecuteNever;
    if (level == 2) {
        entry |= entry_bit::kTable;
    }
    if (access != KernelAccess::ReadWrite) {
        entry |= entry_bit::kReadOnly;
    }
    if (access != KernelAccess::ReadExecute) {
        entry |= entry_bit::kKernelExecuteNever;
    }
    return entry;
}

/// Page tables of user code: a root of 256 entries and two levels below it.
struct PageTableFormat {
    static constexpr unsigned kLevels = 3;
    static constexpr unsigned kIndexBits = 9;
    static constexpr std::size_t kRootEntries = std::size_t{1} << (abi::kUserAddressBits - 30U);

    static constexpr auto shift(unsigned level) -> unsigned { return 30U - level * kIndexBits; }
    static constexpr auto is_empty(std::uint64_t entry) -> bool { return (entry & entry_bit::kValid) == 0; }
    static constexpr auto is_table(std::uint64_t entry, unsigned level) -> bool {
        return level + 1 < kLevels && (entry & entry_bit::kTable) != 0;
    }
    static constexpr auto address(std::uint64_t entry, unsigned /*level*/) -> base::PhysAddr {
        return base::PhysAddr{entry & entry_bit::kAddress};
    }
    static constexpr auto table(base::PhysAddr address) -> std::uint64_t {
        return address.value() | entry_bit::kTable | entry_bit::kValid;
    }
    static constexpr auto leaf(base::PhysAddr address, unsigned level, std::uint8_t rights, MemoryKind kind)
        -> std::uint64_t {
        std::uint64_t entry = address.value() | memory_bits(kind) | kAccess[rights % kAccess.size()];
        if (level + 1 == kLevels) {
            entry |= entry_bit::kTable;
        }
        if (kind == MemoryKind::Device) {
            entry |= entry_bit::kUserExecuteNever;
        }
        return entry;
    }
    /// Access may change, the kind of memory may not (break-before-make).
    static constexpr auto may_replace(std::uint64_t old, std::uint64_t fresh) -> bool {
        return ((old ^ fresh) & entry_bit::kMemory) == 0;
    }
    // NOLINTNEXTLINE(readability-non-const-parameter): the assembly writes to it
    static void store(std::uint64_t* place, std::uint64_t entry) {
        // The barriers order it after what was written to a table that it links, and before later walks; the
        // walkers of all cores are inner shareable.
        asm volatile("dmb ishst\n\tstr %1, %0\n\tdsb ishst" : "=m"(*place) : "r"(entry) : "memory");
    }

private:
    /// What a leaf says about access, by the rights.
    static constexpr std::array<std::uint64_t, 8> kAccess = [] {
        std::array<std::uint64_t, 8> all{};
        for (unsigned rights = 0; rights < all.size(); ++rights) {
            auto& access = all[rights];
            access = entry_bit::kNotGlobal | entry_bit::kKernelExecuteNever;
            if ((rights & (abi::rights::kRead | abi::rights::kWrite)) != 0) {
                access |= entry_bit::kUser;
            }
            if ((rights & abi::rights::kWrite) == 0) {
                access |= entry_bit::kReadOnly;
            }
            if ((rights & abi::rights::kExecute) == 0) {
                access |= entry_bit::kUserExecuteNever;
            }
        }
        return all;
    }();
};

} // namespace kernel::arch
