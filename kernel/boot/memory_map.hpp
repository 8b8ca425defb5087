// SPDX-License-Identifier: MIT
/// Which physical memory there is, and what of it is free.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/processors.hpp"
#include "kernel/boot/range_set.hpp"

#include <cstdint>

namespace kernel::boot {

struct MemoryMap {
    RangeSet free;                     ///< RAM that has a kernel address and that nothing is in
    drivers::Range image{};            ///< kernel and payload, as the boot loader put them
    drivers::Range device_tree{};      ///< size 0: none
    arch::StatedProcessors processors; ///< what the device tree says; of none: zeroes
};

/// Finds out what RAM there is and maps it for the kernel. `device_tree` is what the boot loader passed: it
/// is looked at only if the board promises a device tree there, and what it says only if it makes sense.
/// Otherwise the board's facts hold.
[[nodiscard]] auto map_memory(base::PhysAddr device_tree, drivers::Range image) -> MemoryMap;

} // namespace kernel::boot
