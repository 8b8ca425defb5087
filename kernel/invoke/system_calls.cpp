// SPDX-License-Identifier: MIT
/// The system calls: each finds its capability, does what the capability's type and rights allow, and says
/// what runs next.
#include "base/assert.hpp"
#include "kernel/abi/syscall.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel {
namespace {

using abi::ObjectType;

enum class Receiving : std::uint8_t { No = 0, Yes = 1 };

/// The system call has no capability to work with. It is made again when the handler answers.
void raise_capability_fault(Tcb& thread, abi::CPtr pointer, Receiving receiving) {
    thread.registers.rewind_system_call();
    raise_fault(thread, {abi::FaultKind::Capability, {pointer, static_cast<std::uint64_t>(receiving), 0}});
}

auto invoke(Invocation const& invocation) -> Outcome {
    auto const capability = invocation.capability();
    if (invocation.tag.label() >> 8U != static_cast<std::uint64_t>(capability.type())) {
        return refuse(abi::Error::IllegalOperation);
    }
    switch (capability.type()) {
    case ObjectType::Untyped: return invoke_untyped(invocation);
    case ObjectType::CNode: return invoke_cnode(invocation);
    case ObjectType::Tcb: return invoke_tcb(invocation);
    case ObjectType::SchedContext: return invoke_sched_context(invocation);
    case ObjectType::Reply: return invoke_reply(invocation);
    case ObjectType::VSpace: return invoke_vspace(invocation);
    case ObjectType::PageTable: return invoke_page_table(invocation);
    case ObjectType::Frame: return invoke_frame(invocation);
    case ObjectType::IrqControl: return invoke_irq_control(invocation);
    case ObjectType::IrqHandler: return invoke_irq_handler(invocation);
    case ObjectType::CoreControl: return invoke_core_control(invocation);
    case ObjectType::DebugConsole: return invoke_debug_console(invocation);
    case ObjectType::Null:
    case ObjectType::Endpoint:
    case ObjectType::Notification: break;
    }
    return refuse(abi::Error::IllegalOperation);
}

void answer(Tcb& caller, Refusal refusal) {
    message::set_header(caller, 0,
                        {static_cast<std::uint64_t>(refusal.error()), 2, abi::MessageTag::kKernel});
    message::set_words(caller, refusal.words());
}

/// An invocation from the caller's registers to its answer there.
auto call_object(Core& core, Tcb& thread, Slot& slot) -> Tcb* {
    auto const outcome = invoke({core, thread, slot, message::tag(thread)});
    if (core.current() == nullptr) {
        return core.choose();
    } // the thread ended itself
    if (!outcome) {
        answer(thread, outcome.error());
    } else if (*outcome == Completion::Done) {
        message::set_error(thread, abi::Error::None);
    } else if (*outcome == Completion::Preempted) {
        thread.registers.rewind_system_call();
        return handle_interrupt(core);
    }
    return core.choose();
}

auto call(Core& core, Tcb& thread) -> Tcb* {
    auto* const slot = cspace::lookup(thread.cspace(), message::capability(thread));
    if (slot == nullptr || slot->capability().type() == ObjectType::Null) {
        message::set_error(thread, abi::Error::InvalidCapability);
        return core.choose();
    }
    auto const capability = slot->capability();
    if (!capability.is_endpoint()) {
        return call_object(core, thread, *slot);
    }
    constexpr std::uint8_t kAnswer = abi::rights::kGrant | abi::rights::kGrantReply;
    if (!capability.has_ipc_rights(abi::rights::kWrite) || (capability.ipc_rights() & kAnswer) == 0) {
        message::set_error(thread, abi::Error::IllegalOperation);
    } else {
        send(thread, capability, Message::Call, Blocking::Yes);
    }
    return core.choose();
}

void send_one_way(Tcb& thread, Blocking blocking) {
    auto const pointer = message::capability(thread);
    auto* const slot = cspace::lookup(thread.cspace(), pointer);
    auto const capability = slot == nullptr ? Capability{} : slot->capability();
    switch (capability.type()) {
    case ObjectType::Endpoint:
        if (capability.has_ipc_rights(abi::rights::kWrite)) {
            send(thread, capability, Message::OneWay, blocking);
        }
        return;
    case ObjectType::Notification:
        if (capability.has_ipc_rights(abi::rights::kWrite)) {
            signal(capability.object<Notification>(), capability.badge());
        }
        return;
    case ObjectType::Reply:
        answer_kept(thread, capability.object<Reply>());
        lending::update(thread);
        return;
    default:
        if (blocking == Blocking::Yes) {
            raise_capability_fault(thread, pointer, Receiving::No);
        }
    }
}

/// What can be received on: an endpoint or notification with the read right; null otherwise.
auto receivable(Tcb const& thread, abi::CPtr pointer) -> Capability {
    auto* const slot = cspace::lookup(thread.cspace(), pointer);
    if (slot == nullptr) {
        return {};
    }
    auto const capability = slot->capability();
    auto const right_kind = capability.is_endpoint() || capability.is_notification();
    return right_kind && capability.has_ipc_rights(abi::rights::kRead) ? capability : Capability{};
}

void receive_from(Tcb& thread, Capability capability, Blocking blocking) {
    if (capability.is_endpoint()) {
        receive(thread, capability, blocking);
    } else {
        wait(thread, capability.object<Notification>(), blocking);
    }
}

void receive_on(Tcb& thread, abi::CPtr pointer, Blocking blocking) {
    auto const capability = receivable(thread, pointer);
    if (capability.null()) {
        raise_capability_fault(thread, pointer, Receiving::Yes);
    } else {
        receive_from(thread, capability, blocking);
    }
}

/// Nothing is sent unless the thread can go on to receive: made again after a fault, it would send twice.
void send_and_receive(Tcb& thread) {
    auto const pointer = thread.registers.values[message::Registers::kReceiveCapability];
    auto const capability = receivable(thread, pointer);
    if (capability.null()) {
        raise_capability_fault(thread, pointer, Receiving::Yes);
        return;
    }
    send_one_way(thread, Blocking::No);
    receive_from(thread, capability, Blocking::Yes);
}

} // namespace

auto handle_syscall(Core& core, std::uint64_t number) -> Tcb* {
    ASSERT(core.current() != nullptr && core.current()->state == ThreadState::Running);
    auto& thread = *core.current();
    auto const syscall = static_cast<abi::Syscall>(number);
    if (number == static_cast<std::uint64_t>(abi::Syscall::Call)) {
        thread.registers.values[message::Registers::kReceiveCapability] = 0;
        return call(core, thread);
    }
    if (number != static_cast<std::uint64_t>(abi::Syscall::SendRecv)) {
        thread.registers.values[message::Registers::kReceiveCapability] = 0;
    }
    if (number >= abi::kSyscallCount) {
        raise_fault(thread, {abi::FaultKind::UnknownSyscall, {number, 0, 0}});
        return core.choose();
    }
    switch (syscall) {
    case abi::Syscall::Call: break;
    case abi::Syscall::ReplyRecv:
        answer_caller(thread);
        receive_on(thread, message::capability(thread), Blocking::Yes);
        break;
    case abi::Syscall::Send: send_one_way(thread, Blocking::Yes); break;
    case abi::Syscall::NBSend: send_one_way(thread, Blocking::No); break;
    case abi::Syscall::Recv: receive_on(thread, message::capability(thread), Blocking::Yes); break;
    case abi::Syscall::NBRecv: receive_on(thread, message::capability(thread), Blocking::No); break;
    case abi::Syscall::SendRecv: send_and_receive(thread); break;
    case abi::Syscall::Reply:
        answer_caller(thread);
        lending::update(thread);
        break;
    case abi::Syscall::Yield: core.yield(); break;
    }
    return core.choose();
}

} // namespace kernel
