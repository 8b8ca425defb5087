// SPDX-License-Identifier: MIT
/// The invocations of threads.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/object/derive.hpp"
#include "kernel/object/notification.hpp"

#include "generated/kernel/tcb.hpp"

#include <algorithm>

namespace kernel {
namespace {

using abi::ObjectType;
using arch::Registers;
using lifecycle::Progress;
namespace method = invocation::tcb;

auto thread_of(Invocation const& invocation) -> Tcb& { return invocation.capability().object<Tcb>(); }

/// What some slots of the TCB are to hold copies of; null: nothing.
struct ConfigurePlan {
    Slot const& slot; ///< of the capability of the thread
    std::size_t first;
    std::size_t end;
    std::array<Slot*, 3> sources; ///< of the slots `first` up to `end`
};

/// The endpoint that an argument names; null: none.
auto find_endpoint(Invocation const& invocation, abi::CPtr pointer, std::uint64_t position)
    -> Decoded<Slot*> {
    if (pointer == abi::kNullCPtr) {
        return nullptr;
    }
    return find_argument(invocation, pointer, position, ObjectType::Endpoint);
}

auto configure(Invocation const& invocation, method::Configure const& parameters) -> Decoded<ConfigurePlan> {
    // Capabilities of these types can always be copied.
    auto* const cspace = TRY(find_argument(invocation, parameters.cspace, 1, ObjectType::CNode));
    auto* const vspace = TRY(find_argument(invocation, parameters.vspace, 2, ObjectType::VSpace));
    auto* const handler = TRY(find_endpoint(invocation, parameters.fault_endpoint, 3));
    return ConfigurePlan{invocation.slot, Tcb::kCSpace, Tcb::kFaultEndpoint + 1, {cspace, vspace, handler}};
}

auto set_timeout_endpoint(Invocation const& invocation, method::SetTimeoutEndpoint const& parameters)
    -> Decoded<ConfigurePlan> {
    auto* const handler = TRY(find_endpoint(invocation, parameters.endpoint, 1));
    return ConfigurePlan{invocation.slot, Tcb::kTimeoutEndpoint, Tcb::kSlotCount, {handler}};
}

/// Emptying the slots may delete what the new capabilities come from: then those stay empty. It may delete
/// the invoked capability, and with it the thread: then there is nothing left to configure. Begun again, it
/// finds in place what it has done.
auto commit(ConfigurePlan const& plan) noexcept -> Completion {
    constexpr std::array kTypes{ObjectType::CNode, ObjectType::VSpace, ObjectType::Endpoint,
                                ObjectType::Endpoint};
    auto const capability = plan.slot.capability();
    Core::hold(capability.object<Tcb>());
    for (auto index = plan.first; index < plan.end; ++index) {
        auto& slot = capability.object<Tcb>().slots[index];
        auto* const source = plan.sources[index - plan.first];
        if (!slot.empty()) {
            if (source != nullptr && slot.capability() == source->capability()) {
                continue;
            }
            if (lifecycle::delete_slot(slot) == Progress::Preempted) {
                return Completion::Preempted;
            }
            if (plan.slot.capability() != capability) {
                return Completion::Done;
            }
        }
        if (source != nullptr && source->capability().type() == kTypes[index]) {
            derive::insert_copy(*source, slot, source->capability());
        }
    }
    return Completion::Done;
}

auto bind_notification(Invocation const& invocation, method::BindNotification const& parameters) -> Outcome {
    auto const* const slot =
        TRY(find_argument(invocation, parameters.notification, 1, ObjectType::Notification));
    auto& thread = thread_of(invocation);
    auto& notification = slot->capability().object<Notification>();
    // Who is bound receives: that takes the right to.
    if (!slot->capability().has_ipc_rights(abi::rights::kRead) || thread.bound_notification != nullptr ||
        notification.bound != nullptr || !notification.waiters.empty()) {
        return refuse(abi::Error::IllegalOperation);
    }
    thread.bound_notification = &notification;
    notification.bound = &thread;
    meet_partner(thread);
    return Completion::Done;
}

auto unbind_notification(Invocation const& invocation) -> Outcome {
    auto& thread = thread_of(invocation);
    if (thread.bound_notification != nullptr) {
        thread.bound_notification->bound = nullptr;
    }
    thread.bound_notification = nullptr;
    return Completion::Done;
}

auto set_receive_slot(Invocation const& invocation, method::SetReceiveSlot const& parameters) -> Outcome {
    if (parameters.root != abi::kNullCPtr) {
        (void)TRY(check_depth(parameters.depth));
    }
    auto& thread = thread_of(invocation);
    thread.receive_root = parameters.root;
    thread.receive_index = parameters.index;
    thread.receive_depth = parameters.depth;
    return Completion::Done;
}

auto set_flags(Invocation const& invocation, method::SetFlags const& parameters) -> Outcome {
    constexpr std::uint64_t kFpDisabled = 1U << 0U;
    auto& thread = thread_of(invocation);
    auto const old = thread.fp_disabled ? kFpDisabled : 0;
    auto const flags = ((old & ~parameters.clear) | parameters.set) & kFpDisabled;
    thread.fp_disabled = flags != 0;
    // An owner would go on using the unit without a trap.
    auto* const holder = thread.fp_disabled ? Core::with_fp_of(thread) : nullptr;
    if (holder != nullptr) {
        Core::hold(thread);
        holder->call_for_fp();
    }
    return invocation.answer(method::SetFlagsResult{.flags = flags});
}

auto suspend(Invocation const& invocation) -> Outcome {
    lifecycle::suspend(thread_of(invocation));
    return Completion::Done;
}

auto resume(Invocation const& invocation) -> Outcome {
    lifecycle::resume(thread_of(invocation));
    return Completion::Done;
}

/// Registers `[first, first + count)` exist, and `count` is at least 1 and at most `most`.
auto check_registers(std::size_t first, std::size_t count, std::size_t most) -> Decoded<std::size_t> {
    if (first >= Registers::kCount) {
        return out_of_range(0, Registers::kCount - 1);
    }
    auto const largest = std::min(most, Registers::kCount - first);
    if (count < 1 || count > largest) {
        return out_of_range(1, largest);
    }
    return count;
}

auto read_registers(Invocation const& invocation, method::ReadRegisters const& parameters) -> Outcome {
    method::ReadRegistersResult result{};
    auto const count = TRY(check_registers(parameters.first, parameters.count, result.values.size()));
    auto& thread = thread_of(invocation);
    Core::hold(thread);
    thread.complete_frame();
    auto const& values = thread.registers.values;
    for (std::size_t index = 0; index < count; ++index) {
        result.values[index] = values[parameters.first + index];
    }
    return invocation.answer(result);
}

/// A wait is given up first: that moves the program counter, which may be one of the registers.
auto write_registers(Invocation const& invocation, method::WriteRegisters const& parameters) -> Outcome {
    auto& thread = thread_of(invocation);
    auto const count = TRY(check_registers(parameters.first, parameters.count, parameters.values.size()));
    if (&thread == &invocation.caller) {
        return refuse(abi::Error::IllegalOperation);
    }
    Core::hold(thread);
    if (parameters.resume) {
        lifecycle::resume(thread);
    }
    thread.complete_frame();
    for (std::size_t index = 0; index < count; ++index) {
        auto const number = parameters.first + index;
        thread.registers.values[number] = Registers::sanitized(number, parameters.values[index]);
    }
    return Completion::Done;
}

auto state(Invocation const& invocation) -> Outcome {
    constexpr std::uint8_t kWithoutTime = 7;
    auto const& thread = thread_of(invocation);
    auto const* const context = thread.context;
    auto const starved =
        thread.state == ThreadState::Running && (context == nullptr || context->remaining == 0);
    return invocation.answer(method::StateResult{
        .state = starved ? kWithoutTime : static_cast<std::uint8_t>(thread.state),
        .priority = context == nullptr ? std::uint8_t{0} : context->priority,
        .core = context == nullptr ? std::uint8_t{0} : context->core,
    });
}

auto set_tls(Invocation const& invocation, method::SetTls const& parameters) -> Outcome {
    auto& thread = thread_of(invocation);
    Core::hold(thread);
    thread.tls = parameters.base;
    // Other threads find theirs when they are switched to.
    if (&thread == &invocation.caller) {
        arch::Cpu::set_thread_local_base(thread.tls);
    }
    return Completion::Done;
}

} // namespace

auto invoke_tcb(Invocation const& invocation) -> Outcome {
    switch (invocation.tag.label()) {
    case method::Configure::kLabel: return perform<method::Configure>(invocation, configure);
    case method::BindNotification::kLabel:
        return perform<method::BindNotification>(invocation, bind_notification);
    case method::UnbindNotification::kLabel: return unbind_notification(invocation);
    case method::SetReceiveSlot::kLabel: return perform<method::SetReceiveSlot>(invocation, set_receive_slot);
    case method::SetTls::kLabel: return perform<method::SetTls>(invocation, set_tls);
    case method::SetFlags::kLabel: return perform<method::SetFlags>(invocation, set_flags);
    case method::Suspend::kLabel: return suspend(invocation);
    case method::Resume::kLabel: return resume(invocation);
    case method::ReadRegisters::kLabel: return perform<method::ReadRegisters>(invocation, read_registers);
    case method::WriteRegisters::kLabel: return perform<method::WriteRegisters>(invocation, write_registers);
    case method::State::kLabel: return state(invocation);
    case method::SetTimeoutEndpoint::kLabel:
        return perform<method::SetTimeoutEndpoint>(invocation, set_timeout_endpoint);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
