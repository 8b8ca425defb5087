// SPDX-License-Identifier: MIT
#include "kernel/invoke/finalise.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/vspace.hpp"
#include "kernel/sched/core.hpp"
#include "kernel/sched/irq_line.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel::lifecycle {
namespace {

using abi::ObjectType;

constexpr End kGone{Progress::Done, {}};

/// Sends home everyone in a queue.
auto drain(ThreadQueue& queue) -> Progress {
    while (!queue.empty()) {
        send_home(*queue.front(), TellCallers::Yes);
        if (!queue.empty() && arch::Interrupts::pending()) {
            return Progress::Preempted;
        }
    }
    return Progress::Done;
}

auto end_endpoint(Endpoint& endpoint) -> Progress {
    for (auto* queue : {&endpoint.callers, &endpoint.senders, &endpoint.receivers}) {
        if (drain(*queue) == Progress::Preempted) {
            return Progress::Preempted;
        }
    }
    return Progress::Done;
}

auto end_notification(Notification& notification) -> Progress {
    if (notification.bound != nullptr) {
        notification.bound->bound_notification = nullptr;
    }
    notification.bound = nullptr;
    if (notification.context != nullptr) {
        notification.context->home = nullptr;
        notification.context = nullptr;
    }
    return drain(notification.waiters);
}

/// The thread stops for good and is in nobody's way any more; its slots are left.
auto end_thread(Tcb& thread) -> Capability {
    suspend(thread);
    if (thread.caller != nullptr) {
        abort_call(*thread.caller);
    }
    lending::leave(thread);
    if (thread.own != nullptr) {
        auto const* const home = thread.own->home;
        lending::unbind(*thread.own);
        if (home != nullptr && home->bound != nullptr) {
            meet_partner(*home->bound);
        }
    }
    if (thread.bound_notification != nullptr) {
        thread.bound_notification->bound = nullptr;
        thread.bound_notification = nullptr;
    }
    for (std::size_t number = 0; number < Core::kMax; ++number) {
        auto& core = Core::by_number(number);
        if (core.fp_owner() == &thread) {
            core.set_fp_owner(nullptr);
        }
        if (core.current() == &thread) {
            core.set_current(nullptr);
        }
    }
    return ZombieView::make(reinterpret_cast<std::uint64_t>(thread.slots.data()), Tcb::kSlotCount);
}

auto finalise_last(Slot& slot) -> End {
    auto const capability = slot.capability();
    switch (capability.type()) {
    case ObjectType::Endpoint: return {end_endpoint(capability.object<Endpoint>()), {}};
    case ObjectType::Notification: return {end_notification(capability.object<Notification>()), {}};
    case ObjectType::Reply:
        if (auto* const caller = capability.object<Reply>().caller; caller != nullptr) {
            abort_call(*caller);
        }
        return kGone;
    case ObjectType::SchedContext:
        unbind(capability.object<SchedContext>());
        Core::forget(capability.object<SchedContext>());
        return kGone;
    case ObjectType::Tcb: return {Progress::Done, end_thread(capability.object<Tcb>())};
    case ObjectType::CNode:
        return {Progress::Done, ZombieView::make(capability.address(), CNodeView{capability}.slot_count())};
    case ObjectType::VSpace: vspace::destroy(capability.object<VSpace>()); return kGone;
    case ObjectType::PageTable: vspace::unmap_table(capability); return kGone;
    case ObjectType::IrqHandler: {
        auto& line = IrqLine::by_number(capability.number());
        if (detach_notification(line) == Progress::Preempted) {
            return {Progress::Preempted, {}};
        }
        IrqLine::set_masked(static_cast<std::uint32_t>(capability.number()), true);
        line.issued = false;
        return kGone;
    }
    default: return kGone;
    }
}

} // namespace

void unbind(SchedContext& context) {
    if (context.owner != nullptr) {
        lending::unbind(context);
    }
    if (context.home != nullptr) {
        context.home->context = nullptr;
        context.home = nullptr;
    }
}

auto detach_notification(IrqLine& line) -> Progress {
    auto& slot = line.notification;
    if (slot.empty()) {
        return Progress::Done;
    }
    if (derivation::is_final(slot) &&
        end_notification(slot.capability().object<Notification>()) == Progress::Preempted) {
        return Progress::Preempted;
    }
    derivation::remove(slot);
    return Progress::Done;
}

auto finalise(Slot& slot) -> End {
    auto const capability = slot.capability();
    if (capability.is(ObjectType::Frame)) {
        vspace::unmap_frame(FrameView{capability});
        return kGone;
    }
    if (capability.is(ObjectType::VSpace)) {
        // It may be a thread's, which is to lose the address space at once, on whatever core it runs. No
        // other core has it active: who runs in it has a capability of its own, and a core that is idle, or
        // waits for the kernel, has activated none before it lets others in.
        Core::hold_user_of(slot);
    }
    return derivation::is_final(slot) ? finalise_last(slot) : kGone;
}

} // namespace kernel::lifecycle
