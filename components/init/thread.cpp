// SPDX-License-Identifier: MIT
/// The invocations that give a thread what it needs.
#include "components/init/thread.hpp"

#include "base/result.hpp"
#include "generated/object/core_control.hpp"
#include "generated/object/sched_context.hpp"
#include "generated/object/tcb.hpp"
#include "kernel/abi/boot_info.hpp"
#include "os/arch.hpp"

namespace init {

auto prepare(ThreadPlan const& plan) -> Result<> {
    os::object::Tcb const tcb{plan.tcb};
    TRY(naming("giving a thread its spaces", tcb.configure(plan.cspace, plan.vspace, plan.faults)));
    TRY(naming("giving a thread its entry point",
               tcb.write_registers(os::arch::reg::kProgramCounter, 2, false, {plan.entry, plan.stack_top})));
    TRY(naming("giving a thread its argument",
               tcb.write_registers(os::arch::reg::kFirstArgument, 1, false, {plan.argument})));
    os::object::CoreControl const core{abi::init_slot::kFirstCoreControl + plan.core};
    TRY(naming("giving a thread time",
               core.configure(plan.priority, plan.context, plan.budget, plan.period, plan.tcb)));
    return naming("giving a thread time", os::object::SchedContext{plan.context}.bind(plan.tcb));
}

} // namespace init
