// SPDX-License-Identifier: MIT
/// Registers of a thread that never runs. The message words are not in a row, so that nobody relies on that.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::arch {

struct Registers {
    static constexpr std::size_t kCount = 24;
    static constexpr std::size_t kProgramCounter = 0;
    static constexpr std::size_t kStackPointer = 1;
    static constexpr std::size_t kFlags = 2;
    static constexpr std::size_t kFirstGeneral = 3;
    static constexpr std::size_t kCapability = kFirstGeneral;
    static constexpr std::size_t kTag = kFirstGeneral + 1;
    static constexpr std::array<std::uint8_t, abi::kMessageWords> kWords{5, 6, 7, 8, 9, 10, 20, 21};
    static constexpr std::size_t kReceiveCapability = 15;

    /// The bits of the flags that a user may have.
    static constexpr std::uint64_t kUserFlags = 0xF0;
    static constexpr std::uint64_t kInstructionSize = 4;

    static constexpr auto sanitized(std::size_t index, std::uint64_t value) -> std::uint64_t {
        return index == kFlags ? value & kUserFlags : value;
    }
    constexpr void clear_scratch() { values[kCount - 1] = 0; }
    constexpr void rewind_system_call() { values[kProgramCounter] -= kInstructionSize; }

    std::array<std::uint64_t, kCount> values;
};

} // namespace kernel::arch
