// SPDX-License-Identifier: MIT
/// What runs below the kernel, or around it (firmware.S). Safe to call when there is nothing.
#pragma once

#include <cstdint>

namespace kernel::arch {

extern "C" {
/// A PSCI function. Answers what the firmware answers, -1 if there is none.
auto call_firmware(std::uint64_t function, std::uint64_t first = 0, std::uint64_t second = 0,
                   std::uint64_t third = 0) -> std::int64_t;
/// A semihosting operation. Answers -1 if no debugger or emulator listens.
auto call_semihosting(std::uint64_t operation, void const* parameters) -> std::int64_t;
}

} // namespace kernel::arch
