// SPDX-License-Identifier: MIT
/// Long queues, deep calls, budgets that end together.
#include "crowd.hpp"
#include "kernel/abi/fault.hpp"

#include "os/arch.hpp"
#include "os/syscall.hpp"

namespace worst_case {
namespace {

constexpr std::uint64_t kBadge = 7;

auto join_long_queue(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    TRY(start_crowd(rig, thread_sends, endpoint));
    begin();
    (void)TRY(start(rig, thread_sends, endpoint, kMainPriority + 1));
    end();
    return {};
}

auto delete_endpoint_with_senders(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    TRY(start_crowd(rig, thread_calls, endpoint));
    begin();
    TRY(must(rig.root().delete_(kDepth, endpoint)));
    end();
    return {};
}

auto cancel_badged_sends(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const badged = TRY(rig.mint(endpoint, kBadge));
    TRY(start_crowd(rig, thread_sends, endpoint));
    (void)TRY(start(rig, thread_sends, badged, kMainPriority + 1));
    begin();
    TRY(must(rig.root().cancel_badged_sends(kDepth, badged)));
    end();
    return {};
}

/// Each calls the next on the first one's time.
auto suspend_first_of_deep_calls(Rig& rig) -> Outcome {
    std::array<CPtr, kCrowd + 1> endpoints{};
    for (auto& endpoint : endpoints) {
        endpoint = TRY(rig.make(ObjectType::Endpoint));
    }
    for (std::size_t index = 0; index < kCrowd; ++index) {
        auto const member =
            TRY(start(rig, thread_passes_on, endpoints[index], kMainPriority + 1, endpoints[index + 1]));
        TRY(must(member.context.unbind()));
    }
    auto const first = TRY(start(rig, thread_calls, endpoints[0], kMainPriority + 1));
    begin();
    TRY(must(first.thread.suspend()));
    end();
    return {};
}

/// Each is the handler of the one before it, and faults in turn; the last one ends.
auto delete_last_of_deep_faults(Rig& rig) -> Outcome {
    constexpr std::size_t kDeepest = abi::kMaxFaultDepth - 1; // and the first one
    std::array<CPtr, kDeepest + 1> endpoints{};
    for (auto& endpoint : endpoints) {
        endpoint = TRY(rig.make(ObjectType::Endpoint));
    }
    CPtr const nobody = TRY(rig.make(ObjectType::Endpoint));
    auto const last = TRY(start(rig, thread_passes_on, endpoints[kDeepest], kMainPriority + 1, nobody));
    // Having received, they receive on what the badge names: nothing.
    for (std::size_t index = kDeepest; index-- > 0;) {
        auto const member = TRY(start(rig, thread_receives, endpoints[index], kMainPriority + 1));
        TRY(must(member.thread.configure(kRoot, kOwnSpace, endpoints[index + 1])));
        TRY(must(member.context.unbind()));
    }
    auto const first = TRY(start(rig, thread_receives, endpoints[0], kMainPriority + 1));
    TRY(must(first.thread.configure(kRoot, kOwnSpace, endpoints[0])));
    TRY(must(first.thread.write_registers(os::arch::reg::kFirstArgument, 1, true, {abi::kNullCPtr})));
    begin();
    TRY(must(rig.root().delete_(kDepth, last.thread.capability())));
    end();
    return {};
}

/// All of them get their time again at once.
auto release_budgets(Rig& rig) -> Outcome {
    auto const frequency = os::arch::counter_frequency();
    for (std::size_t index = 0; index < kCrowd; ++index) {
        auto const member = TRY(start(rig, thread_spins, 0, 1));
        TRY(must(member.thread.suspend()));
        TRY(must(rig.core().configure(kMainPriority + 1, member.context.capability(), frequency / 100'000,
                                      frequency / 100, 0)));
        TRY(must(member.thread.resume()));
    }
    begin();
    suite::spend(frequency / 40);
    end();
    return {};
}

auto messages(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    auto const caller = TRY(start(rig, thread_calls, endpoint, kMainPriority + 1));
    (void)TRY(start(rig, thread_receives, notification, kMainPriority + 1));
    TRY(must(object::Tcb{os::slot::kTcb}.set_receive_slot(kDepth, kRoot, rig.slot())));
    begin();
    (void)os::receive(endpoint);
    os::reply({});
    os::signal(notification);
    os::yield();
    TRY(must(caller.thread.suspend()));
    end();
    return must(object::Tcb{os::slot::kTcb}.set_receive_slot(1, abi::kNullCPtr, 0));
}

constexpr std::array kOperations{
    Operation{"Send to an endpoint where 100 wait", join_long_queue},
    Operation{"CNode.delete of an endpoint, 100 wait", delete_endpoint_with_senders},
    Operation{"CNode.cancel_badged_sends among 100", cancel_badged_sends},
    Operation{"Tcb.suspend under calls 100 deep", suspend_first_of_deep_calls},
    Operation{"CNode.delete of a TCB, faults 32 deep", delete_last_of_deep_faults},
    Operation{"Timer interrupt, 100 budgets begin", release_budgets},
    Operation{"Messages, signals, Yield", messages},
};

} // namespace

auto thread_operations() -> std::span<Operation const> { return kOperations; }

} // namespace worst_case
