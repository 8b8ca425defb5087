// SPDX-License-Identifier: MIT
/// Address spaces: roots of page tables, the registry of those that live, and the walk, written once over the
/// architecture's format.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/cap/views.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel {

/// The root table and, in the entries that user addresses do not use, what belongs to the address space. The
/// table walker may see those words: bit 0 of each is clear, which means an empty entry.
struct alignas(4096) VSpace {
    std::array<std::uint64_t, arch::PageTableFormat::kRootEntries> entries;
    arch::AddressSpace space;
    std::uint64_t doubled_serial; ///< twice a number that no other address space has, or had lately
    VSpace* next;                 ///< in its bucket of the registry

    [[nodiscard]] auto serial() const -> std::uint64_t { return doubled_serial / 2; }
    [[nodiscard]] auto root() -> std::uint64_t { return reinterpret_cast<std::uint64_t>(this); }
};
static_assert(sizeof(VSpace) == std::size_t{1} << abi::kVSpaceBits);

namespace vspace {

/// The entry for `address` in the table at a kernel address.
[[nodiscard]] inline auto place_in(std::uint64_t table, base::VirtAddr address, unsigned level)
    -> std::uint64_t* {
    auto const index = (address.value() >> arch::PageTableFormat::shift(level)) &
                       base::low_bits(arch::PageTableFormat::kIndexBits);
    // A table is an array of entries, in memory that only the kernel and the table walker touch.
    return reinterpret_cast<std::uint64_t*>(table) + index;
}

/// Where a walk ended: an entry, and its level.
struct Entry {
    std::uint64_t* place;
    unsigned level;

    [[nodiscard]] auto value() const -> std::uint64_t { return *place; }
    [[nodiscard]] auto empty() const -> bool { return arch::PageTableFormat::is_empty(*place); }
    /// Is it a leaf for the frame there, or a link to the table there?
    [[nodiscard]] auto leads_to(std::uint64_t kernel_address) const -> bool {
        return !empty() &&
               arch::PageTableFormat::address(*place, level) == arch::Memory::physical(kernel_address);
    }
    [[nodiscard]] auto is_table() const -> bool {
        return !empty() && arch::PageTableFormat::is_table(*place, level);
    }
    /// The entry for `address` in the table there. Pre: it is a table.
    [[nodiscard]] auto below(base::VirtAddr address) const -> Entry {
        auto const table = arch::Memory::kernel_address(arch::PageTableFormat::address(*place, level));
        return {place_in(table, address, level + 1), level + 1};
    }
};

inline constexpr unsigned kLastLevel = arch::PageTableFormat::kLevels - 1;

/// The level whose entries cover 2^`size_bits` bytes.
[[nodiscard]] inline auto level_of(unsigned size_bits) -> unsigned {
    auto level = kLastLevel;
    while (arch::PageTableFormat::shift(level) < size_bits) {
        --level;
    }
    return level;
}

/// Follows tables down to `level`, or to the first entry that is not a table. Pre: a user address.
[[nodiscard]] inline auto walk(VSpace& space, base::VirtAddr address, unsigned level) -> Entry {
    auto const first = space.space.first_level();
    Entry entry{place_in(space.root(), address, first), first};
    while (entry.level < level && entry.is_table()) {
        entry = entry.below(address);
    }
    return entry;
}

/// Where the last 2^`size_bits` bytes of the space's user begin.
[[nodiscard]] inline auto last_address(VSpace const& space, unsigned size_bits) -> std::uint64_t {
    return space.space.end() - base::power_of_two(size_bits);
}
/// Are as many bytes at `address` addresses of its user?
[[nodiscard]] inline auto is_user(VSpace const& space, base::VirtAddr address, unsigned size_bits) -> bool {
    return address.value() <= last_address(space, size_bits);
}

/// The level of the first table that is missing where a walk ended, counted from the root: what user code is
/// told.
[[nodiscard]] inline auto missing_level(VSpace const& space, Entry const& entry) -> unsigned {
    return entry.level + 1 - space.space.first_level();
}

/// The registry's lists: an address space is in that of its serial number, modulo this.
inline constexpr std::size_t kBuckets = 128;
/// The next serial number after `last` that no live address space has, and whose list is at most twice as
/// long as the average.
[[nodiscard]] auto unused_serial(std::uint64_t last) -> std::uint64_t;

/// Makes a live address space of zeroed memory. `extra_bits`: as in `Mmu::create`.
void create(VSpace& space, std::uint8_t extra_bits);
/// Takes it out of the registry and of the TLBs.
void destroy(VSpace& space);

/// The address space that a mapping names, if it still lives.
[[nodiscard]] auto find(Mapping mapping) -> VSpace*;

/// A mapping as it is now: the live address space, and the entry that leads to the frame or table.
struct Place {
    VSpace* space;
    Entry entry;
};
/// Null space: the mapping is none, or history.
[[nodiscard]] auto find_frame(FrameView frame) -> Place;
[[nodiscard]] auto find_table(Capability table) -> Place;

/// Removes what the capability's mapping says, if that is true still.
void unmap_frame(FrameView frame);
void unmap_table(Capability table);
/// Empties a page table. Pre: it is part of no address space.
void clear_table(Capability table);

} // namespace vspace
} // namespace kernel
