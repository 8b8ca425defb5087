// SPDX-License-Identifier: MIT
/// What the supervisor has to know of each architecture's worker.S.
#pragma once

#include "os/arch.hpp"

#include <cstddef>
#include <cstdint>

extern "C" {
extern std::byte const worker_begin; // NOLINT(readability-identifier-naming): symbols of worker.S
extern std::byte const worker_loops; // NOLINT(readability-identifier-naming)
extern std::byte const worker_end;   // NOLINT(readability-identifier-naming)
}

namespace fuzz::worker {

/// The register with the address of the page: x19, s4.
inline constexpr std::uint8_t kPageRegister = os::arch::reg::kFirstArgument + 19;
/// How many undefined system calls, other instructions and loops there are.
inline constexpr std::size_t kUndefined = 10;
inline constexpr std::size_t kOther = 25;
inline constexpr std::size_t kLoops = 16;
inline constexpr std::uint64_t kLoopSize = 16; ///< bytes

} // namespace fuzz::worker
