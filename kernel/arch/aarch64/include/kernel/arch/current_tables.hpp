// SPDX-License-Identifier: MIT
/// What the kernel's own page tables (kernel_tables.hpp) are made of, and what they map: AArch64.
#pragma once

#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/layout.hpp"
#include "kernel/arch/aarch64/page_entry.hpp"

namespace kernel::arch {

/// Entries that were invalid are in no TLB; the walker and this core must see the new ones.
inline void publish_entries() { asm volatile("dsb ish\n\tisb" ::: "memory"); }

} // namespace kernel::arch
