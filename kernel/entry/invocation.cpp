// SPDX-License-Identifier: MIT
/// Where entry code arrives that has found out by itself that a call is an invocation.
#include "kernel/arch/contract.hpp"
#include "kernel/entry/resume.hpp"
#include "kernel/invoke/dispatch.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::entry {
namespace {

/// Does the thread go on, in the address space that is active, as if nothing had happened?
auto goes_on(Core const& core, Tcb const& thread) -> bool {
    if (!core.goes_on(thread)) {
        return false;
    }
    auto* const vspace = thread.vspace();
    return vspace != nullptr && arch::Mmu::is_active(vspace->space);
}

} // namespace

extern "C" {
auto enter_invocation(Core& core, Slot& slot, Tcb& thread) -> arch::Registers const*;

/// The current thread, `thread`, calls the object in `slot`, which is no endpoint. Null: it goes on, and all
/// that it is to be told is that the call has succeeded; its registers in the TCB are those of the call.
auto enter_invocation(Core& core, Slot& slot, Tcb& thread) -> arch::Registers const* {
    auto const outcome = invoke({core, thread, slot, message::tag(thread)});
    if (outcome.done() && goes_on(core, thread)) [[likely]] {
        return nullptr;
    }
    return resume(core, conclude(core, thread, outcome));
}
}

} // namespace kernel::entry
