// SPDX-License-Identifier: MIT
/// What user code reads from the processor on AArch64.
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
    // isb: the counter must not be read before what precedes in program order has happened.
    asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r"(ticks) : : "memory");
    return ticks;
}

[[nodiscard]] inline auto counter_frequency() -> std::uint64_t {
    std::uint64_t
        ticks_per_second; // NOLINT(cppcoreguidelines-init-variables): the next instruction writes it
    asm("mrs %0, cntfrq_el0" : "=r"(ticks_per_second));
    return ticks_per_second;
}

/// Nothing to do: the processor knows.
inline void set_counter_frequency(std::uint64_t /*ticks_per_second*/) {}

/// `e_machine` of the ELF files that run here.
inline constexpr std::uint16_t kElfMachine = 183;

/// Whether a `VirtualMemory` fault with this code (word 3) found a page that does not allow the access.
[[nodiscard]] constexpr auto is_permission_fault(std::uint64_t code) -> bool {
    constexpr std::uint64_t kStatus = 0x3C; // of the abort, without the level
    constexpr std::uint64_t kPermission = 0x0C;
    return (code & kStatus) == kPermission;
}

/// A hint to the processor, and the emulator, that this is a busy wait.
inline void relax() { asm volatile("yield" : : : "memory"); }

/// The thread pointer points at this many bytes before the first thread-local variable (variant 1 of the
/// TLS ABI: two words belong to the thread library).
inline constexpr std::size_t kTlsHeaderSize = 16;

/// Numbers of `Tcb.read_registers` and `Tcb.write_registers`.
namespace reg {
inline constexpr std::uint8_t kProgramCounter = 0;
inline constexpr std::uint8_t kStackPointer = 1;
inline constexpr std::uint8_t kFirstArgument = 3;  ///< x0
inline constexpr std::uint8_t kReturnAddress = 33; ///< x30
inline constexpr std::uint8_t kCount = 34;

/// As people know it. Pre: `index` < kCount.
[[nodiscard]] constexpr auto name(std::size_t index) -> base::Text<8> {
    constexpr std::array<std::string_view, kFirstArgument> kSpecial{"pc", "sp", "pstate"};
    return index < kFirstArgument ? base::Text<8>{kSpecial[index]}
                                  : base::Text<8>{"x", index - kFirstArgument};
}
} // namespace reg

} // namespace os::arch
