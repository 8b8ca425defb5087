// SPDX-License-Identifier: MIT
#include "kernel/invoke/dispatch.hpp"

#include "kernel/arch/upcalls.hpp"
#include "kernel/ipc/message.hpp"

#include <array>

namespace kernel {
namespace {

using abi::ObjectType;

/// What answers for the types that have no methods.
auto no_methods(Invocation const& /*invocation*/) -> Outcome { return refuse(abi::Error::IllegalOperation); }
auto no_capability(Invocation const& /*invocation*/) -> Outcome {
    return refuse(abi::Error::InvalidCapability);
}

/// By the number of the type.
constexpr std::array kInvocations{
    no_capability, invoke_untyped,     invoke_cnode,       invoke_tcb,          invoke_sched_context,
    no_methods,    no_methods,         invoke_reply,       invoke_vspace,       invoke_page_table,
    invoke_frame,  invoke_irq_control, invoke_irq_handler, invoke_core_control, invoke_debug_console,
};
static_assert(Capability::kZombieTag >= kInvocations.size());
static_assert(kInvocations.size() == static_cast<std::size_t>(ObjectType::DebugConsole) + 1 &&
              kInvocations[static_cast<std::size_t>(ObjectType::Frame)] == invoke_frame);

void answer(Tcb& caller, Refusal refusal) {
    message::set_header(caller, 0,
                        {static_cast<std::uint64_t>(refusal.error()), 2, abi::MessageTag::kKernel});
    message::set_words(caller, refusal.words());
}

} // namespace

auto invoke(Invocation const& invocation) -> Outcome {
    // As it is in the capability: greater than every type for endpoints, notifications and zombies.
    auto const tag = invocation.capability().reference() & Capability::kTagMask;
    if (invocation.tag.label() >> 8U == tag && tag < kInvocations.size()) [[likely]] {
        return kInvocations[tag](invocation);
    }
    return refuse(invocation.capability().type() == ObjectType::Null ? abi::Error::InvalidCapability
                                                                     : abi::Error::IllegalOperation);
}

auto conclude(Core& core, Tcb& thread, Outcome outcome) -> Tcb* {
    if (core.current() == nullptr) [[unlikely]] {
        return core.choose(); // the thread ended itself
    }
    if (outcome.refused()) {
        answer(thread, outcome.refusal());
    } else if (outcome.completion() == Completion::Done) {
        message::set_error(thread, abi::Error::None);
    } else if (outcome.completion() == Completion::Preempted) {
        thread.registers.rewind_system_call();
        return handle_interrupt(core);
    }
    return core.choose();
}

auto argument_slot(Invocation const& invocation, abi::CPtr pointer) -> Slot* {
    return cspace::lookup(invocation.caller.cspace(), pointer);
}

} // namespace kernel
