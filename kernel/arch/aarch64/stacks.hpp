// SPDX-License-Identifier: MIT
/// The kernel's stacks (stacks.S). Each is empty whenever user code runs.
#pragma once

#include "kernel/arch/aarch64/layout.hpp"

#include <cstddef>
#include <cstdint>

extern "C" {
extern std::byte kernel_stacks; // the first byte of all of them
}

namespace kernel::arch {

inline constexpr std::size_t kKernelStackSize = 8192;

/// The initial stack pointer of `core`, below kMaxCores.
inline auto kernel_stack_top(unsigned core) -> std::uint64_t {
    return reinterpret_cast<std::uint64_t>(&kernel_stacks) + (core + 1) * kKernelStackSize;
}

} // namespace kernel::arch
