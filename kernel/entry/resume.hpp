// SPDX-License-Identifier: MIT
/// The last step of every entry into the kernel: make the thread that comes next the current one.
#pragma once

#include "kernel/arch/contract.hpp"

namespace kernel::entry {

/// `next` is what an upcall has answered: null to wait for interrupts until there is a thread. Afterwards all
/// of the core's state is that thread's, but for the registers that are returned.
[[nodiscard]] auto resume(Core& core, Tcb* next) -> arch::Registers const*;

} // namespace kernel::entry
