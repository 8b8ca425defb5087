// SPDX-License-Identifier: MIT
/// The control and status registers that the kernel reads and writes, under their numbers in the architecture
/// (The RISC-V Instruction Set Manual, Volume II: Privileged Architecture, chapters "CSR Listing" and
/// "Supervisor-Level ISA").
#pragma once

#include <cstdint>

namespace kernel::arch::csr {

enum class Number : std::uint16_t {
    Status = 0x100,
    InterruptEnable = 0x104,
    CounterEnable = 0x106,
    Exception = 0x142,
    InterruptPending = 0x144,
    TimeCompare = 0x14D, ///< with the extension Sstc only
    Translation = 0x180,
    Time = 0xC01,
};

/// Volatile: what a register holds may change by itself.
template <Number kNumber>
[[gnu::always_inline]] inline auto read() -> std::uint64_t {
    std::uint64_t value = 0;
    asm volatile("csrr %0, %1" : "=r"(value) : "i"(static_cast<std::uint16_t>(kNumber)));
    return value;
}
template <Number kNumber>
[[gnu::always_inline]] inline void write(std::uint64_t value) {
    asm volatile("csrw %0, %1" ::"i"(static_cast<std::uint16_t>(kNumber)), "rK"(value) : "memory");
}
template <Number kNumber>
[[gnu::always_inline]] inline void set(std::uint64_t bits) {
    asm volatile("csrs %0, %1" ::"i"(static_cast<std::uint16_t>(kNumber)), "rK"(bits) : "memory");
}
template <Number kNumber>
[[gnu::always_inline]] inline void clear(std::uint64_t bits) {
    asm volatile("csrc %0, %1" ::"i"(static_cast<std::uint16_t>(kNumber)), "rK"(bits) : "memory");
}

/// Bits of InterruptEnable and InterruptPending.
namespace interrupt {
inline constexpr std::uint64_t kSoftware = 1U << 1U;
inline constexpr std::uint64_t kTimer = 1U << 5U;
inline constexpr std::uint64_t kExternal = 1U << 9U;
} // namespace interrupt

/// The field of Status that says whether floating-point instructions work: 0 is no; the value set is "dirty".
inline constexpr std::uint64_t kFloatingPoint = 3U << 13U;

} // namespace kernel::arch::csr
