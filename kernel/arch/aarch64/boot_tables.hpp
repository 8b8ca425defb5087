// SPDX-License-Identifier: MIT
/// What head.S turns the MMU on with, and what is there when no thread is.
#pragma once

#include "base/address.hpp"

#include <cstdint>

namespace kernel::arch {

/// What head.S loads to turn the MMU on, in this order: on core 0 as `build_boot_tables` returns it, on the
/// others from `boot_registers`.
struct BootRegisters {
    std::uint64_t memory_attributes;   ///< MAIR_EL1
    std::uint64_t translation_control; ///< TCR_EL1
    std::uint64_t user_root;           ///< TTBR0_EL1: where the code runs now, at its physical address
    std::uint64_t kernel_root;         ///< TTBR1_EL1
    std::uint64_t system_control;      ///< SCTLR_EL1
};

extern "C" {
/// Called by head.S at the image's physical address, MMU and caches off. Maps the image at its linked
/// address, the kernel's devices, and the GiB that the image is in at its physical address.
auto build_boot_tables() -> BootRegisters const*;
}

/// An empty root table for TTBR0_EL1.
[[nodiscard]] auto empty_user_root() -> base::PhysAddr;

} // namespace kernel::arch
