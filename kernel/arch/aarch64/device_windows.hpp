// SPDX-License-Identifier: MIT
/// The device registers that the kernel keeps for itself: a page each, from `kDeviceBase` on.
#pragma once

#include "base/address.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/aarch64/layout.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// Physical addresses of the pages; an address may be here twice, 0 is no page.
inline constexpr std::array kDevicePages{
    base::PhysAddr{board::kConsole.base}.align_down(base::kPageBits),
    base::PhysAddr{board::kInterrupts.first}.align_down(base::kPageBits),
    base::PhysAddr{board::kInterrupts.second}.align_down(base::kPageBits),
    base::PhysAddr{board::kPower.base}.align_down(base::kPageBits),
};

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
