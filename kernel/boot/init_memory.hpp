// SPDX-License-Identifier: MIT
/// The memory that init is given: its image, its stack, the initfs, and all that is left.
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "kernel/boot/init_space.hpp"
#include "kernel/boot/memory_map.hpp"
#include "kernel/boot/payload_view.hpp"

namespace kernel::boot {

/// log2 of the slots that init's CNode needs.
[[nodiscard]] auto cnode_radix(PayloadView const& payload) -> unsigned;

/// Maps init's segments and stack, and the initfs behind them; says in `info` where their capabilities are.
void map_init(InitSpace& space, BootMemory& memory, PayloadView const& payload, abi::BootInfo& info);

/// Hands out what is left of `map.free`, and the devices, as untyped memory. Nothing can be allocated
/// afterwards.
void hand_out_memory(InitSpace& space, MemoryMap& map, abi::BootInfo& info);

} // namespace kernel::boot
