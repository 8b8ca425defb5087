// SPDX-License-Identifier: MIT
/// Which queue of which object a thread waits in, by its state.
#pragma once

#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel::wait_queue {

/// Puts `thread` into the queue of the endpoint or notification `object` that its state, set before, says: by
/// the priority of its context.
void enter(Tcb& thread, void* object);

/// Takes it out. Pre: it is Receiving, Sending or Waiting.
void leave(Tcb& thread);

/// Its priority has changed: finds its place anew, if it waits.
void reorder(Tcb& thread);

} // namespace kernel::wait_queue
