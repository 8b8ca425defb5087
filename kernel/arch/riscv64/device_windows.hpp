// SPDX-License-Identifier: MIT
/// The device registers that the kernel keeps for itself: a page each, from `kDeviceBase` on.
#pragma once

#include "base/address.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/riscv64/firmware.hpp"
#include "kernel/arch/riscv64/layout.hpp"
#include "kernel/drivers/plic.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// Harts have numbers below this: what the firmware takes in one mask.
inline constexpr std::size_t kHartNumbers = firmware::kMaskBits;

// The pages: two of devices with one each, then those of the interrupt controller: priorities, enable bits,
// and one of claims for each number that a hart may have.
inline constexpr std::size_t kEnablesIndex = 3;
inline constexpr std::size_t kClaimsIndex =
    kEnablesIndex + (drivers::Plic::enables_size(kHartNumbers) + base::kPageSize - 1) / base::kPageSize;

/// Physical addresses of the pages; 0 is no page.
inline constexpr auto kDevicePages = [] {
    base::PhysAddr const controller{board::kInterrupts.first};
    std::array<base::PhysAddr, kClaimsIndex + kHartNumbers> pages{
        base::PhysAddr{board::kConsole.base}.align_down(base::kPageBits),
        base::PhysAddr{board::kPower.base}.align_down(base::kPageBits),
        controller,
    };
    for (std::size_t page = kEnablesIndex; page < kClaimsIndex; ++page) {
        pages[page] = controller + drivers::Plic::kEnables + (page - kEnablesIndex) * base::kPageSize;
    }
    for (std::size_t hart = 0; hart < kHartNumbers; ++hart) {
        pages[kClaimsIndex + hart] = controller + drivers::Plic::context_offset(hart);
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
