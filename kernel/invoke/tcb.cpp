// SPDX-License-Identifier: MIT
/// The invocations of threads.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/object/derive.hpp"

#include "generated/kernel/tcb.hpp"

#include <algorithm>

namespace kernel {
namespace {

using abi::ObjectType;
using arch::Registers;
using lifecycle::Progress;
namespace method = invocation::tcb;

auto thread_of(Invocation const& invocation) -> Tcb& { return invocation.capability().object<Tcb>(); }

/// A slot of the TCB and what it is to hold a copy of; no source: nothing.
struct Space {
    Tcb::SlotIndex index;
    Slot* source;
    Capability copy;
};
struct ConfigurePlan {
    Slot const& slot; ///< of the thread's capability
    std::array<Space, Tcb::kSlotCount> spaces;
};

auto decode_space(Invocation const& invocation, Tcb::SlotIndex index, abi::CPtr pointer, ObjectType type)
    -> Decoded<Space> {
    auto* const source = TRY(find_argument(invocation, pointer, index + 1, type));
    auto const copy = derive::copy_of(*source, abi::rights::kAll);
    if (!copy) {
        return refuse(copy.error());
    }
    return Space{index, source, *copy};
}

auto decode_configure(Invocation const& invocation) -> Decoded<ConfigurePlan> {
    auto const parameters = TRY(invocation.parameters<method::Configure>());
    auto const cspace = TRY(decode_space(invocation, Tcb::kCSpace, parameters.cspace, ObjectType::CNode));
    auto const vspace = TRY(decode_space(invocation, Tcb::kVSpace, parameters.vspace, ObjectType::VSpace));
    Space handler{Tcb::kFaultEndpoint, nullptr, {}};
    if (parameters.fault_endpoint != abi::kNullCPtr) {
        handler = TRY(
            decode_space(invocation, Tcb::kFaultEndpoint, parameters.fault_endpoint, ObjectType::Endpoint));
    }
    return ConfigurePlan{invocation.slot, {cspace, vspace, handler}};
}

/// Emptying the slots may delete what the new capabilities come from: then those stay empty. It may delete the
/// invoked capability, and with it the thread: then there is nothing left to configure.
auto commit(ConfigurePlan const& plan) noexcept -> Completion {
    auto const capability = plan.slot.capability();
    for (auto const& space : plan.spaces) {
        auto& slot = capability.object<Tcb>().slots[space.index];
        auto const same = space.source != nullptr && slot.capability() == space.copy;
        if (same) {
            continue;
        }
        if (lifecycle::delete_slot(slot) == Progress::Preempted) {
            return Completion::Preempted;
        }
        if (plan.slot.capability() != capability) {
            return Completion::Done;
        }
        if (space.source != nullptr && derivation::same_object(space.source->capability(), space.copy)) {
            derive::insert_copy(*space.source, slot, space.copy);
        }
    }
    return Completion::Done;
}

auto bind_notification(Invocation const& invocation) -> Outcome {
    auto const parameters = TRY(invocation.parameters<method::BindNotification>());
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

auto set_receive_slot(Invocation const& invocation) -> Outcome {
    auto const parameters = TRY(invocation.parameters<method::SetReceiveSlot>());
    if (parameters.root != abi::kNullCPtr) {
        TRY(check_depth(parameters.depth));
    }
    auto& thread = thread_of(invocation);
    thread.receive_root = parameters.root;
    thread.receive_index = parameters.index;
    thread.receive_depth = parameters.depth;
    return Completion::Done;
}

auto set_flags(Invocation const& invocation) -> Outcome {
    constexpr std::uint64_t kFpDisabled = 1U << 0U;
    auto const parameters = TRY(invocation.parameters<method::SetFlags>());
    auto& thread = thread_of(invocation);
    auto const old = thread.fp_disabled ? kFpDisabled : 0;
    auto const flags = ((old & ~parameters.clear) | parameters.set) & kFpDisabled;
    thread.fp_disabled = flags != 0;
    // An owner would go on using the unit without a trap.
    auto& core = invocation.core;
    if (thread.fp_disabled && core.fp_owner() == &thread) {
        arch::FloatingPoint::save(thread.floating_point);
        arch::FloatingPoint::disable();
        core.set_fp_owner(nullptr);
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

auto read_registers(Invocation const& invocation) -> Outcome {
    auto const parameters = TRY(invocation.parameters<method::ReadRegisters>());
    method::ReadRegistersResult result{};
    auto const count = TRY(check_registers(parameters.first, parameters.count, result.values.size()));
    auto const& values = thread_of(invocation).registers.values;
    for (std::size_t index = 0; index < count; ++index) {
        result.values[index] = values[parameters.first + index];
    }
    return invocation.answer(result);
}

/// A wait is given up first: that moves the program counter, which may be one of the registers.
auto write_registers(Invocation const& invocation) -> Outcome {
    auto const parameters = TRY(invocation.parameters<method::WriteRegisters>());
    auto& thread = thread_of(invocation);
    auto const count = TRY(check_registers(parameters.first, parameters.count, parameters.values.size()));
    if (&thread == &invocation.caller) {
        return refuse(abi::Error::IllegalOperation);
    }
    if (parameters.resume) {
        lifecycle::resume(thread);
    }
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

auto set_tls(Invocation const& invocation) -> Outcome {
    auto& thread = thread_of(invocation);
    thread.tls = TRY(invocation.parameters<method::SetTls>()).base;
    // Other threads find theirs when they are switched to.
    if (&thread == &invocation.caller) {
        arch::Cpu::set_thread_local_base(thread.tls);
    }
    return Completion::Done;
}

} // namespace

auto invoke_tcb(Invocation const& invocation) -> Outcome {
    switch (invocation.tag.label()) {
    case method::Configure::kLabel: return commit(TRY(decode_configure(invocation)));
    case method::BindNotification::kLabel: return bind_notification(invocation);
    case method::UnbindNotification::kLabel: return unbind_notification(invocation);
    case method::SetReceiveSlot::kLabel: return set_receive_slot(invocation);
    case method::SetTls::kLabel: return set_tls(invocation);
    case method::SetFlags::kLabel: return set_flags(invocation);
    case method::Suspend::kLabel: return suspend(invocation);
    case method::Resume::kLabel: return resume(invocation);
    case method::ReadRegisters::kLabel: return read_registers(invocation);
    case method::WriteRegisters::kLabel: return write_registers(invocation);
    case method::State::kLabel: return state(invocation);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
