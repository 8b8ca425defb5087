// SPDX-License-Identifier: MIT
#include "kernel/ipc/fault.hpp"

#include "kernel/ipc/message.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/sched/lending.hpp"

#include <algorithm>
#include <utility>

namespace kernel {
namespace {

using arch::Registers;

/// The registers that the answer to an UnknownSyscall or UserException replaces, word by word.
constexpr std::array<std::size_t, abi::kMessageWords> kReplaced{
    Registers::kProgramCounter,   Registers::kStackPointer,     Registers::kFlags,
    Registers::kFirstGeneral,     Registers::kFirstGeneral + 1, Registers::kFirstGeneral + 2,
    Registers::kFirstGeneral + 3, Registers::kFirstGeneral + 4,
};

struct Content {
    std::size_t length;
    abi::Words words;
};

auto content(Tcb const& thread) -> Content {
    auto const& values = thread.registers.values;
    auto const& details = thread.fault_details;
    auto const pc = values[Registers::kProgramCounter];
    auto const sp = values[Registers::kStackPointer];
    auto const flags = values[Registers::kFlags];
    switch (thread.fault) {
    case abi::FaultKind::UnknownSyscall:
        return {8,
                {pc, details[0], sp, flags, values[Registers::kFirstGeneral],
                 values[Registers::kFirstGeneral + 1], values[Registers::kFirstGeneral + 2],
                 values[Registers::kFirstGeneral + 3]}};
    case abi::FaultKind::UserException:
    case abi::FaultKind::Debug: return {5, {pc, details[0], details[1], sp, flags}};
    case abi::FaultKind::VirtualMemory: return {4, {pc, details[0], details[1], details[2]}};
    case abi::FaultKind::Capability:
    case abi::FaultKind::Timeout: break;
    }
    return {3, {pc, details[0], details[1]}};
}

/// Is it a capability through which the kernel can call for a thread?
auto can_handle(Capability handler) -> bool {
    constexpr std::uint8_t kAnswer = abi::rights::kGrant | abi::rights::kGrantReply;
    return handler.is_endpoint() && handler.has_ipc_rights(abi::rights::kWrite) &&
           (handler.ipc_rights() & kAnswer) != 0;
}

/// Are as many threads stopped by faults that this one and those before it have to answer as may be? When the
/// last one ends, all of them do in one step.
auto is_too_deep(Tcb const& thread) -> bool {
    unsigned depth = 0;
    for (auto const* caller = thread.caller; caller != nullptr && caller->has_fault();
         caller = caller->caller) {
        ++depth;
    }
    return depth >= abi::kMaxFaultDepth;
}

/// The thread stops because of a fault; those whose calls it has to answer are told.
void stop(Tcb& thread) {
    if (auto* const caller = end_fault(thread); caller != nullptr) {
        abort_call(*caller);
    }
}

} // namespace

void raise_fault(Tcb& thread, Fault const& fault) {
    auto const handler = thread.slots[Tcb::kFaultEndpoint].capability();
    if (!can_handle(handler) || is_too_deep(thread)) {
        stop(thread);
        lending::update(thread);
        return;
    }
    thread.fault = fault.kind;
    thread.fault_details = fault.details;
    send(thread, handler, Message::Call, Blocking::Yes);
}

void deliver_fault(Tcb const& thread, Tcb& handler, std::uint64_t badge) {
    auto const [length, words] = content(thread);
    message::set_header(handler, badge,
                        {static_cast<std::uint64_t>(thread.fault), length, abi::MessageTag::kFault});
    message::set_words(handler, words);
}

void raise_timeout(Tcb& thread) {
    auto const handler = thread.slots[Tcb::kTimeoutEndpoint].capability();
    auto const* const context = thread.context;
    auto const out_of_time =
        thread.state == ThreadState::Running && context != nullptr && context->remaining == 0;
    if (!out_of_time || !can_handle(handler)) {
        return;
    }
    thread.fault = abi::FaultKind::Timeout;
    thread.fault_details = {context->badge, context->consumed, 0};
    send(thread, handler, Message::Request, Blocking::Yes);
}

auto end_fault(Tcb& thread) -> Tcb* {
    if (std::exchange(thread.fault, {}) == abi::FaultKind::Timeout) {
        thread.become(ThreadState::Running);
        return nullptr;
    }
    thread.become(ThreadState::Faulted);
    return thread.caller;
}

void answer_fault(Tcb const& handler, Tcb& thread) {
    auto const kind = thread.fault;
    auto const tag = message::tag(handler);
    thread.fault = {};
    if (tag.label() != 0) {
        stop(thread);
        return;
    }
    if (kind == abi::FaultKind::UnknownSyscall || kind == abi::FaultKind::UserException) {
        auto const count = std::min(tag.length(), kReplaced.size());
        for (std::size_t index = 0; index < count; ++index) {
            auto const number = kReplaced[index];
            thread.registers.values[number] = Registers::sanitized(number, message::word(handler, index));
        }
    }
    thread.become(ThreadState::Running);
}

} // namespace kernel
