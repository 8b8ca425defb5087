// SPDX-License-Identifier: MIT
/// Signals: who is woken by one, who finds one, and on what time it goes on. Every function leaves all
/// threads in a legal state, and the caller asks the core what runs next.
#pragma once

#include "kernel/ipc/rendezvous.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel {

/// Sets bits of a notification: wakes a waiter, or the bound thread.
void signal(Notification& notification, std::uint64_t badge);

/// `thread`, which runs, waits for a signal.
void wait(Tcb& thread, Notification& notification, Blocking blocking);

/// Is there a signal for the bound thread, `thread`, and time to hear it: its own, or the notification's?
/// Otherwise the signal is kept until there is.
[[nodiscard]] auto is_signal_for(Tcb const& thread, Notification const& notification) -> bool;

/// `thread`, which runs, takes the signal that is there, with the time that the notification has to lend.
void take_signal(Tcb& thread, Notification& notification);

/// The same for the bound thread, which receives.
void wake_bound(Notification& notification);

/// `thread` has nothing to do until the next signal: what it was lent for the last one goes back.
void return_to_home(Tcb& thread, Notification const& notification);

} // namespace kernel
