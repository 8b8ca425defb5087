// SPDX-License-Identifier: MIT
/// From a Call of a kernel object to the answer in the caller's registers.
#pragma once

#include "kernel/invoke/invocation.hpp"

namespace kernel {

/// Does what the caller asks of the object, which is no endpoint.
[[nodiscard]] auto invoke(Invocation const& invocation) -> Outcome;

/// What `outcome` means for `thread`, which was the current thread: its answer, and what runs next, or null.
[[nodiscard]] auto conclude(Core& core, Tcb& thread, Outcome outcome) -> Tcb*;

/// Both for the current thread, `thread`, and the object in `slot`.
[[nodiscard]] inline auto call_object(Core& core, Tcb& thread, Slot& slot) -> Tcb* {
    return conclude(core, thread, invoke({core, thread, slot, message::tag(thread)}));
}

} // namespace kernel
