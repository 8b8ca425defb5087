// SPDX-License-Identifier: MIT
/// Faults: the kernel calls the thread's fault endpoint on its behalf.
#pragma once

#include "kernel/abi/fault.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel {

/// Stops `thread`, which runs, until its fault is answered; for good when it has no handler, or would be one
/// of more than abi::kMaxFaultDepth handlers that wait for one another.
void raise_fault(Tcb& thread, Fault const& fault);

/// Puts the fault of `thread` as a message into the registers of its handler.
void deliver_fault(Tcb const& thread, Tcb& handler, std::uint64_t badge);

/// Nobody will answer the fault of `thread`: it is over, and the thread stopped for good; after a timeout it
/// goes on when it has time. Returns the thread
/// whose call it has to answer, if any: that is to be aborted.
[[nodiscard]] auto end_fault(Tcb& thread) -> Tcb*;

/// What the answer says becomes of the thread: lets it run, or leaves it stopped. Its fault is over.
void answer_fault(Tcb const& handler, Tcb& thread);

} // namespace kernel
