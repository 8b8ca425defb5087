// SPDX-License-Identifier: MIT
/// Threads: configured, suspended, resumed, and deleted.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

std::atomic<std::uint64_t> result;

void count_for_ever(std::uint64_t /*argument*/) {
    while (true) {
        ++result;
    }
}

auto suspend_stops_and_resume_goes_on(Rig& rig) -> Outcome {
    result = 0;
    Thread const thread = TRY(rig.start({.run = count_for_ever, .priority = Priority::Low}));
    CPtr const never = TRY(rig.make(ObjectType::Notification));
    (void)os::try_receive(never);
    REQUIRE(thread.state() == state::kRunning);
    TRY(must(thread.tcb.suspend()));
    TRY(must(thread.tcb.suspend()));
    TRY(rig.settle());
    REQUIRE(result == 0 && thread.state() == state::kInactive);
    TRY(must(thread.tcb.resume()));
    REQUIRE(thread.state() == state::kRunning);
    return {};
}

auto a_thread_can_end_itself(Rig& rig) -> Outcome {
    result = 0;
    auto const run = [](std::uint64_t slot) {
        result = 1;
        (void)object::CNode{kRoot}.delete_(kDepth, slot);
        result = 2;
        rest();
    };
    CPtr const next = rig.slot() + 1; // where `start` puts the TCB
    Thread const thread = TRY(rig.start({.run = run, .argument = next}));
    REQUIRE(thread.tcb.capability() == next && result == 1);
    REQUIRE(rig.type_in(next) == ObjectType::Null);
    return {};
}

auto configure_checks_types(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    REQUIRE(refusal(thread.configure(endpoint, kOwnSpace, 0)) == Error::InvalidCapability);
    REQUIRE(refusal(thread.configure(kRoot, endpoint, 0)) == Error::InvalidCapability);
    REQUIRE(refusal(thread.configure(kRoot, kOwnSpace, kRoot)) == Error::InvalidCapability);
    return must(thread.configure(kRoot, kOwnSpace, endpoint));
}

auto deleting_a_running_thread_is_safe(Rig& rig) -> Outcome {
    for (int round = 0; round < 20; ++round) {
        Thread const low = TRY(rig.start({.run = count_for_ever, .priority = Priority::Low}));
        TRY(must(rig.root().delete_(kDepth, low.tcb.capability())));
        TRY(must(rig.root().delete_(kDepth, low.context.capability())));
    }
    return {};
}

/// What is refused leaves the thread as it was.
auto a_thread_needs_a_cspace(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const fresh{TRY(rig.make(ObjectType::Tcb))};
    for (CPtr const nothing : {abi::kNullCPtr, rig.slot()}) {
        REQUIRE(refusal(fresh.configure(nothing, kOwnSpace, endpoint)) == Error::InvalidCapability);
        REQUIRE(refusal(fresh.configure(kRoot, nothing, endpoint)) == Error::InvalidCapability);
    }
    REQUIRE(TRY(must(fresh.state())).state == state::kInactive);
    return {};
}

auto a_thread_keeps_its_cspace(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    auto const call_for_ever = [](std::uint64_t target) {
        while (true) {
            (void)os::call(target, message(3));
        }
    };
    Thread const thread = TRY(rig.start({.run = call_for_ever, .argument = endpoint}));
    for (CPtr const wrong : {abi::kNullCPtr, rig.slot(), endpoint}) {
        REQUIRE(os::receive(endpoint).message.tag.label() == 3);
        REQUIRE(refusal(thread.tcb.configure(wrong, kOwnSpace, endpoint)) == Error::InvalidCapability);
        REQUIRE(thread.state() == state::kAwaitingReply);
        os::reply(message(0));
    }
    return {};
}

constexpr std::array kTests{
    Test{"suspend_stops_and_resume_goes_on", suspend_stops_and_resume_goes_on, "SCHED0000"},
    Test{"a_thread_can_end_itself", a_thread_can_end_itself},
    Test{"configure_checks_types", configure_checks_types, "THREADS0004"},
    Test{"a_thread_needs_a_cspace", a_thread_needs_a_cspace, "THREADS0004"},
    Test{"a_thread_keeps_its_cspace", a_thread_keeps_its_cspace, "THREADS0005"},
    Test{"deleting_a_running_thread_is_safe", deleting_a_running_thread_is_safe},
};

} // namespace

auto thread_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
