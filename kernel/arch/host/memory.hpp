// SPDX-License-Identifier: MIT
/// Memory, page tables and address spaces of the host: part of the test's own memory, and entries that no MMU
/// reads.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/types.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel::arch {

namespace host {

/// Where RAM begins, and how much there is. All else is device memory, which must not be touched.
inline constexpr base::PhysAddr kRamBase{0x4000'0000};
inline constexpr std::uint64_t kRamSize = 64U << 20U;

} // namespace host

struct Memory {
    static auto kernel_address(base::PhysAddr physical) -> std::uint64_t;
    static auto physical(std::uint64_t address) -> base::PhysAddr;
    /// Ends the test when the range is not RAM.
    static void clear(MemoryRange range);
};

struct Cache {
    static void clean(MemoryRange range);
    static void invalidate(MemoryRange range);
    static void clean_invalidate(MemoryRange range);
    static void unify(MemoryRange range);
};

/// Levels of 39, 30, 21 and 12 bits, of which most address spaces leave out the first, as on RISC-V.
struct PageTableFormat {
    static constexpr unsigned kLevels = 4;
    static constexpr unsigned kIndexBits = 9;
    static constexpr std::size_t kRootEntries = 256;

    static constexpr std::uint64_t kValid = 1U << 0U;
    static constexpr std::uint64_t kTable = 1U << 1U;
    static constexpr unsigned kRightsShift = 2;
    static constexpr unsigned kKindShift = 6;
    static constexpr std::uint64_t kAddress = ~std::uint64_t{0xFFF};

    static constexpr auto shift(unsigned level) -> unsigned { return 39 - level * kIndexBits; }
    static constexpr auto is_empty(std::uint64_t entry) -> bool { return (entry & kValid) == 0; }
    static constexpr auto is_table(std::uint64_t entry, unsigned /*level*/) -> bool {
        return (entry & kTable) != 0;
    }
    static constexpr auto address(std::uint64_t entry, unsigned /*level*/) -> base::PhysAddr {
        return base::PhysAddr{entry & kAddress};
    }
    static constexpr auto table(base::PhysAddr address) -> std::uint64_t {
        return address.value() | kTable | kValid;
    }
    static constexpr auto leaf(base::PhysAddr address, unsigned /*level*/, std::uint8_t rights,
                               MemoryKind kind) -> std::uint64_t {
        return address.value() | static_cast<std::uint64_t>(kind) << kKindShift |
               static_cast<std::uint64_t>(rights) << kRightsShift | kValid;
    }
    static constexpr auto may_replace(std::uint64_t old, std::uint64_t fresh) -> bool {
        return ((old ^ fresh) >> kKindShift & 3U) == 0;
    }
    static void store(std::uint64_t* place, std::uint64_t entry) { *place = entry; }
};

struct AddressSpace {
    std::uint64_t root; ///< 0: not alive
    std::uint64_t extra_bits;

    [[nodiscard]] auto first_level() const -> unsigned { return extra_bits == 0 ? 1 : 0; }
    [[nodiscard]] auto end() const -> std::uint64_t {
        return std::uint64_t{1} << (abi::kUserAddressBits + extra_bits);
    }
};

/// Counts what would have been done to the TLB.
struct Mmu {
    static constexpr std::uint8_t kMaxExtraBits = PageTableFormat::kIndexBits;
    static auto extra_bits() -> std::uint8_t;
    static void create(AddressSpace& space, base::PhysAddr root, std::uint8_t extra_bits);
    static void destroy(AddressSpace& space);
    static void invalidate_page(AddressSpace& space, base::VirtAddr address);
    static void invalidate_all(AddressSpace& space);
};

} // namespace kernel::arch
