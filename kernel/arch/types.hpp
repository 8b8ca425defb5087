// SPDX-License-Identifier: MIT
/// The small types of the architecture contract, apart from it so that architectures can use them too.
#pragma once

#include <cstdint>

namespace kernel::arch {

enum class Trigger : std::uint8_t { Level = 0, Edge = 1 };

/// How memory is to be mapped.
enum class MemoryKind : std::uint8_t { Normal, Uncached, Device };

/// Kernel addresses of memory, `begin` up to `end`.
struct MemoryRange {
    std::uint64_t begin;
    std::uint64_t end;
};

} // namespace kernel::arch
