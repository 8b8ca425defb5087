// SPDX-License-Identifier: MIT
/// The system calls: each finds its capability, does what the capability's type and rights allow, and says
/// what runs next.
#include "kernel/abi/syscall.hpp"
#include "kernel/arch/upcalls.hpp"
#include "kernel/invoke/dispatch.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/message.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/ipc/signals.hpp"
#include "kernel/object/cspace.hpp"
#include "kernel/sched/lending.hpp"

#include <array>
#include <utility>

namespace kernel {
namespace {

using abi::ObjectType;

enum class Receiving : std::uint8_t { No = 0, Yes = 1 };

/// The system call has no capability to work with. It is made again when the handler answers.
void raise_capability_fault(Tcb& thread, abi::CPtr pointer, Receiving receiving) {
    thread.registers.rewind_system_call();
    raise_fault(thread, {abi::FaultKind::Capability, {pointer, static_cast<std::uint64_t>(receiving), 0}});
    // An answer may have made someone else run, and the thread wait for its turn.
    lending::update(thread);
}

auto call(Core& core, Tcb& thread) -> Tcb* {
    auto* const slot = cspace::lookup(thread.cspace(), message::capability(thread));
    if (slot == nullptr) [[unlikely]] {
        message::set_error(thread, abi::Error::InvalidCapability);
        return core.choose();
    }
    auto const capability = slot->capability();
    if (!capability.is_endpoint()) {
        return call_object(core, thread, *slot);
    }
    constexpr std::uint8_t kAnswer = abi::rights::kGrant | abi::rights::kGrantReply;
    if (!capability.has_ipc_rights(abi::rights::kWrite) || (capability.ipc_rights() & kAnswer) == 0)
        [[unlikely]] {
        message::set_error(thread, abi::Error::IllegalOperation);
    } else {
        send(thread, capability, Message::Call, Blocking::Yes);
    }
    return core.choose();
}

/// Sends one way to whatever the pointer names.
void send_one_way(Tcb& thread, abi::CPtr pointer, Blocking blocking) {
    auto* const slot = cspace::lookup(thread.cspace(), pointer);
    auto const capability = slot == nullptr ? Capability{} : slot->capability();
    if (capability.is_notification()) {
        if (capability.has_ipc_rights(abi::rights::kWrite)) {
            signal(capability.object<Notification>(), capability.badge());
        }
    } else if (capability.is_endpoint()) {
        if (capability.has_ipc_rights(abi::rights::kWrite)) {
            send(thread, capability, Message::OneWay, blocking);
        }
    } else if (capability.is(ObjectType::Reply)) {
        answer_kept(thread, capability.object<Reply>());
        lending::update(thread);
    } else if (blocking == Blocking::Yes) {
        raise_capability_fault(thread, pointer, Receiving::No);
    }
}

/// What can be received on: an endpoint or notification with the read right; null otherwise.
auto receivable(Tcb const& thread, abi::CPtr pointer) -> Capability {
    auto* const slot = cspace::lookup(thread.cspace(), pointer);
    if (slot == nullptr) [[unlikely]] {
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

void receive_on(Tcb& thread, Blocking blocking) {
    auto const pointer = message::capability(thread);
    auto const capability = receivable(thread, pointer);
    if (capability.null()) [[unlikely]] {
        raise_capability_fault(thread, pointer, Receiving::Yes);
    } else {
        receive_from(thread, capability, blocking);
    }
}

// One function for each system call. Those that do not end with a received message clear the register of the
// second capability themselves.

void clear_second_capability(Tcb& thread) {
    thread.registers.values[message::Registers::kReceiveCapability] = 0;
}

auto reply_receive(Core& core, Tcb& thread) -> Tcb* {
    answer_caller(thread);
    receive_on(thread, Blocking::Yes);
    return core.choose();
}

auto send_blocking(Core& core, Tcb& thread) -> Tcb* {
    clear_second_capability(thread);
    send_one_way(thread, message::capability(thread), Blocking::Yes);
    return core.choose();
}

auto send_if_possible(Core& core, Tcb& thread) -> Tcb* {
    clear_second_capability(thread);
    send_one_way(thread, message::capability(thread), Blocking::No);
    return core.choose();
}

auto receive_blocking(Core& core, Tcb& thread) -> Tcb* {
    receive_on(thread, Blocking::Yes);
    return core.choose();
}

auto receive_if_possible(Core& core, Tcb& thread) -> Tcb* {
    receive_on(thread, Blocking::No);
    return core.choose();
}

/// Nothing is sent unless the thread can go on to receive: made again after a fault, it would send twice.
/// What is sent is forgotten, so that the call, when it is made again after a suspension, only receives.
auto send_and_receive(Core& core, Tcb& thread) -> Tcb* {
    auto const pointer = thread.registers.values[message::Registers::kReceiveCapability];
    auto const capability = receivable(thread, pointer);
    if (capability.null()) {
        raise_capability_fault(thread, pointer, Receiving::Yes);
    } else {
        auto const to =
            std::exchange(thread.registers.values[message::Registers::kCapability], abi::kNullCPtr);
        if (to != abi::kNullCPtr) {
            send_one_way(thread, to, Blocking::No);
        }
        receive_from(thread, capability, Blocking::Yes);
    }
    return core.choose();
}

auto reply(Core& core, Tcb& thread) -> Tcb* {
    clear_second_capability(thread);
    answer_caller(thread);
    lending::update(thread);
    return core.choose();
}

auto yield(Core& core, Tcb& thread) -> Tcb* {
    clear_second_capability(thread);
    core.yield();
    return core.choose();
}

using SystemCall = auto (*)(Core&, Tcb&) -> Tcb*;
constexpr std::array<SystemCall, abi::kSyscallCount> kSystemCalls = [] {
    std::array<SystemCall, abi::kSyscallCount> calls{};
    auto const set = [&](abi::Syscall number, SystemCall function) {
        calls[static_cast<std::size_t>(number)] = function;
    };
    set(abi::Syscall::Call, call);
    set(abi::Syscall::ReplyRecv, reply_receive);
    set(abi::Syscall::Send, send_blocking);
    set(abi::Syscall::NBSend, send_if_possible);
    set(abi::Syscall::Recv, receive_blocking);
    set(abi::Syscall::NBRecv, receive_if_possible);
    set(abi::Syscall::SendRecv, send_and_receive);
    set(abi::Syscall::Reply, reply);
    set(abi::Syscall::Yield, yield);
    return calls;
}();

} // namespace

auto handle_syscall(Core& core, std::uint64_t number) -> Tcb* {
    auto& thread = *core.current();
    if (number >= kSystemCalls.size()) [[unlikely]] {
        thread.complete_frame();
        raise_fault(thread, {abi::FaultKind::UnknownSyscall, {number, 0, 0}});
        return core.choose();
    }
    return kSystemCalls[number](core, thread);
}

} // namespace kernel
