// SPDX-License-Identifier: MIT
/// The registers of a user thread, as trap.S saves and loads them.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// ```
///   0 pc   8 sp   16 flags   24 a0 ... 80 a7   88 t0 ... 136 t6   144 s0 ... 232 s11   240 ra   248 gp
/// ```
/// There are no flags: that register is zero. tp is the thread's storage base, and lies in the TCB behind
/// these.
struct Registers {
    static constexpr std::size_t kCount = 32;
    static constexpr std::size_t kProgramCounter = 0;
    static constexpr std::size_t kStackPointer = 1;
    static constexpr std::size_t kFlags = 2;
    static constexpr std::size_t kFirstGeneral = 3;
    static constexpr std::size_t kCapability = kFirstGeneral;
    static constexpr std::size_t kTag = kFirstGeneral + 1;
    /// a2..a7, t1, t2.
    static constexpr std::array<std::uint8_t, abi::kMessageWords> kWords{5, 6, 7, 8, 9, 10, 12, 13};
    static constexpr std::size_t kReceiveCapability = 14; ///< t3

    static constexpr std::size_t kFirstTemporary = 11;
    static constexpr std::size_t kFirstSaved = 18;
    static constexpr std::size_t kReturnAddress = 30;
    static constexpr std::size_t kGlobalPointer = 31;

    static constexpr std::uint64_t kInstructionSize = 4;

    static constexpr auto sanitized(std::size_t index, std::uint64_t value) -> std::uint64_t {
        return index == kFlags ? 0 : value;
    }
    /// t4 to t6. t3 is an argument: it is always kept.
    constexpr void clear_scratch() {
        constexpr std::size_t kFirst = kFirstTemporary + 4;
        for (std::size_t index = kFirst; index < kFirstSaved; ++index) {
            values[index] = 0;
        }
    }
    constexpr void rewind_system_call() { values[kProgramCounter] -= kInstructionSize; }

    std::array<std::uint64_t, kCount> values;
};

} // namespace kernel::arch
