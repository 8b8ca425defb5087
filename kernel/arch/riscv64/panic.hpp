// SPDX-License-Identifier: MIT
/// What trap.S saves when the kernel itself takes an exception.
#pragma once

#include <array>
#include <cstdint>

namespace kernel::arch {

/// ```
///   0 x0 ... 248 x31   256 sepc   264 scause   272 stval
/// ```
struct Crash {
    std::array<std::uint64_t, 32> general;
    std::uint64_t program_counter;
    std::uint64_t cause;
    std::uint64_t value;
};
static_assert(sizeof(Crash) == 280, "trap.S has these offsets");

extern "C" {
[[noreturn]] void report_crash(Crash const& crash);
}

} // namespace kernel::arch
