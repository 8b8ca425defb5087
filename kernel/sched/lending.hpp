// SPDX-License-Identifier: MIT
/// Who runs on whose scheduling context: a call lends the caller's, over any number of calls.
#pragma once

#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"

namespace kernel::lending {

/// `to` goes on with the context that `from` runs on. Pre: `from` is its runner, `to` has not borrowed one.
void lend(Tcb& from, Tcb& to);

/// Returns a borrowed context to its lender; `borrower` has its own again, if there is one. To go on with
/// that it needs an `update`. Pre: `borrower` has a lender, and is the runner.
void give_back(Tcb& borrower);

/// Takes the context back from all to whom it was lent on, one by one: the deeper the calls, the longer it
/// takes. The first of them that has its own goes on with that, and lends it to those after it.
/// Pre: `lender` has a borrower.
void take_back(Tcb& lender);

/// Takes the thread out of the chain that it is in, if any: it has neither lender nor borrower then.
void leave(Tcb& thread);

/// Binds a context to a thread. Pre: neither is bound.
void bind(SchedContext& context, Tcb& thread);
/// Pre: the context is bound.
void unbind(SchedContext& context);

/// The thread may have begun or ceased to be able to run, with what it has.
inline void update(Tcb& thread) {
    if (thread.context != nullptr) {
        Core::update(*thread.context);
    }
}

} // namespace kernel::lending
