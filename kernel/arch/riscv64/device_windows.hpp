// SPDX-License-Identifier: MIT
/// The device registers that the kernel keeps for itself: a page each, from `kDeviceBase` on.
#pragma once

#include "base/address.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/riscv64/hart.hpp"
#include "kernel/arch/riscv64/layout.hpp"
#include "kernel/drivers/plic.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// Besides them the interrupt controller has a page for each hart.
inline constexpr std::size_t kFixedPages = 4;

/// Physical addresses of the pages; 0 is no page.
inline constexpr auto kDevicePages = [] {
    std::array<base::PhysAddr, kFixedPages + kMaxCores> pages{
        base::PhysAddr{board::kConsole.base}.align_down(base::kPageBits),
        base::PhysAddr{board::kPower.base}.align_down(base::kPageBits),
        base::PhysAddr{board::kInterrupts.first},
        base::PhysAddr{board::kInterrupts.first + drivers::Plic::kEnables},
    };
    for (std::size_t hart = 0; hart < kMaxCores; ++hart) {
        pages[kFixedPages + hart] =
            base::PhysAddr{board::kInterrupts.first + drivers::Plic::context_offset(hart)};
    }
    return pages;
}();

/// Where the kernel sees the registers at `physical`, which must lie in one of the pages.
consteval auto device_address(std::uint64_t physical) -> std::uint64_t {
    base::PhysAddr const page = base::PhysAddr{physical}.align_down(base::kPageBits);
    std::size_t index = 0;
    // Running off the end is not a constant expression: the build fails.
    while (kDevicePages[index] != page) {
        ++index;
    }
    return kDeviceBase + index * base::kPageSize + (physical - page.value());
}

} // namespace kernel::arch
