// SPDX-License-Identifier: MIT
#include "kernel/arch/kernel_tables.hpp"

#include "kernel/arch/boot.hpp"
#include "kernel/arch/stacks.hpp"

#include <span>

// Symbols of kernel.ld, under its names: only their addresses mean something.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
extern char const __image_start;
extern char const __text_end;
extern char const __rodata_end;
extern char const __image_end;
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

namespace kernel::arch {

namespace {

// An image at any address touches at most two blocks and two GiB; each end of two ranges of RAM may be part
// of one.
constexpr std::size_t kMiddleTables = 6;
constexpr std::size_t kPageTables = 2;

struct KernelTables {
    Table root;
    Table top;     ///< below the root's last entry: image and devices
    Table image;   ///< pages of the image at its linked address
    Table devices; ///< pages of the kernel's devices
    std::array<Table, kMiddleTables> middle;
    std::array<Table, kPageTables> pages;
    std::size_t middle_used;
    std::size_t pages_used;
    std::uint64_t image_physical;
};

constinit KernelTables tables{};

auto image_access(std::uint64_t offset) -> KernelAccess {
    std::uint64_t const start = address_of(__image_start);
    if (start + offset < address_of(__text_end)) {
        return KernelAccess::ReadExecute;
    }
    return start + offset < address_of(__rodata_end) ? KernelAccess::Read : KernelAccess::ReadWrite;
}

/// The root's entry for RAM at `address`.
auto physical_map_entry(std::uint64_t address) -> std::uint64_t& {
    return tables.root.entries[table_index(kPhysicalMapBase + address, kGigabyteBits)];
}

/// Whether 2^`bits` bytes at `address` hold text or constants of the kernel.
auto holds_kernel_code(std::uint64_t address, unsigned bits) -> bool {
    std::uint64_t const code_end = tables.image_physical + (address_of(__rodata_end) - kImageBase);
    return address < code_end && tables.image_physical < address + (std::uint64_t{1} << bits);
}

auto take(std::span<Table> pool, std::size_t& used) -> Table* {
    return used < pool.size() ? &pool[used++] : nullptr;
}

/// Pages for a block that holds kernel code, which can be read here as well but not written.
auto map_code_block(std::uint64_t& entry, std::uint64_t block) -> bool {
    Table* const table = take(tables.pages, tables.pages_used);
    if (table == nullptr) {
        return false;
    }
    for (std::size_t index = 0; index < kTableEntries; ++index) {
        std::uint64_t const page = block + index * base::kPageSize;
        auto const access =
            holds_kernel_code(page, base::kPageBits) ? KernelAccess::Read : KernelAccess::ReadWrite;
        table->entries[index] = kernel_leaf(base::PhysAddr{page}, 2, access, MemoryKind::Normal);
    }
    PageTableFormat::store(&entry, PageTableFormat::table(physical_address(*table)));
    return true;
}

/// Maps the block at `block` unless it is mapped already.
auto map_block(std::uint64_t block) -> bool {
    std::uint64_t& root_entry = physical_map_entry(block);
    if (PageTableFormat::is_empty(root_entry)) {
        Table* const table = take(tables.middle, tables.middle_used);
        if (table == nullptr) {
            return false;
        }
        PageTableFormat::store(&root_entry, PageTableFormat::table(physical_address(*table)));
    }
    if (!PageTableFormat::is_table(root_entry, 0)) {
        return true;
    }
    std::uint64_t const middle =
        PageTableFormat::address(root_entry, 0) - base::PhysAddr{tables.image_physical};
    auto* const entries = reinterpret_cast<std::uint64_t*>(kImageBase + middle);
    std::uint64_t& entry = entries[table_index(block, kMemoryBlockBits)];
    if (!PageTableFormat::is_empty(entry)) {
        return true;
    }
    if (holds_kernel_code(block, kMemoryBlockBits)) {
        return map_code_block(entry, block);
    }
    PageTableFormat::store(
        &entry, kernel_leaf(base::PhysAddr{block}, 1, KernelAccess::ReadWrite, MemoryKind::Normal));
    return true;
}

/// Maps a whole GiB as one block, if nothing of it is mapped yet and no kernel code is in it.
auto map_gigabyte(std::uint64_t address) -> bool {
    std::uint64_t& entry = physical_map_entry(address);
    if (!PageTableFormat::is_empty(entry) || holds_kernel_code(address, kGigabyteBits)) {
        return false;
    }
    PageTableFormat::store(
        &entry, kernel_leaf(base::PhysAddr{address}, 0, KernelAccess::ReadWrite, MemoryKind::Normal));
    return true;
}

} // namespace

auto map_kernel() -> Table& {
    std::uint64_t const image = address_of(__image_start);
    tables.image_physical = image;
    for (std::uint64_t offset = 0; image + offset < address_of(__image_end); offset += base::kPageSize) {
        if (!is_below_kernel_stack(image + offset)) {
            tables.image.entries[offset >> base::kPageBits] =
                kernel_leaf(base::PhysAddr{image + offset}, 2, image_access(offset), MemoryKind::Normal);
        }
    }
    for (std::size_t index = 0; index < kDevicePages.size(); ++index) {
        if (kDevicePages[index].value() == 0) {
            continue;
        }
        tables.devices.entries[index] =
            kernel_leaf(kDevicePages[index], 2, KernelAccess::ReadWrite, MemoryKind::Device);
    }
    auto const link = [](Table const& table) {
        return PageTableFormat::table(base::PhysAddr{address_of(table)});
    };
    tables.top.entries[table_index(kImageBase, kMemoryBlockBits)] = link(tables.image);
    tables.top.entries[table_index(kDeviceBase, kMemoryBlockBits)] = link(tables.devices);
    tables.root.entries[table_index(kImageBase, kGigabyteBits)] = link(tables.top);
    return tables.root;
}

auto physical_address(Table const& table) -> base::PhysAddr {
    return base::PhysAddr{address_of(table) - kImageBase + tables.image_physical};
}

auto kernel_entries() -> std::span<std::uint64_t const, kTableEntries> { return tables.root.entries; }

auto image_start() -> base::PhysAddr { return base::PhysAddr{tables.image_physical}; }

auto image_address() -> std::uint64_t { return kImageBase; }

auto image_size() -> std::uint64_t { return address_of(__image_end) - address_of(__image_start); }

auto map_memory(base::PhysAddr begin, base::PhysAddr end) -> base::PhysAddr {
    constexpr std::uint64_t kBlock = std::uint64_t{1} << kMemoryBlockBits;
    constexpr std::uint64_t kGigabyte = std::uint64_t{1} << kGigabyteBits;
    base::PhysAddr const limit = (end.value() < kPhysicalMapSize ? end : base::PhysAddr{kPhysicalMapSize});
    base::PhysAddr const last = limit.align_down(kMemoryBlockBits);
    base::PhysAddr at = begin.align_up(kMemoryBlockBits);
    while (at < last) {
        bool const whole = at.aligned(kGigabyteBits) && last - at >= kGigabyte;
        if (whole && map_gigabyte(at.value())) {
            at = at + kGigabyte;
        } else if (map_block(at.value())) {
            at = at + kBlock;
        } else {
            break;
        }
    }
    publish_entries();
    return at;
}

} // namespace kernel::arch
