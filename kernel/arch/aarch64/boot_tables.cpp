// SPDX-License-Identifier: MIT
/// What turns the MMU on. `build_boot_tables` runs before that: it touches nothing by a linked address.
#include "kernel/arch/aarch64/boot_tables.hpp"

#include "kernel/arch/boot.hpp"
#include "kernel/arch/kernel_tables.hpp"

extern "C" {
constinit kernel::arch::BootRegisters boot_registers{};
}

namespace kernel::arch {

namespace {

constinit Table no_thread{}; ///< TTBR0 of a core that runs no thread: nothing
constinit Table identity{};  ///< TTBR0 of a core that turns its MMU on: the image at its physical address

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

} // namespace

extern "C" auto build_boot_tables() -> BootRegisters const* {
    Table const& root = map_kernel();
    std::uint64_t const here = image_start().value();
    base::PhysAddr const gigabyte = base::PhysAddr{here}.align_down(kGigabyteBits);
    identity.entries[table_index(here, kGigabyteBits)] =
        kernel_leaf(gigabyte, 0, KernelAccess::ReadExecute, MemoryKind::Normal);
    boot_registers = {kMemoryAttributes, translation_control(), address_of(identity), address_of(root),
                      system_control()};
    return &boot_registers;
}

auto empty_user_root() -> base::PhysAddr { return physical_address(no_thread); }

} // namespace kernel::arch
