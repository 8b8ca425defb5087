// SPDX-License-Identifier: MIT
/// What user code reads from the processor on RISC-V.
#pragma once

#include "base/text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace os::arch {

/// The machine's counter; all cores see the same time.
[[nodiscard]] inline auto counter() -> std::uint64_t {
    std::uint64_t ticks; // NOLINT(cppcoreguidelines-init-variables): the next instruction writes it
    // fence: the counter must not be read before what precedes in program order has happened.
    asm volatile("fence\n\trdtime %0" : "=r"(ticks) : : "memory");
    return ticks;
}

/// What the processor does not say itself.
inline constinit std::uint64_t told_counter_frequency = 0;

inline void set_counter_frequency(std::uint64_t ticks_per_second) {
    told_counter_frequency = ticks_per_second;
}

[[nodiscard]] inline auto counter_frequency() -> std::uint64_t { return told_counter_frequency; }

/// `e_machine` of the ELF files that run here.
inline constexpr std::uint16_t kElfMachine = 243;

/// Whether a `VirtualMemory` fault with this code (word 3) found a page that does not allow the access.
[[nodiscard]] constexpr auto is_permission_fault(std::uint64_t code) -> bool {
    constexpr std::uint64_t kNotAllowed = 1U << 8U; // the kernel has looked
    return (code & kNotAllowed) != 0;
}

/// A hint to the processor, and the emulator, that this is a busy wait: `pause`, for assemblers that do not
/// know it.
inline void relax() { asm volatile(".4byte 0x0100000F" : : : "memory"); }

/// The thread pointer points at this many bytes before the first thread-local variable (variant 1 of the
/// TLS ABI, as RISC-V has it).
inline constexpr std::size_t kTlsHeaderSize = 0;

/// Numbers of `Tcb.read_registers` and `Tcb.write_registers`.
namespace reg {
inline constexpr std::uint8_t kProgramCounter = 0;
inline constexpr std::uint8_t kStackPointer = 1;
inline constexpr std::uint8_t kFirstArgument = 3;  ///< a0
inline constexpr std::uint8_t kReturnAddress = 30; ///< ra
inline constexpr std::uint8_t kCount = 32;

/// As people know it. Pre: `index` < kCount.
[[nodiscard]] constexpr auto name(std::size_t index) -> base::Text<8> {
    constexpr std::array<std::string_view, kCount> kNames{
        "pc", "sp", "flags", "a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t0", "t1",  "t2",  "t3", "t4",
        "t5", "t6", "s0",    "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "ra", "gp"};
    return base::Text<8>{kNames[index]};
}
} // namespace reg

} // namespace os::arch
