// SPDX-License-Identifier: MIT
#include "kernel/arch/riscv64/boot_tables.hpp"

#include "kernel/arch/kernel_tables.hpp"

namespace kernel::arch {

extern "C" auto build_boot_tables() -> std::uint64_t {
    constexpr std::uint64_t kMode = std::uint64_t{8} << 60U; // Sv39
    return kMode | address_of(map_kernel()) >> base::kPageBits;
}

} // namespace kernel::arch
