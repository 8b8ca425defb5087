// SPDX-License-Identifier: MIT
/// What the kernel's own page tables (kernel_tables.hpp) are made of, and what they map: AArch64.
#pragma once

#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/layout.hpp"
#include "kernel/arch/aarch64/page_entry.hpp"

// Of stacks.S: only its address means something.
extern "C" char const kernel_stacks; // NOLINT(readability-identifier-naming)

namespace kernel::arch {

/// Whether the page at this address of the image has no mapping.
inline auto is_left_out(std::uint64_t address) -> bool {
    return is_below_a_stack(address - reinterpret_cast<std::uint64_t>(&kernel_stacks));
}

/// Entries that were invalid are in no TLB; the walker and this core must see the new ones.
inline void publish_entries() { asm volatile("dsb ish\n\tisb" ::: "memory"); }

} // namespace kernel::arch
