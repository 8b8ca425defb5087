// SPDX-License-Identifier: MIT
/// What vectors.S saves when the kernel itself takes an exception.
#pragma once

#include <array>
#include <cstdint>

namespace kernel::arch {

/// ```
///   0 x0 ... 240 x30   248 sp   256 elr   264 spsr   272 esr   280 far
/// ```
struct Crash {
    std::array<std::uint64_t, 31> general;
    std::uint64_t stack_pointer;
    std::uint64_t program_counter;
    std::uint64_t flags;
    std::uint64_t syndrome;
    std::uint64_t address;
};
static_assert(sizeof(Crash) == 288, "vectors.S has these offsets");

extern "C" {
[[noreturn]] void report_crash(Crash const& crash);
}

} // namespace kernel::arch
