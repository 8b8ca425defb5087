// SPDX-License-Identifier: MIT
/// What head.S turns the MMU on with.
#pragma once

#include <cstdint>

namespace kernel::arch {

extern "C" {
/// Called by head.S at the image's physical address, MMU off. Maps the image at its linked address, and the
/// kernel's devices. Answers what satp is to hold.
auto build_boot_tables() -> std::uint64_t;
}

} // namespace kernel::arch
