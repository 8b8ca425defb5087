// SPDX-License-Identifier: MIT
/// The thread that mends faults and makes objects. It never touches the heap, and its stack is mapped from
/// the start: so it cannot fault on what it is there to provide.
#include "base/address.hpp"
#include "fault_decision.hpp"
#include "heap_region.hpp"
#include "memory_manager.hpp"
#include "os/arch.hpp"
#include "os/thread.hpp"
#include "report.hpp"
#include "resources.hpp"
#include "runtime.hpp"

#include <new>

namespace os {

namespace {

constexpr std::size_t kPagerStackSize = 8192;
/// Label of the answer that leaves a faulted thread suspended.
constexpr std::uint64_t kLeaveSuspended = 1;

auto demand_regions() -> DemandRegions {
    base::VirtAddr const stack_end{kStackTop};
    return {.stack_begin = stack_end - runtime.stack_limit,
            .stack_end = stack_end,
            .heap_begin = base::VirtAddr{kHeapAddress},
            .heap_end = heap_region.end()};
}

/// The registers that help to find where a fault comes from.
void describe_fault(abi::Words& words, supervisor::Reason reason, abi::CPtr thread) {
    auto const read = [tcb = object::Tcb{thread}](std::uint8_t number) {
        auto const values = tcb.read_registers(number, 1);
        return values ? values->front() : 0;
    };
    auto const stack_pointer = read(arch::reg::kStackPointer);
    if (reason == supervisor::Reason::BadAccess && is_near_stack_pointer(words[1], stack_pointer)) {
        reason = supervisor::Reason::StackOverflow;
    }
    supervisor::FaultReport{.stack_pointer = stack_pointer,
                            .return_address = read(arch::reg::kReturnAddress),
                            .reason = reason,
                            .thread = thread}
        .write_to(words);
}

/// Asks init what is to become of a thread.
auto forward(Message const& message, supervisor::Reason reason, abi::CPtr thread) -> Message {
    auto words = message.words;
    auto const kind = static_cast<abi::FaultKind>(message.tag.label());
    if (kind == abi::FaultKind::VirtualMemory || kind == abi::FaultKind::Capability) {
        describe_fault(words, reason, thread);
    }
    auto const answer =
        call(runtime.supervisor, Message{abi::MessageTag{message.tag.label(), abi::kMessageWords}, words});
    // A refusal of the kernel means that there is nobody to ask.
    if (answer.tag.has(abi::MessageTag::kKernel)) {
        return {abi::MessageTag{kLeaveSuspended, 0}, {}};
    }
    return answer;
}

auto handle_fault(Message const& message, abi::CPtr thread) -> Message {
    auto const decision = decide(message, demand_regions());
    if (!decision.page) {
        return forward(message, decision.reason, thread);
    }
    auto const mapped = memory_manager.map_zeroed_page(*decision.page);
    if (mapped) {
        return {};
    }
    auto const reason = mapped.error() == abi::Error::RangeError ? supervisor::Reason::OutOfSlots
                                                                 : supervisor::Reason::OutOfMemory;
    return forward(message, reason, thread);
}

void serve(abi::CPtr endpoint) {
    auto received = receive(endpoint);
    while (true) {
        auto const& message = received.message;
        // The badge of a fault is the slot of the thread's TCB.
        auto const answer = message.tag.has(abi::MessageTag::kFault) ? handle_fault(message, received.badge)
                                                                     : memory_manager.answer(message);
        received = reply_receive(endpoint, answer);
    }
}

auto try_start_pager() -> std::expected<void, abi::Error> {
    auto endpoint = TRY(make_object<object::Endpoint>());
    auto const slot = endpoint.slot();
    auto thread =
        TRY(Thread::create([slot] { serve(slot); }, {.stack_size = kPagerStackSize, .priority = {}}));
    memory_endpoint = endpoint.release();
    // Never destroyed: there is no component without it.
    alignas(Thread) static std::byte storage[sizeof(Thread)];
    new (storage) Thread{std::move(thread)};
    return set_fault_handler(slot::kTcb);
}

} // namespace

void start_pager() {
    if (!try_start_pager()) {
        fail_component("not enough memory to start: raise the component's ram");
    }
}

} // namespace os
