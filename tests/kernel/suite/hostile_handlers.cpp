// SPDX-License-Identifier: MIT
/// Fault handlers that never answer: they end, lack a right, or fault themselves. The thread that faulted
/// stays stopped, and can be resumed.
#include "rig.hpp"
#include "tests.hpp"
#include "victim.hpp"
#include "waiter.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

using abi::FaultKind;

/// Every way in which a handler can fail to answer: the thread stays stopped, and can be resumed.
auto a_fault_without_answer_is_over(Rig& rig) -> Outcome {
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    Victim const victim = TRY(start_victim(rig, read_for_ever, FaultKind::VirtualMemory));
    auto const stopped = [&] { return victim.thread.state() == state::kFaulted && passed == 0; };
    auto const again = [&]() -> Outcome {
        TRY(must(victim.thread.tcb.resume()));
        REQUIRE(is_fault(os::receive(victim.faults).message, FaultKind::VirtualMemory));
        return {};
    };
    (void)os::try_receive(victim.faults); // it receives again
    REQUIRE(stopped());
    TRY(again());
    TRY(must(reply.save()));
    TRY(must(reply.abort()));
    REQUIRE(stopped());
    TRY(again());
    TRY(must(reply.save()));
    TRY(must(rig.root().delete_(kDepth, reply.capability())));
    REQUIRE(stopped());
    return {};
}

/// Takes a fault and stops with one of its own.
void take_and_fault(std::uint64_t faults) {
    (void)os::receive(faults);
    rest();
}
/// Takes a fault and waits for something else, without giving it up.
void take_and_send(std::uint64_t faults) {
    (void)os::receive(faults);
    os::send(faults, message(1));
    rest();
}

auto a_fault_ends_with_its_handler(Rig& rig) -> Outcome {
    for (auto* const run : {take_and_fault, take_and_send}) {
        passed = 0;
        CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
        Thread const handler = TRY(rig.start({.run = run, .argument = faults}));
        Thread const victim =
            TRY(rig.start({.run = read_for_ever, .argument = kFreeAddress, .fault_endpoint = faults}));
        TRY(must(rig.root().delete_(kDepth, handler.tcb.capability())));
        REQUIRE(victim.state() == state::kFaulted && passed == 0);
    }
    return {};
}

/// The endpoint is needed to get the fault, not to answer it.
auto a_fault_outlives_its_endpoint(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(rig.root().revoke(kDepth, victim.faults)));
    TRY(must(rig.root().delete_(kDepth, victim.faults)));
    REQUIRE(victim.thread.state() == state::kAwaitingReply);
    os::reply(message(0, victim.fault.words[0] + instruction::kSize));
    // The next one has no handler any more.
    REQUIRE(passed == 1 && victim.thread.state() == state::kFaulted);
    return {};
}

/// What the kernel cannot call through is no handler.
auto a_weak_endpoint_handles_nothing(Rig& rig) -> Outcome {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    for (std::uint8_t const rights :
         {abi::rights::kRead, abi::rights::kWrite, abi::rights::kGrant,
          static_cast<std::uint8_t>(abi::rights::kRead | abi::rights::kGrantReply)}) {
        passed = 0;
        CPtr const weak = TRY(rig.mint(faults, 0, rights));
        Thread const thread =
            TRY(rig.start({.run = read_for_ever, .argument = kFreeAddress, .fault_endpoint = weak}));
        REQUIRE(thread.state() == state::kFaulted && passed == 0);
        REQUIRE(os::try_receive(faults).message.tag.raw() == 0);
    }
    return {};
}

/// A thread that is to handle its own faults waits for itself; it can be stopped, resumed and deleted.
auto its_own_handler_waits_for_itself(Rig& rig) -> Outcome {
    passed = 0;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    auto const receive_for_ever = [](std::uint64_t endpoint) {
        (void)*reinterpret_cast<std::uint64_t volatile*>(kFreeAddress);
        (void)os::receive(endpoint);
        rest();
    };
    Thread const thread =
        TRY(rig.start({.run = receive_for_ever, .argument = faults, .fault_endpoint = faults}));
    REQUIRE(thread.state() == state::kSending);
    TRY(must(thread.tcb.suspend()));
    REQUIRE(thread.state() == state::kInactive);
    TRY(must(thread.tcb.resume()));
    REQUIRE(thread.state() == state::kSending);
    return must(rig.root().delete_(kDepth, thread.tcb.capability()));
}

/// Each but the first handles the fault of the one before, and faults itself.
struct Descent {
    std::array<CPtr, abi::kMaxFaultDepth + 1> endpoints{};
    std::array<Thread, abi::kMaxFaultDepth + 1> threads;

    [[nodiscard]] auto all_are(std::size_t count, unsigned state) const -> bool {
        return std::all_of(threads.begin(), threads.begin() + static_cast<std::ptrdiff_t>(count),
                           [state](Thread const& thread) { return thread.state() == state; });
    }
};

auto make_descent(Rig& rig) -> Got<Descent> {
    Descent descent;
    for (auto& endpoint : descent.endpoints) {
        endpoint = TRY(rig.make(ObjectType::Endpoint));
    }
    return descent;
}

auto descend(Rig& rig, Descent& descent, std::size_t count) -> Outcome {
    auto const receive_and_fault = [](std::uint64_t endpoint) {
        if (endpoint != abi::kNullCPtr) {
            (void)os::receive(endpoint);
        }
        read_for_ever(kFreeAddress);
    };
    for (std::size_t index = count; index-- > 0;) {
        descent.threads[index] =
            TRY(rig.start({.run = receive_and_fault,
                           .argument = index == 0 ? abi::kNullCPtr : descent.endpoints[index - 1],
                           .fault_endpoint = descent.endpoints[index]}));
    }
    return {};
}

/// Or one that ends could have any number of threads end with it, in one step of the kernel.
auto faults_of_handlers_are_handled_so_deep(Rig& rig) -> Outcome {
    constexpr std::size_t kDeepest = abi::kMaxFaultDepth;
    auto descent = TRY(make_descent(rig));
    TRY(descend(rig, descent, kDeepest));
    REQUIRE(is_fault(os::receive(descent.endpoints[kDeepest - 1]).message, FaultKind::VirtualMemory));
    REQUIRE(descent.all_are(kDeepest, state::kAwaitingReply));
    os::reply(message(1));
    REQUIRE(descent.all_are(kDeepest, state::kFaulted));
    TRY(rig.tear_down());

    descent = TRY(make_descent(rig));
    TRY(descend(rig, descent, kDeepest + 1));
    REQUIRE(os::try_receive(descent.endpoints[kDeepest]).message.tag.raw() == 0);
    REQUIRE(descent.all_are(kDeepest + 1, state::kFaulted));
    return {};
}

/// The same although someone waits for the fault that is one too many.
auto a_fault_too_deep_is_not_told(Rig& rig) -> Outcome {
    constexpr std::size_t kDeepest = abi::kMaxFaultDepth;
    auto descent = TRY(make_descent(rig));
    Waiter waiter{.object = descent.endpoints[kDeepest]};
    TRY(start(rig, waiter));
    TRY(descend(rig, descent, kDeepest + 1));
    REQUIRE(waiter.messages == 0);
    REQUIRE(descent.all_are(kDeepest + 1, state::kFaulted));
    return {};
}

constexpr std::array kTests{
    Test{"a_fault_without_answer_is_over", a_fault_without_answer_is_over},
    Test{"a_fault_ends_with_its_handler", a_fault_ends_with_its_handler},
    Test{"a_fault_outlives_its_endpoint", a_fault_outlives_its_endpoint},
    Test{"a_weak_endpoint_handles_nothing", a_weak_endpoint_handles_nothing},
    Test{"faults_of_handlers_are_handled_so_deep", faults_of_handlers_are_handled_so_deep},
    Test{"a_fault_too_deep_is_not_told", a_fault_too_deep_is_not_told},
    Test{"its_own_handler_waits_for_itself", its_own_handler_waits_for_itself},
};

} // namespace

auto hostile_handler_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
