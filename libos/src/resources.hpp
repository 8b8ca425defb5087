// SPDX-License-Identifier: MIT
/// How the start-up code hands the component's resources to the parts of libos.
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "kernel/abi/error.hpp"

#include <expected>

namespace os {

/// Makes the empty slots, and the scratch addresses, available. Once.
void add_free_slots(abi::SlotRange range);

/// Starts the thread that makes objects and takes the faults of the main thread; from then on the stack
/// grows, and heap pages appear as they are used. Pre: the memory manager has its memory. Ends the component
/// with a report when there is not enough.
void start_pager();

/// Sends the faults of a thread to the pager; the pager's own, before it runs, to the supervisor.
[[nodiscard]] auto set_fault_handler(abi::CPtr tcb) -> std::expected<void, abi::Error>;

} // namespace os
