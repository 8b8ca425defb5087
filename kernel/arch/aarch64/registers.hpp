// SPDX-License-Identifier: MIT
/// The registers of a user thread, as vectors.S saves and loads them.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

/// ```
///   0 pc   8 sp   16 pstate   24 x0 ... 264 x30
/// ```
struct Registers {
    static constexpr std::size_t kCount = 34;
    static constexpr std::size_t kProgramCounter = 0;
    static constexpr std::size_t kStackPointer = 1;
    static constexpr std::size_t kFlags = 2;
    static constexpr std::size_t kFirstGeneral = 3;
    static constexpr std::size_t kCapability = kFirstGeneral;
    static constexpr std::size_t kTag = kFirstGeneral + 1;
    static constexpr std::array<std::uint8_t, abi::kMessageWords> kWords{5, 6, 7, 8, 9, 10, 11, 12};
    static constexpr std::size_t kReceiveCapability = kFirstGeneral + 10;

    /// N, Z, C and V: all that user code may set of PSTATE. The rest being zero means EL0, AArch64, nothing
    /// masked.
    static constexpr std::uint64_t kUserFlags = 0xF000'0000;
    static constexpr std::uint64_t kInstructionSize = 4;

    static constexpr auto sanitized(std::size_t index, std::uint64_t value) -> std::uint64_t {
        return index == kFlags ? value & kUserFlags : value;
    }
    /// x11 to x18 and the flags. x10 is an argument: it is always kept.
    constexpr void clear_scratch() {
        constexpr std::size_t kFirst = kFirstGeneral + 11;
        constexpr std::size_t kLast = kFirstGeneral + 18;
        for (std::size_t index = kFirst; index <= kLast; ++index) {
            values[index] = 0;
        }
        values[kFlags] = 0;
    }
    constexpr void rewind_system_call() { values[kProgramCounter] -= kInstructionSize; }

    std::array<std::uint64_t, kCount> values;
};
} // namespace kernel::arch
