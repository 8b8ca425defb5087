// SPDX-License-Identifier: MIT
/// Send, receive, call and answer. Every function leaves all threads in a legal state, and the caller asks
/// the core what runs next.
#pragma once

#include "kernel/cap/capability.hpp"
#include "kernel/ipc/transfer.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/reply.hpp"
#include "kernel/object/tcb.hpp"

#include <cstdint>

namespace kernel {

enum class Blocking : bool { No, Yes };

/// `sender`, which runs, sends through the endpoint capability `via`, and waits for an answer if it expects
/// one; without anyone to receive the thread waits in the queue, or, not blocking, the message is dropped.
void send(Tcb& sender, Capability via, Message kind, Blocking blocking);

/// `receiver`, which runs, receives through the endpoint capability `via`. A caller that it has not answered
/// is aborted. Not blocking, an empty message says that there was none.
void receive(Tcb& receiver, Capability via, Blocking blocking);

/// `server` answers its caller with its message registers; nothing happens when it has none.
void answer_caller(Tcb& server);

/// The same for the caller that a reply object keeps.
void answer_kept(Tcb& server, Reply& reply);

/// Moves the caller of `server` to `reply`. Pre: there is one, and `reply` keeps none.
void keep_caller(Tcb& server, Reply& reply);

/// Ends the call of `caller`, which waits for a reply or has just left its queue, with `Error::Aborted`. A
/// fault is then one without handler: the thread stops, and those whose calls it has to answer, one after the
/// other, are aborted in turn.
void abort_call(Tcb& caller);

/// `thread` has got a scheduling context of its own, can have its notification's, or has got a notification.
/// It meets whom it could not meet without.
void meet_partner(Tcb& thread);

/// Takes a thread out of whatever it waits for. It is to be stopped or restarted: its program counter is at
/// the system call again, if it was in one; but a call that was received already has ended with
/// `Error::Aborted`. Its state is for the caller of this to set. Nothing happens to a
/// thread that does not wait.
void cancel_wait(Tcb& thread);

/// Restarts a thread that waits in a queue of an object that goes away, or at its sender's wish. A caller is
/// told when `tell_callers` says so.
enum class TellCallers : bool { No, Yes };
void send_home(Tcb& thread, TellCallers tell_callers);

} // namespace kernel
