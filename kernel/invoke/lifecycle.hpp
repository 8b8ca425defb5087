// SPDX-License-Identifier: MIT
/// The end of capabilities and objects: delete, revoke, and what each type does when its last capability
/// goes.
///
/// Everything here is preemptible and starts again from the beginning: each step leaves a legal tree, and
/// what was done is done. Nothing recurses: see `take_apart` for how CNodes in CNodes are emptied.
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel::lifecycle {

enum class Progress : bool { Done, Preempted };

/// Empties a slot. The last capability to an object destroys it.
[[nodiscard]] auto delete_slot(Slot& slot) -> Progress;

/// Deletes everything derived from the capability in `slot`. The slot itself may be gone afterwards, when it
/// was in something so derived.
[[nodiscard]] auto revoke(Slot& slot) -> Progress;

/// Restarts the senders that wait with `badge`; none when it is 0. Preempted, it goes on where it was, unless
/// someone else has begun another cancellation meanwhile.
[[nodiscard]] auto cancel_badged_sends(Endpoint& endpoint, std::uint64_t badge) -> Progress;

/// Takes a context from its thread and from its notification, if it has them.
void unbind(SchedContext& context);

/// Stops a thread and takes it out of whatever it waits for.
void suspend(Tcb& thread);
/// Lets a stopped or waiting thread run; what it waited for starts again. A running one is left alone.
void resume(Tcb& thread);

} // namespace kernel::lifecycle
