// SPDX-License-Identifier: MIT
/// Interrupt lines: who handles each.
#pragma once

#include "kernel/arch/contract.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/sched/core.hpp"

#include <cstddef>
#include <cstdint>

namespace kernel {

/// Machine-wide, under the kernel's lock. A line is one that all cores share, or the alarm of a core: that of
/// core 0 has the hardware's number, those of the others have numbers behind the hardware's.
struct alignas(64) IrqLine {
    Slot notification; ///< a copy of the capability to signal; empty: none
    bool issued;       ///< a handler capability exists

    /// Pre: `number` is `available`, or was.
    [[nodiscard]] static auto by_number(std::uint64_t number) -> IrqLine& { return lines[number]; }
    [[nodiscard]] static constexpr auto is_shared(std::uint32_t number) -> bool {
        return number - arch::Interrupts::kFirstShared <
               arch::Interrupts::kEndOfShared - arch::Interrupts::kFirstShared;
    }
    [[nodiscard]] static constexpr auto alarm_of(std::size_t core) -> std::uint32_t {
        return core == 0 ? arch::Interrupts::kAlarmLine
                         : arch::Interrupts::kLineCount + static_cast<std::uint32_t>(core);
    }
    /// Whether there is a line of this number that user code may handle.
    [[nodiscard]] static auto available(std::uint32_t number) -> bool;
    /// Pre: `number` is `available`.
    static void set_masked(std::uint32_t number, bool masked);
    /// Has the line interrupt that core; false: it is a core's alarm, or the hardware cannot. Pre: as above.
    [[nodiscard]] static auto route(std::uint32_t number, std::size_t core) -> bool;

    static IrqLine lines[arch::Interrupts::kLineCount + Core::kMax];
};

inline constinit IrqLine IrqLine::lines[arch::Interrupts::kLineCount + Core::kMax]{};

} // namespace kernel
