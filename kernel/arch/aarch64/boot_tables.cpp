// SPDX-License-Identifier: MIT
/// The kernel's page tables. `build_boot_tables` runs before the MMU is on: it touches nothing by a linked
/// address.
#include "kernel/arch/aarch64/boot_tables.hpp"

#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/layout.hpp"
#include "kernel/arch/aarch64/page_entry.hpp"
#include "kernel/arch/boot.hpp"

#include <array>
#include <span>

// Symbols of kernel.ld, under its names: only their addresses mean something.
// NOLINTBEGIN(bugprone-reserved-identifier,readability-identifier-naming)
extern "C" {
extern char const __image_start;
extern char const __text_end;
extern char const __rodata_end;
extern char const __image_end;
extern char const kernel_stacks; // stacks.S
}
// NOLINTEND(bugprone-reserved-identifier,readability-identifier-naming)

extern "C" {
constinit kernel::arch::BootRegisters boot_registers{};
}

namespace kernel::arch {

namespace {

struct alignas(base::kPageSize) Table {
    std::array<std::uint64_t, kTableEntries> entries;
};

// An image at any address touches at most two blocks and two GiB; each end of two ranges of RAM may be part
// of one.
constexpr std::size_t kMiddleTables = 6;
constexpr std::size_t kPageTables = 2;

struct BootTables {
    Table root;    ///< TTBR1
    Table top;     ///< below the root's last entry: image and devices
    Table image;   ///< pages of the image at its linked address
    Table devices; ///< pages of the kernel's devices
    Table user;    ///< TTBR0 of a core that runs no thread: nothing
    Table boot;    ///< TTBR0 of a core that turns its MMU on: the image at its physical address
    std::array<Table, kMiddleTables> middle;
    std::array<Table, kPageTables> pages;
    std::size_t middle_used;
    std::size_t pages_used;
    std::uint64_t image_physical;
};

constinit BootTables tables{};

/// Correct with the MMU off and on: such addresses are relative to the program counter.
auto address_of(auto const& object) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&object); }

/// Once the MMU is on.
auto physical_address(Table const& table) -> base::PhysAddr {
    return base::PhysAddr{address_of(table) - kImageBase + tables.image_physical};
}

auto image_access(std::uint64_t offset) -> KernelAccess {
    std::uint64_t const start = address_of(__image_start);
    if (start + offset < address_of(__text_end)) {
        return KernelAccess::ReadExecute;
    }
    return start + offset < address_of(__rodata_end) ? KernelAccess::Read : KernelAccess::ReadWrite;
}

auto system_control() -> std::uint64_t {
    constexpr std::uint64_t kReserved = 0x30D0'0800;
    constexpr std::uint64_t kMmu = 1U << 0U;
    constexpr std::uint64_t kDataCache = 1U << 2U;
    constexpr std::uint64_t kStackAlignment = 1U << 3U | 1U << 4U; // the kernel's and the user's
    constexpr std::uint64_t kInstructionCache = 1U << 12U;
    constexpr std::uint64_t kUserClearsLines = 1U << 14U;
    constexpr std::uint64_t kUserWaits = 1U << 16U | 1U << 18U; // WFI, WFE
    return kReserved | kMmu | kDataCache | kStackAlignment | kInstructionCache | kUserClearsLines |
           kUserWaits;
}

auto translation_control() -> std::uint64_t {
    constexpr std::uint64_t kUserSize = 64 - abi::kUserAddressBits;
    constexpr std::uint64_t kKernelSize = std::uint64_t{64 - kKernelAddressBits} << 16U;
    // Walks are write-back and inner shareable; 4 KiB granule in both halves (which encode it differently).
    constexpr std::uint64_t kUserWalks = 1U << 8U | 1U << 10U | 3U << 12U;
    constexpr std::uint64_t kKernelWalks = 1U << 24U | 1U << 26U | 3U << 28U | 2U << 30U;
    constexpr std::uint64_t kWideAsids = std::uint64_t{1} << 36U;
    std::uint64_t features = 0;
    asm("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
    constexpr std::uint64_t kLargest = 5; // 48 bits: more needs another table format
    std::uint64_t const range = features & 0xFU;
    std::uint64_t const physical_size = (range < kLargest ? range : kLargest) << 32U;
    return kUserSize | kKernelSize | kUserWalks | kKernelWalks | kWideAsids | physical_size;
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
    std::uint64_t& root_entry = tables.root.entries[table_index(block, kGigabyteBits)];
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
    std::uint64_t& entry = tables.root.entries[table_index(address, kGigabyteBits)];
    if (!PageTableFormat::is_empty(entry) || holds_kernel_code(address, kGigabyteBits)) {
        return false;
    }
    PageTableFormat::store(
        &entry, kernel_leaf(base::PhysAddr{address}, 0, KernelAccess::ReadWrite, MemoryKind::Normal));
    return true;
}

} // namespace

extern "C" auto build_boot_tables() -> BootRegisters const* {
    std::uint64_t const image = address_of(__image_start);
    tables.image_physical = image;
    for (std::uint64_t offset = 0; image + offset < address_of(__image_end); offset += base::kPageSize) {
        if (!is_below_a_stack(image + offset - address_of(kernel_stacks))) {
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
    base::PhysAddr const gigabyte = base::PhysAddr{image}.align_down(kGigabyteBits);
    tables.boot.entries[table_index(image, kGigabyteBits)] =
        kernel_leaf(gigabyte, 0, KernelAccess::ReadExecute, MemoryKind::Normal);
    boot_registers = {kMemoryAttributes, translation_control(), address_of(tables.boot),
                      address_of(tables.root), system_control()};
    return &boot_registers;
}

auto image_start() -> base::PhysAddr { return base::PhysAddr{tables.image_physical}; }

auto image_address() -> std::uint64_t { return kImageBase; }

auto image_size() -> std::uint64_t { return address_of(__image_end) - address_of(__image_start); }

auto empty_user_root() -> base::PhysAddr { return physical_address(tables.user); }

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
    // Entries that were invalid are in no TLB; the walker and this core must see the new ones.
    asm volatile("dsb ish\n\tisb" ::: "memory");
    return at;
}

} // namespace kernel::arch
