// SPDX-License-Identifier: MIT
/// What the kernel's own page tables (kernel_tables.hpp) are made of, and what they map: RISC-V.
#pragma once

#include "kernel/arch/riscv64/device_windows.hpp"
#include "kernel/arch/riscv64/hart.hpp"
#include "kernel/arch/riscv64/layout.hpp"
#include "kernel/arch/riscv64/page_entry.hpp"

namespace kernel::arch {

/// Whether the page at this address of the image has no mapping.
inline auto is_left_out(std::uint64_t address) -> bool {
    return is_below_a_stack(address - reinterpret_cast<std::uint64_t>(&kernel_stacks));
}

/// This core may remember that the entries were empty.
inline void publish_entries() { asm volatile("sfence.vma" ::: "memory"); }

} // namespace kernel::arch
