// SPDX-License-Identifier: MIT
/// Interrupt lines: who handles each.
#pragma once

#include "kernel/arch/contract.hpp"
#include "kernel/cap/slot.hpp"

#include <cstdint>

namespace kernel {

/// Machine-wide, under the kernel's lock.
struct IrqLine {
    Slot notification; ///< a copy of the capability to signal; empty: none
    bool issued;       ///< a handler capability exists

    /// Pre: `number` is below `arch::Interrupts::kLineCount`.
    [[nodiscard]] static auto by_number(std::uint64_t number) -> IrqLine& { return lines[number]; }
    [[nodiscard]] static constexpr auto available(std::uint32_t number) -> bool {
        return number < arch::Interrupts::kLineCount && number != arch::Interrupts::kTimerLine &&
               number != arch::Interrupts::kCallLine;
    }

    static IrqLine lines[arch::Interrupts::kLineCount];
};

inline constinit IrqLine IrqLine::lines[arch::Interrupts::kLineCount]{};

} // namespace kernel
