// SPDX-License-Identifier: MIT
/// Threads that take away what they stand on: their thread, CSpace, address space, time, reply, memory. They
/// stop where that leaves them; the kernel and the rest go on, and everything comes back.
#include "home.hpp"
#include "kernel/abi/fault.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

/// What a thread does to itself, and how far it comes.
struct Self {
    CPtr target{};
    CPtr endpoint{};
    bool revokes{};
    std::atomic<unsigned> steps{};
    std::atomic<Error> error{Error::Aborted};
};

auto self_of(std::uint64_t argument) -> Self& { return *reinterpret_cast<Self*>(argument); }

void delete_target(std::uint64_t argument) {
    auto& self = self_of(argument);
    ++self.steps;
    self.error = refusal(object::CNode{kRoot}.delete_(kDepth, self.target));
    ++self.steps;
    rest();
}
void revoke_target(std::uint64_t argument) {
    auto& self = self_of(argument);
    ++self.steps;
    self.error = refusal(object::CNode{kRoot}.revoke(kDepth, self.target));
    ++self.steps;
    // What is left of it may have no CSpace to ask.
    self.error = kernel_error(os::call(kRoot, message(0x201)));
    ++self.steps;
    rest();
}

/// A thread that is to run `run` once it is resumed, so that `self` can name what it is made of.
auto prepare(Rig& rig, Self& self, void (*run)(std::uint64_t), ThreadSpec spec = {}) -> Got<Thread> {
    spec.run = run;
    spec.argument = reinterpret_cast<std::uint64_t>(&self);
    spec.priority = Priority::Low;
    return rig.start(spec);
}

auto its_own_thread(Rig& rig) -> Outcome {
    Self self;
    Thread const thread = TRY(prepare(rig, self, delete_target));
    self.target = thread.tcb.capability();
    TRY(rig.settle());
    REQUIRE(self.steps == 1 && rig.type_in(self.target) == ObjectType::Null);
    return {};
}

auto its_own_time(Rig& rig) -> Outcome {
    Self self;
    Thread const thread = TRY(prepare(rig, self, delete_target));
    self.target = thread.context.capability();
    TRY(rig.settle());
    constexpr unsigned kWithoutTime = 7;
    REQUIRE(self.steps == 1 && thread.state() == kWithoutTime);
    // With other time it goes on as if nothing had been.
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::High), context,
                                  os::arch::counter_frequency(), 0, 0)));
    TRY(must(object::SchedContext{context}.bind(thread.tcb.capability())));
    REQUIRE(self.steps == 2 && self.error == Error::None);
    return {};
}

auto its_own_time_by_unbinding(Rig& rig) -> Outcome {
    Self self;
    auto const unbind = [](std::uint64_t argument) {
        auto& own = self_of(argument);
        own.error = refusal(object::SchedContext{own.target}.unbind());
        ++own.steps;
        rest();
    };
    Thread const thread = TRY(prepare(rig, self, unbind));
    self.target = thread.context.capability();
    TRY(rig.settle());
    REQUIRE(self.steps == 0);
    TRY(must(thread.context.bind(thread.tcb.capability())));
    TRY(rig.settle());
    REQUIRE(self.steps == 1 && self.error == Error::None);
    return {};
}

/// Puts the test's own CSpace below `node`, of two slots: a thread with that as its CSpace names things as
/// the test does.
auto make_cspace(Rig& rig, CPtr node) -> Outcome {
    auto const own_bits = TRY(must(rig.root().identify(kDepth, kRoot))).size_bits;
    return must(object::CNode{node}.mint(1, kDepth, abi::rights::kAll, 0, kRoot, kRoot,
                                         std::uint64_t{63} - own_bits));
}

/// Deleted, the CNode lives on in the thread; revoked, the thread has no CSpace any more.
auto its_own_cspace(Rig& rig) -> Outcome {
    for (bool const revoked : {false, true}) {
        Self self{.target = TRY(rig.make(ObjectType::CNode, 1))};
        TRY(make_cspace(rig, self.target));
        Thread const thread =
            TRY(prepare(rig, self, revoked ? revoke_target : delete_target, {.root = self.target}));
        TRY(rig.settle());
        REQUIRE(thread.state() == state::kFaulted);
        REQUIRE(self.steps == (revoked ? 3 : 2));
        REQUIRE(self.error == (revoked ? Error::InvalidCapability : Error::None));
        TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
    }
    return {};
}

/// The next instruction is a fault, which its handler gets.
auto its_own_address_space(Rig& rig) -> Outcome {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    CPtr const space = TRY(rig.make(ObjectType::VSpace));
    // It has no memory at all: its first instruction is a fault, that a revocation comes before.
    Thread const thread{object::Tcb{TRY(rig.make(ObjectType::Tcb))},
                        object::SchedContext{TRY(rig.make(ObjectType::SchedContext))}, 0};
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::High), thread.context.capability(),
                                  os::arch::counter_frequency(), 0, 0)));
    TRY(must(thread.tcb.configure(kRoot, space, faults)));
    TRY(must(thread.context.bind(thread.tcb.capability())));
    for (int round = 0; round < 2; ++round) {
        TRY(must(thread.tcb.write_registers(os::arch::reg::kProgramCounter, 1, true, {kFreeAddress})));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.tag.flags() == abi::MessageTag::kFault && fault.words[0] == kFreeAddress);
        REQUIRE(fault.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::VirtualMemory));
        TRY(must(rig.root().revoke(kDepth, space))); // the thread's copy goes
    }
    return {};
}

/// The same by a process itself, in the middle of its program.
auto the_ground_it_runs_on(Rig& rig) -> Outcome {
    for (bool const revoked : {false, true}) {
        Home home = TRY(Home::make(rig, Where::Other));
        CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
        auto& self = home.share<Self>();
        self.target = home.space();
        self.endpoint = TRY(home.give(kRoot)); // the test's CSpace
        self.revokes = revoked;
        auto const run = [](std::uint64_t argument) {
            auto& own = self_of(argument);
            object::CNode const root{own.endpoint};
            ++own.steps;
            (void)(own.revokes ? root.revoke(kDepth, own.target) : root.delete_(kDepth, own.target));
            ++own.steps;
            rest();
        };
        Thread const thread = TRY(home.start(run, self, {.fault_endpoint = faults}));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.tag.flags() == abi::MessageTag::kFault && thread.state() == state::kAwaitingReply);
        auto const kind = revoked ? abi::FaultKind::VirtualMemory : abi::FaultKind::Capability;
        REQUIRE(fault.tag.label() == static_cast<std::uint64_t>(kind));
        REQUIRE(self.steps == (revoked ? 1 : 2)); // deleted, it lives on in the thread
        REQUIRE((rig.type_in(home.space()) == ObjectType::Null) == !revoked);
        os::reply(message(1));
        TRY(rig.tear_down());
    }
    return {};
}

/// A server on its caller's time deletes the reply that keeps the caller: that is told, and takes its time.
auto the_reply_it_owes(Rig& rig) -> Outcome {
    static std::atomic<unsigned> told;
    static CPtr endpoint;
    told = 0;
    endpoint = TRY(rig.make(ObjectType::Endpoint));
    auto const serve = [](std::uint64_t argument) {
        auto& own = self_of(argument);
        (void)os::receive(endpoint);
        (void)object::Reply{own.target}.save();
        ++own.steps;
        own.error = refusal(object::CNode{kRoot}.delete_(kDepth, own.target));
        ++own.steps;
        rest();
    };
    auto const call = [](std::uint64_t /*argument*/) {
        told += kernel_error(os::call(endpoint, message(1))) == Error::Aborted ? 1 : 100;
        rest();
    };
    for (bool const passive : {false, true}) {
        Self self{.target = TRY(rig.make(ObjectType::Reply))};
        Thread const server = TRY(prepare(rig, self, serve));
        TRY(rig.settle());
        if (passive) {
            TRY(must(server.context.unbind()));
        }
        told = 0;
        TRY(rig.start({.run = call}));
        TRY(rig.settle());
        REQUIRE(told == 1 && self.steps == (passive ? 1 : 2));
        REQUIRE(rig.type_in(self.target) == ObjectType::Null);
        TRY(must(rig.root().delete_(kDepth, server.tcb.capability())));
    }
    return {};
}

/// All that a process is made of, with the endpoint it waits on and the reply that keeps its caller.
auto the_memory_it_is_made_of(Rig& rig) -> Outcome {
    constexpr unsigned kBits = 16;
    Self self{.target = TRY(rig.make(ObjectType::Untyped, kBits))};
    CPtr next = 0;
    auto const make = [&](ObjectType type) -> Got<CPtr> {
        next = rig.slot();
        TRY(must(
            object::Untyped{self.target}.retype(static_cast<std::uint8_t>(type), 1, 0, 1, kRoot, 0, next)));
        return next;
    };
    object::Tcb const thread{TRY(make(ObjectType::Tcb))};
    object::SchedContext const context{TRY(make(ObjectType::SchedContext))};
    CPtr const root = TRY(make(ObjectType::CNode));
    TRY(make_cspace(rig, root));
    CPtr const faults = TRY(make(ObjectType::Endpoint));
    Thread const donor = TRY(prepare(rig, self, revoke_target)); // of a stack
    TRY(must(donor.tcb.suspend()));
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::High), context.capability(),
                                  os::arch::counter_frequency(), 0, 0)));
    TRY(must(thread.configure(root, kOwnSpace, faults)));
    TRY(must(context.bind(thread.capability())));
    TRY(rig.restart({thread, context, donor.stack_top}, revoke_target,
                    reinterpret_cast<std::uint64_t>(&self)));
    REQUIRE(self.steps == 1);
    for (CPtr slot = thread.capability(); slot <= next; ++slot) {
        REQUIRE(rig.type_in(slot) == ObjectType::Null);
    }
    return must(object::Untyped{self.target}.retype(static_cast<std::uint8_t>(ObjectType::Untyped), kBits - 1,
                                                    0, 2, kRoot, 0, rig.slot()));
}

/// Without it, the next fault stops it for good.
auto its_own_fault_handler(Rig& rig) -> Outcome {
    Self self{.target = TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(prepare(rig, self, revoke_target, {.fault_endpoint = self.target}));
    TRY(rig.settle());
    REQUIRE(self.steps == 3 && self.error == Error::TruncatedMessage);
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

/// A server deletes who called it, and answers.
auto its_caller(Rig& rig) -> Outcome {
    Self self{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
    auto const serve = [](std::uint64_t argument) {
        auto& own = self_of(argument);
        (void)os::receive(own.endpoint);
        own.error = refusal(object::CNode{kRoot}.delete_(kDepth, own.target));
        ++own.steps;
        os::reply(message(5));
        ++own.steps;
        rest();
    };
    auto const call = [](std::uint64_t endpoint) {
        (void)os::call(endpoint, message(1));
        rest();
    };
    Thread const server = TRY(prepare(rig, self, serve));
    TRY(rig.settle());
    Thread const caller = TRY(prepare(rig, self, call));
    TRY(must(caller.tcb.suspend()));
    self.target = caller.tcb.capability();
    TRY(rig.restart(caller, call, self.endpoint));
    TRY(rig.settle());
    REQUIRE(self.steps == 2 && self.error == Error::None && server.state() == state::kFaulted);
    REQUIRE(rig.type_in(self.target) == ObjectType::Null);
    return {};
}

constexpr std::array kTests{
    Test{"a_thread_deletes_itself", its_own_thread},
    Test{"a_thread_deletes_its_time", its_own_time},
    Test{"a_thread_unbinds_its_time", its_own_time_by_unbinding},
    Test{"a_thread_deletes_its_cspace", its_own_cspace},
    Test{"a_thread_loses_its_address_space", its_own_address_space},
    Test{"a_process_deletes_its_address_space", the_ground_it_runs_on},
    Test{"a_server_deletes_the_reply_it_owes", the_reply_it_owes},
    Test{"a_thread_revokes_the_memory_it_is_made_of", the_memory_it_is_made_of},
    Test{"a_thread_deletes_its_fault_handler", its_own_fault_handler},
    Test{"a_server_deletes_its_caller", its_caller},
};

} // namespace

auto hostile_ending_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
