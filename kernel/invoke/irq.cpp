// SPDX-License-Identifier: MIT
/// The invocations of interrupt lines.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/finalise.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/object/derive.hpp"
#include "kernel/sched/irq_line.hpp"

#include "generated/kernel/irq_control.hpp"
#include "generated/kernel/irq_handler.hpp"

namespace kernel {
namespace {

using abi::ObjectType;
using lifecycle::Progress;

struct GetPlan {
    Slot& control;
    Slot& destination;
    std::uint32_t line;
    arch::Trigger trigger;
};

auto get(Invocation const& invocation, invocation::irq_control::Get const& parameters) -> Decoded<GetPlan> {
    constexpr std::uint64_t kTriggerParameter = 1;
    constexpr std::uint64_t kRootParameter = 4;
    if (parameters.trigger > static_cast<std::uint8_t>(arch::Trigger::Edge)) {
        return refuse(abi::Error::InvalidArgument, kTriggerParameter);
    }
    if (!IrqLine::available(parameters.irq)) {
        return out_of_range(0, arch::Interrupts::kLineCount - 1);
    }
    if (IrqLine::by_number(parameters.irq).issued) {
        return refuse(abi::Error::RevokeFirst);
    }
    auto const* const root =
        TRY(find_argument(invocation, parameters.root, kRootParameter, ObjectType::CNode));
    auto* const destination = TRY(find_empty_slot(root->capability(), parameters.index, parameters.depth));
    return GetPlan{invocation.slot, *destination, parameters.irq,
                   static_cast<arch::Trigger>(parameters.trigger)};
}

auto commit(GetPlan const& plan) noexcept -> Completion {
    if (IrqLine::route(plan.line, 0)) {
        arch::Interrupts::configure(plan.line, plan.trigger);
    }
    IrqLine::by_number(plan.line).issued = true;
    derivation::insert_derived(
        plan.control, plan.destination,
        Capability::of(ObjectType::IrqHandler, std::uint64_t{plan.line} << Capability::kTagBits));
    return Completion::Done;
}

auto line_number(Invocation const& invocation) -> std::uint32_t {
    return static_cast<std::uint32_t>(invocation.capability().number());
}

auto set_notification(Invocation const& invocation,
                      invocation::irq_handler::SetNotification const& parameters) -> Outcome {
    auto* const source = TRY(find_argument(invocation, parameters.notification, 1, ObjectType::Notification));
    if (!source->capability().has_ipc_rights(abi::rights::kWrite)) {
        return refuse(abi::Error::IllegalOperation);
    }
    auto& line = IrqLine::by_number(line_number(invocation));
    auto const copy = source->capability();
    // The old one may be the last capability to the same notification only if the source is not one.
    if (lifecycle::detach_notification(line) == Progress::Preempted) {
        return Completion::Preempted;
    }
    derive::insert_copy(*source, line.notification, copy);
    IrqLine::set_masked(line_number(invocation), false);
    return Completion::Done;
}

auto clear(Invocation const& invocation) -> Outcome {
    auto& line = IrqLine::by_number(line_number(invocation));
    IrqLine::set_masked(line_number(invocation), true);
    return lifecycle::detach_notification(line) == Progress::Preempted ? Completion::Preempted
                                                                       : Completion::Done;
}

/// A line that signals nobody stays masked: `set_notification` unmasks it.
auto acknowledge(Invocation const& invocation) -> Outcome {
    if (!IrqLine::by_number(line_number(invocation)).notification.empty()) {
        IrqLine::set_masked(line_number(invocation), false);
    }
    return Completion::Done;
}

auto set_core(Invocation const& invocation, invocation::irq_handler::SetCore const& parameters) -> Outcome {
    auto const* const slot = TRY(find_argument(invocation, parameters.core, 1, ObjectType::CoreControl));
    if (!IrqLine::route(line_number(invocation), CoreControlView{slot->capability()}.core())) {
        return refuse(abi::Error::IllegalOperation);
    }
    return Completion::Done;
}

} // namespace

auto invoke_irq_control(Invocation const& invocation) -> Outcome {
    namespace method = invocation::irq_control;
    switch (invocation.tag.label()) {
    case method::Get::kLabel: return perform<method::Get>(invocation, get);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

auto invoke_irq_handler(Invocation const& invocation) -> Outcome {
    namespace method = invocation::irq_handler;
    switch (invocation.tag.label()) {
    case method::Acknowledge::kLabel: return acknowledge(invocation);
    case method::SetNotification::kLabel:
        return perform<method::SetNotification>(invocation, set_notification);
    case method::Clear::kLabel: return clear(invocation);
    case method::SetCore::kLabel: return perform<method::SetCore>(invocation, set_core);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
