// SPDX-License-Identifier: MIT
/// What the architecture keeps for each core. Cores are numbered from 0, the one that the machine started
/// with; harts are numbered by the hardware.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/stacks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

struct Hart {
    std::uint64_t number;
    std::uint64_t generation; ///< of ASIDs: none of an earlier one is in its TLB
    std::uint64_t deadline;
    std::uint64_t alarm;
    std::uint64_t programmed; ///< what the comparator holds: neither of the two is earlier
    std::uint64_t bit;        ///< the core, as in `AddressSpace::cores`
};

inline constinit std::array<Hart, kMaxCores> harts{};
/// As many of them there are, as far as is known. One that is not is refused by the firmware.
inline constinit std::size_t hart_count = board::kCoreCount;
static_assert(board::kCoreCount <= kMaxCores);

/// The core that executes this: each has its stack, from before it has anything else.
[[nodiscard]] inline auto core_number() -> std::size_t {
    std::uint64_t stack = 0;
    asm("mv %0, sp" : "=r"(stack));
    return kernel_stack_of(stack);
}
[[nodiscard]] inline auto this_hart() -> Hart& { return harts[core_number()]; }

} // namespace kernel::arch
