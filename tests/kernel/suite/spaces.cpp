// SPDX-License-Identifier: MIT
/// Address spaces: apart from each other, as many as there is memory for, and gone without a trace.
#include "home.hpp"
#include "kernel/abi/fault.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

/// Each process has a copy of its own; that of the test stays 0.
std::atomic<std::uint64_t> own_word;

struct Tenant {
    CPtr done;
    std::uint64_t seed;
    std::atomic<std::uint64_t> result;
};

/// Counts up in its own memory, letting the others run in between.
void count_at_home(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Tenant*>(argument);
    constexpr std::uint64_t kRounds = 100;
    own_word = self.seed;
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::yield();
        ++own_word;
    }
    self.result = own_word - kRounds;
    os::signal(self.done);
    rest();
}

auto many_processes_are_apart(Rig& rig) -> Outcome {
    constexpr std::size_t kProcesses = 5;
    CPtr const done = TRY(rig.make(ObjectType::Notification));
    std::array<Tenant*, kProcesses> tenants{};
    own_word = 0;
    for (std::size_t index = 0; index < kProcesses; ++index) {
        auto home = TRY(Home::make(rig, Where::Other));
        auto& tenant = home.share<Tenant>();
        tenant.done = TRY(home.give(TRY(rig.mint(done, 1ULL << index))));
        tenant.seed = 1000 * (index + 1);
        tenants[index] = &tenant;
        TRY(home.start(count_at_home, tenant, {.priority = Priority::Low}));
    }
    TRY(rig.settle());
    REQUIRE(os::try_receive(done).badge == (1ULL << kProcesses) - 1);
    REQUIRE(own_word == 0);
    for (auto const* tenant : tenants) {
        REQUIRE(tenant->result == tenant->seed);
    }
    return {};
}

auto a_process_runs_and_returns(Rig& rig) -> Outcome {
    auto home = TRY(Home::make(rig, Where::Other));
    CPtr const done = TRY(rig.make(ObjectType::Notification));
    auto& tenant = home.share<Tenant>();
    tenant.done = TRY(home.give(done));
    tenant.seed = 7;
    REQUIRE(tenant.done != done); // its CSpace is not the test's
    Thread const thread = TRY(home.start(count_at_home, tenant));
    REQUIRE(tenant.result == 7 && os::try_receive(done).message.tag.has(abi::MessageTag::kNotification));
    REQUIRE(thread.state() == state::kFaulted); // at rest, without a handler
    return {};
}

/// A thread whose first instruction faults, in one new address space after the other.
auto many_spaces_come_and_go(Rig& rig) -> Outcome {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread = TRY(rig.start({.run = count_at_home, .argument = 0, .fault_endpoint = faults}));
    (void)os::receive(faults);
    CPtr const slot = rig.slot();
    auto const entry = reinterpret_cast<std::uint64_t>(count_at_home);
    for (int round = 0; round < 1000; ++round) {
        os::reply(message(1));
        TRY(must(rig.arena().retype(static_cast<std::uint8_t>(ObjectType::VSpace), 0, 0, 1, kRoot, 0, slot)));
        TRY(must(thread.tcb.configure(kRoot, slot, faults)));
        TRY(rig.restart(thread, count_at_home, 0));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.words[0] == entry && fault.words[1] == entry);
        REQUIRE(fault.words[2] == abi::fault_access::kInstruction);
        // All of them: the thread's as well.
        TRY(must(rig.root().revoke(kDepth, slot)));
        TRY(must(rig.root().delete_(kDepth, slot)));
        // What the arena has given out in this round is not given back before the end.
        if (round % 100 == 99) {
            REQUIRE(thread.state() == state::kAwaitingReply);
        }
    }
    os::reply(message(1));
    return {};
}

auto spaces_end_with_the_memory(Rig& rig) -> Outcome {
    constexpr unsigned kFit = 4;
    CPtr const block = TRY(rig.make(ObjectType::Untyped, 14));
    CPtr const first = rig.slot();
    auto const make = [&](CPtr slot) {
        return refusal(object::Untyped{block}.retype(static_cast<std::uint8_t>(ObjectType::VSpace), 0, 0, 1,
                                                     kRoot, 0, slot));
    };
    REQUIRE(make(first) == Error::None);
    for (unsigned index = 1; index < kFit; ++index) {
        REQUIRE(make(rig.slot()) == Error::None);
    }
    CPtr const last = rig.slot();
    REQUIRE(make(last) == Error::NotEnoughMemory && rig.type_in(last) == ObjectType::Null);
    for (unsigned index = 0; index < kFit; ++index) {
        TRY(must(rig.root().delete_(kDepth, first + index)));
    }
    REQUIRE(make(last) == Error::None);
    return {};
}

auto threads_share_a_space_until_it_is_gone(Rig& rig) -> Outcome {
    auto home = TRY(Home::make(rig, Where::Other));
    CPtr const done = TRY(rig.make(ObjectType::Notification));
    CPtr const given = TRY(home.give(done));
    std::array<Tenant*, 3> tenants{&home.share<Tenant>(), &home.share<Tenant>(), &home.share<Tenant>()};
    for (auto* tenant : tenants) {
        tenant->done = given;
        tenant->seed = 5;
        TRY(home.start(count_at_home, *tenant));
        REQUIRE(tenant->result == 5);
    }
    Thread const late = TRY(home.start(count_at_home, home.share<Tenant>(), {.priority = Priority::Low}));
    REQUIRE(late.state() == state::kRunning);
    TRY(must(rig.root().revoke(kDepth, home.space())));
    TRY(must(rig.root().delete_(kDepth, home.space())));
    TRY(rig.settle());
    REQUIRE(late.state() == state::kFaulted); // at its first instruction
    return {};
}

auto spaces_are_checked(Rig& rig) -> Outcome {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    CPtr const table = TRY(rig.make(ObjectType::PageTable));
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    for (CPtr const wrong : {endpoint, frame, table, kRoot, rig.slot(), abi::kNullCPtr}) {
        REQUIRE(refusal(thread.configure(kRoot, wrong, 0)) == Error::InvalidCapability);
        REQUIRE(refusal(object::Frame{frame}.map(kReadWrite, 0, wrong, kFreeAddress)) ==
                Error::InvalidCapability);
        REQUIRE(refusal(object::PageTable{table}.map(wrong, kFreeAddress)) == Error::InvalidCapability);
    }
    REQUIRE(TRY(must(object::Frame{frame}.info())).mapped_address == 0);
    return must(thread.configure(kRoot, TRY(rig.make(ObjectType::VSpace)), 0));
}

auto mappings_outlive_their_tables_harmlessly(Rig& rig) -> Outcome {
    constexpr std::array<std::array<int, 3>, 6> kOrders{
        {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    for (auto const& order : kOrders) {
        std::array<CPtr, 3> const made{TRY(rig.make(ObjectType::VSpace)),
                                       TRY(rig.make(ObjectType::PageTable)),
                                       TRY(rig.make(ObjectType::PageTable))};
        TRY(must(object::PageTable{made[1]}.map(made[0], kFreeAddress)));
        TRY(must(object::PageTable{made[2]}.map(made[0], kFreeAddress)));
        TRY(must(object::Frame{frame}.map(kReadWrite, 0, made[0], kFreeAddress)));
        for (int const index : order) {
            TRY(must(rig.root().delete_(kDepth, made[static_cast<std::size_t>(index)])));
        }
        TRY(must(object::Frame{frame}.unmap()));
        TRY(must(object::Frame{frame}.unmap()));
        REQUIRE(TRY(must(object::Frame{frame}.info())).mapped_address == 0);
    }
    return {};
}

/// Frames, and what they are made of: memory that user code can reach, or could.
auto make_memory(Rig& rig) -> Got<std::array<CPtr, 4>> {
    return std::array{TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)),
                      TRY(rig.make(ObjectType::Frame, abi::kLargeFrameBits)),
                      TRY(rig.make(ObjectType::Untyped, 14)), TRY(rig.make(ObjectType::PageTable))};
}

/// Nothing that the kernel works with is in memory that user code can reach.
auto memory_is_no_part_of_a_thread(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    for (CPtr const memory : TRY(make_memory(rig))) {
        REQUIRE(refusal(thread.configure(memory, kOwnSpace, endpoint)) == Error::InvalidCapability);
        REQUIRE(refusal(thread.configure(kRoot, memory, endpoint)) == Error::InvalidCapability);
        REQUIRE(refusal(thread.configure(kRoot, kOwnSpace, memory)) == Error::InvalidCapability);
    }
    return must(thread.configure(kRoot, kOwnSpace, endpoint));
}

auto a_thread_goes_on_without_memory(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    auto const call_for_ever = [](std::uint64_t target) {
        while (true) {
            (void)os::call(target, message(3));
        }
    };
    Thread const thread = TRY(rig.start({.run = call_for_ever, .argument = endpoint}));
    REQUIRE(os::receive(endpoint).message.tag.label() == 3);
    for (CPtr const memory : TRY(make_memory(rig))) {
        REQUIRE(refusal(thread.tcb.configure(kRoot, memory, 0)) == Error::InvalidCapability);
        REQUIRE(refusal(thread.tcb.configure(memory, kOwnSpace, 0)) == Error::InvalidCapability);
        // A place for capabilities that is none: they are refused when they come.
        TRY(must(thread.tcb.set_receive_slot(kDepth, memory, 0)));
        os::Message answer{.tag = abi::MessageTag{0, 8, abi::MessageTag::kCapability}};
        answer.words[7] = endpoint;
        REQUIRE(os::reply_receive(endpoint, answer).message.tag.label() == 3);
    }
    os::reply(message(0));
    return {};
}

constexpr std::array kTests{
    Test{"a_process_runs_and_returns", a_process_runs_and_returns, "VSPACE0000"},
    Test{"mappings_outlive_their_tables_harmlessly", mappings_outlive_their_tables_harmlessly, "VSPACE0001"},
    Test{"spaces_are_checked", spaces_are_checked, "VSPACE0002"},
    Test{"many_spaces_come_and_go", many_spaces_come_and_go, "VSPACE0003"},
    Test{"spaces_end_with_the_memory", spaces_end_with_the_memory, "VSPACE0004"},
    Test{"threads_share_a_space_until_it_is_gone", threads_share_a_space_until_it_is_gone, "VSPACE0005"},
    Test{"many_processes_are_apart", many_processes_are_apart, "VSPACE0006"},
    Test{"memory_is_no_part_of_a_thread", memory_is_no_part_of_a_thread, "FRAMEDIPC0001"},
    Test{"a_thread_goes_on_without_memory", a_thread_goes_on_without_memory, "FRAMEDIPC0002"},
};

} // namespace

auto space_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
