// SPDX-License-Identifier: MIT
/// The invocations of scheduling contexts, of core controls and of reply objects.
#include "base/result.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/wait_queue.hpp"
#include "kernel/sched/irq_line.hpp"
#include "kernel/sched/lending.hpp"

#include "generated/kernel/core_control.hpp"
#include "generated/kernel/reply.hpp"
#include "generated/kernel/sched_context.hpp"

#include <algorithm>
#include <utility>

namespace kernel {
namespace {

using abi::ObjectType;

auto context_of(Invocation const& invocation) -> SchedContext& {
    return invocation.capability().object<SchedContext>();
}

auto bind(Invocation const& invocation, invocation::sched_context::Bind const& parameters) -> Outcome {
    auto const* const slot = TRY(find_argument(invocation, parameters.thread, 1, ObjectType::Tcb));
    auto& context = context_of(invocation);
    auto& thread = slot->capability().object<Tcb>();
    if (context.owner != nullptr || context.home != nullptr || thread.own != nullptr) {
        return refuse(abi::Error::IllegalOperation);
    }
    lending::bind(context, thread);
    meet_partner(thread);
    return Completion::Done;
}

auto bind_notification(Invocation const& invocation,
                       invocation::sched_context::BindNotification const& parameters) -> Outcome {
    auto const* const slot =
        TRY(find_argument(invocation, parameters.notification, 1, ObjectType::Notification));
    auto& context = context_of(invocation);
    auto& notification = slot->capability().object<Notification>();
    if (context.owner != nullptr || context.home != nullptr || notification.context != nullptr) {
        return refuse(abi::Error::IllegalOperation);
    }
    context.home = &notification;
    notification.context = &context;
    if (notification.bound != nullptr) {
        meet_partner(*notification.bound);
    }
    return Completion::Done;
}

auto unbind(Invocation const& invocation) -> Outcome {
    lifecycle::unbind(context_of(invocation));
    return Completion::Done;
}

auto consumed(Invocation const& invocation) -> Outcome {
    auto& context = context_of(invocation);
    Core::settle(context);
    return invocation.answer(
        invocation::sched_context::ConsumedResult{.ticks = std::exchange(context.consumed, 0)});
}

struct ConfigurePlan {
    SchedContext& context;
    std::size_t core;
    invocation::core_control::Configure parameters;
};

auto configure(Invocation const& invocation, invocation::core_control::Configure const& parameters)
    -> Decoded<ConfigurePlan> {
    constexpr std::uint64_t kContextParameter = 2;
    CoreControlView const control{invocation.capability()};
    auto const* const slot =
        TRY(find_argument(invocation, parameters.context, kContextParameter, ObjectType::SchedContext));
    if (parameters.priority > control.max_priority()) {
        return out_of_range(0, control.max_priority());
    }
    auto const period = parameters.period == 0 ? Refusal::kLargest : parameters.period;
    if (period > Refusal::kLargest) {
        return out_of_range(0, Refusal::kLargest);
    }
    if (parameters.budget == 0 || parameters.budget > period) {
        return out_of_range(1, period);
    }
    return ConfigurePlan{slot->capability().object<SchedContext>(), control.core(), parameters};
}

/// The budget begins anew: who may configure could give a second context just as well.
auto commit(ConfigurePlan const& plan) noexcept -> Completion {
    auto& context = plan.context;
    Core::forget(context);
    context.priority = plan.parameters.priority;
    context.core = static_cast<std::uint8_t>(plan.core);
    context.budget = plan.parameters.budget;
    context.remaining = plan.parameters.budget;
    context.period = plan.parameters.period;
    context.replenish_at = context.period == 0 ? 0 : arch::Time::now() + context.period;
    context.badge = plan.parameters.badge;
    Core::update(context);
    if (context.runner != nullptr && context.runner->context == &context) {
        wait_queue::reorder(*context.runner);
    }
    return Completion::Done;
}

auto set_alarm(Invocation const& invocation, invocation::core_control::SetAlarm const& parameters)
    -> Outcome {
    CoreControlView const control{invocation.capability()};
    if ((control.rights() & abi::rights::kWrite) == 0) {
        return refuse(abi::Error::IllegalOperation);
    }
    Core::by_number(control.core()).set_alarm(parameters.deadline);
    return Completion::Done;
}

auto info(Invocation const& invocation) -> Outcome {
    CoreControlView const control{invocation.capability()};
    return invocation.answer(invocation::core_control::InfoResult{
        .core = static_cast<std::uint8_t>(control.core()),
        .max_priority = control.max_priority(),
        .alarm_irq = IrqLine::alarm_of(control.core()),
    });
}

auto save(Invocation const& invocation) -> Outcome {
    auto& reply = invocation.capability().object<Reply>();
    if (reply.caller != nullptr) {
        return refuse(abi::Error::DeleteFirst);
    }
    if (invocation.caller.caller != nullptr) {
        keep_caller(invocation.caller, reply);
    }
    return Completion::Done;
}

auto abort(Invocation const& invocation) -> Outcome {
    auto& reply = invocation.capability().object<Reply>();
    if (reply.caller != nullptr) {
        abort_call(*reply.caller);
    }
    return Completion::Done;
}

} // namespace

auto invoke_sched_context(Invocation const& invocation) -> Outcome {
    namespace method = invocation::sched_context;
    switch (invocation.tag.label()) {
    case method::Bind::kLabel: return perform<method::Bind>(invocation, bind);
    case method::BindNotification::kLabel:
        return perform<method::BindNotification>(invocation, bind_notification);
    case method::Unbind::kLabel: return unbind(invocation);
    case method::Consumed::kLabel: return consumed(invocation);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

auto invoke_core_control(Invocation const& invocation) -> Outcome {
    namespace method = invocation::core_control;
    switch (invocation.tag.label()) {
    case method::Configure::kLabel: return perform<method::Configure>(invocation, configure);
    case method::SetAlarm::kLabel: return perform<method::SetAlarm>(invocation, set_alarm);
    case method::Info::kLabel: return info(invocation);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

auto invoke_reply(Invocation const& invocation) -> Outcome {
    switch (invocation.tag.label()) {
    case invocation::reply::Save::kLabel: return save(invocation);
    case invocation::reply::Abort::kLabel: return abort(invocation);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
