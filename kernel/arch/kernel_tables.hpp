// SPDX-License-Identifier: MIT
/// The kernel's page tables: made before the MMU is on, extended to all RAM once the memory map is known.
#pragma once

#include "base/address.hpp"
#include "kernel/arch/current_tables.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace kernel::arch {

struct alignas(base::kPageSize) Table {
    std::array<std::uint64_t, kTableEntries> entries;
};

/// Correct with the MMU off and on: such addresses are relative to the program counter.
auto address_of(auto const& object) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&object); }

/// Maps the image at its linked address, and the kernel's devices; answers the root table. Called once, at
/// the image's physical address, the MMU off: it touches nothing by a linked address.
[[nodiscard]] auto map_kernel() -> Table&;

/// Of a table in the image, once the MMU is on.
[[nodiscard]] auto physical_address(Table const& table) -> base::PhysAddr;

/// Those of the root table.
[[nodiscard]] auto kernel_entries() -> std::span<std::uint64_t const, kTableEntries>;

} // namespace kernel::arch
