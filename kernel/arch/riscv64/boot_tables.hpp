// SPDX-License-Identifier: MIT
/// The kernel's page tables: made before the MMU is on, extended to all RAM once the memory map is known.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/riscv64/layout.hpp"

#include <cstdint>
#include <span>

namespace kernel::arch {

extern "C" {
/// Called by head.S at the image's physical address, MMU off. Maps the image at its linked address, and the
/// kernel's devices. Answers what satp is to hold.
auto build_boot_tables() -> std::uint64_t;
}

/// The kernel's root table: those from `kFirstKernelEntry` on belong into every other one.
[[nodiscard]] auto kernel_entries() -> std::span<std::uint64_t const, kTableEntries>;

} // namespace kernel::arch
