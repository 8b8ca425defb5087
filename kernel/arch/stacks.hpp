// SPDX-License-Identifier: MIT
/// The kernel's stacks as stacks.S lays them out: one a core, and one for last words. The lowest page of each
/// is not mapped.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/processors.hpp"

#include <cstdint>

extern "C" {
// Only its address means something: it is the first byte of all of them.
extern char const kernel_stacks; // NOLINT(readability-identifier-naming): a symbol of assembly
}

namespace kernel::arch {

/// Bytes of each, with the page that is not mapped.
inline constexpr std::uint64_t kKernelStackSize = 16384;
inline constexpr std::uint64_t kKernelStacks = kMaxCores + 1;

/// How far `address` is from the first byte of all stacks.
[[nodiscard]] inline auto place_in_kernel_stacks(std::uint64_t address) -> std::uint64_t {
    return address - reinterpret_cast<std::uint64_t>(&kernel_stacks);
}
/// The number of the stack that `address`, which is in one, is in: that of its core.
[[nodiscard]] inline auto kernel_stack_of(std::uint64_t address) -> std::uint64_t {
    return place_in_kernel_stacks(address) / kKernelStackSize;
}
/// Whether `address` is in a page below a stack, which is not mapped.
[[nodiscard]] inline auto is_below_kernel_stack(std::uint64_t address) -> bool {
    auto const place = place_in_kernel_stacks(address);
    return place < kKernelStacks * kKernelStackSize && place % kKernelStackSize < base::kPageSize;
}
/// The initial stack pointer of core `core`, which is below kMaxCores.
[[nodiscard]] inline auto kernel_stack_top(unsigned core) -> std::uint64_t {
    return reinterpret_cast<std::uint64_t>(&kernel_stacks) + (core + 1) * kKernelStackSize;
}

} // namespace kernel::arch
