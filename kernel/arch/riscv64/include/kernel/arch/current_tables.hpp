// SPDX-License-Identifier: MIT
/// What the kernel's own page tables (kernel_tables.hpp) are made of, and what they map: RISC-V.
#pragma once

#include "kernel/arch/riscv64/device_windows.hpp"
#include "kernel/arch/riscv64/layout.hpp"
#include "kernel/arch/riscv64/page_entry.hpp"

namespace kernel::arch {

/// This core may remember that the entries were empty.
inline void publish_entries() { asm volatile("sfence.vma" ::: "memory"); }

} // namespace kernel::arch
