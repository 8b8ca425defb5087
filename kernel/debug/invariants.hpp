// SPDX-License-Identifier: MIT
/// Checks what must be true of the kernel's objects between system calls. Nothing else relies on this.
#pragma once

#include "kernel/cap/slot.hpp"

#include <cstdint>

namespace kernel::debug {

/// What was found: how much is wrong, and the first thing that is.
struct Findings {
    std::uint64_t violations;
    char const* first; ///< null when nothing is wrong
};

/// Checks every object that this CNode has a capability to, and, of each list of the derivation tree that
/// begins in it, every capability and object. Takes time in proportion to that, times the depth of untyped
/// memory.
[[nodiscard]] auto check_all(Capability cnode) -> Findings;

/// The same for the CSpace of the core's current thread.
[[nodiscard]] auto count_violations() -> std::uint64_t;

} // namespace kernel::debug
