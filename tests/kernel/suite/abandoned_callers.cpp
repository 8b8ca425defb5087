// SPDX-License-Identifier: MIT
/// However a server ends, nobody waits for it for ever: a call returns an answer or Aborted, or waits for
/// someone else who can still give one.
#include "caller.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr std::uint64_t kAnswer = 7; ///< label

/// How far a call has come when the server ends.
enum class Stage : std::uint8_t {
    Queued,   ///< nobody has received it
    Received, ///< the server owes the answer
    Kept,     ///< a reply object of the server's keeps the caller
};

/// A server and the memory that it is made of. It waits for someone to take its message before it goes on.
struct Server {
    Stage stage{};
    CPtr memory{};
    CPtr endpoint{};
    CPtr reply{};
    CPtr gate{};
    Thread thread;
    std::atomic<unsigned> waits{};
};

void serve(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Server*>(argument);
    if (self.stage != Stage::Queued) {
        (void)os::receive(self.endpoint);
    }
    if (self.stage == Stage::Kept) {
        (void)object::Reply{self.reply}.save();
    }
    ++self.waits;
    os::send(self.gate, message(1));
    os::send(self.reply, message(kAnswer)); // nothing, unless it keeps someone
    os::reply(message(kAnswer));
    rest();
}

auto is_told(Caller const& caller) -> bool {
    constexpr auto kAborted =
        abi::MessageTag{static_cast<std::uint64_t>(Error::Aborted), 0, abi::MessageTag::kKernel};
    return eventually([&] { return caller.answers == 1; }) && caller.answer.tag.raw() == kAborted.raw();
}
auto is_answered(Caller const& caller) -> bool {
    return eventually([&] { return caller.answers == 1; }) &&
           caller.answer.tag.raw() == message(kAnswer).tag.raw();
}
auto waits(Caller const& caller) -> bool {
    spend(os::arch::counter_frequency() / 10'000);
    return caller.answers == 0;
}

/// Where and on whose time the server works.
struct Kind {
    Stage stage;
    bool passive; ///< without time of its own
    std::size_t core;
};

auto make_of(Rig& rig, CPtr memory, ObjectType type) -> Got<CPtr> {
    CPtr const slot = rig.slot();
    TRY(must(object::Untyped{memory}.retype(static_cast<std::uint8_t>(type), 0, 0, 1, kRoot, 0, slot)));
    return slot;
}

/// The server's thread is made of its memory; the stack that it runs on is a stopped thread's.
auto start(Rig& rig, Server& server, Caller& caller, Kind const& kind) -> Outcome {
    constexpr unsigned kBits = 13;
    server.stage = kind.stage;
    server.memory = TRY(rig.make(ObjectType::Untyped, kBits));
    server.endpoint = TRY(make_of(rig, server.memory, ObjectType::Endpoint));
    server.reply = TRY(make_of(rig, server.memory, ObjectType::Reply));
    server.gate = TRY(rig.make(ObjectType::Endpoint));
    Thread const donor = TRY(rig.start({.run = [](std::uint64_t) { rest(); }}));
    server.thread = {object::Tcb{TRY(make_of(rig, server.memory, ObjectType::Tcb))},
                     object::SchedContext{TRY(make_of(rig, server.memory, ObjectType::SchedContext))},
                     donor.stack_top};
    TRY(rig.move(server.thread, kind.core));
    TRY(must(server.thread.tcb.configure(kRoot, kOwnSpace, abi::kNullCPtr)));
    TRY(must(server.thread.context.bind(server.thread.tcb.capability())));
    TRY(rig.restart(server.thread, serve, reinterpret_cast<std::uint64_t>(&server)));
    auto const has_begun = [&] {
        return server.thread.state() == (kind.stage == Stage::Queued ? state::kSending : state::kReceiving);
    };
    REQUIRE(eventually(has_begun));
    if (kind.passive) {
        TRY(must(server.thread.context.unbind()));
    }
    caller.endpoint = server.endpoint;
    TRY(start_caller(rig, caller));
    REQUIRE(eventually([&] { return server.waits == 1 && server.thread.state() == state::kSending; }));
    REQUIRE(caller.answers == 0);
    return {};
}

auto end(Rig& rig, CPtr slot) -> Outcome {
    TRY(must(rig.root().revoke(kDepth, slot)));
    return must(rig.root().delete_(kDepth, slot));
}
/// Ends it as the last capability in a CNode that goes.
auto end_in_node(Rig& rig, CPtr slot) -> Outcome {
    CPtr const node = TRY(rig.make(ObjectType::CNode, 2));
    TRY(must(object::CNode{node}.move(2, kDepth, 3, kRoot, slot)));
    return must(rig.root().delete_(kDepth, node));
}

/// A test on one way to end, for each kind of server at this stage.
auto for_each_kind(Rig& rig, Stage stage, auto test) -> Outcome {
    for (bool const passive : {false, true}) {
        for (std::size_t core = 0; core < rig.core_count(); ++core) {
            // One without time runs where its caller does.
            if (passive && (core != 0 || stage == Stage::Queued)) {
                continue;
            }
            Server server;
            Caller caller;
            TRY(start(rig, server, caller, {stage, passive, core}));
            TRY(test(server, caller));
            TRY(rig.tear_down());
        }
    }
    return {};
}

auto with_the_thread(Rig& rig) -> Outcome {
    return for_each_kind(rig, Stage::Received, [&](Server const& server, Caller const& caller) -> Outcome {
        TRY(must(rig.root().delete_(kDepth, server.thread.tcb.capability())));
        REQUIRE(is_told(caller));
        return {};
    });
}

auto with_the_memory(Rig& rig) -> Outcome {
    for (auto const stage : {Stage::Queued, Stage::Received, Stage::Kept}) {
        TRY(for_each_kind(rig, stage, [&](Server const& server, Caller const& caller) -> Outcome {
            TRY(must(rig.root().revoke(kDepth, server.memory)));
            REQUIRE(is_told(caller));
            return {};
        }));
    }
    return {};
}

auto with_the_endpoint(Rig& rig) -> Outcome {
    for (auto* const how : {end, end_in_node}) {
        TRY(for_each_kind(rig, Stage::Queued, [&](Server const& server, Caller const& caller) -> Outcome {
            TRY(how(rig, server.endpoint));
            REQUIRE(is_told(caller));
            return {};
        }));
    }
    return {};
}

auto with_the_reply(Rig& rig) -> Outcome {
    for (auto* const how : {end, end_in_node}) {
        TRY(for_each_kind(rig, Stage::Kept, [&](Server const& server, Caller const& caller) -> Outcome {
            TRY(how(rig, server.reply));
            REQUIRE(is_told(caller));
            return {};
        }));
    }
    return {};
}

/// What was received can be answered without the endpoint that it came through.
auto not_with_the_endpoint_it_came_through(Rig& rig) -> Outcome {
    for (auto const stage : {Stage::Received, Stage::Kept}) {
        TRY(for_each_kind(rig, stage, [&](Server const& server, Caller const& caller) -> Outcome {
            TRY(end(rig, server.endpoint));
            REQUIRE(waits(caller));
            (void)os::receive(server.gate);
            REQUIRE(is_answered(caller));
            return {};
        }));
    }
    return {};
}

/// Whoever else has the endpoint, or the reply, can answer.
auto not_while_someone_else_can_answer(Rig& rig) -> Outcome {
    TRY(for_each_kind(rig, Stage::Queued, [&](Server const& server, Caller const& caller) -> Outcome {
        TRY(must(rig.root().delete_(kDepth, server.thread.tcb.capability())));
        REQUIRE(waits(caller));
        (void)os::receive(server.endpoint);
        os::reply(message(kAnswer));
        REQUIRE(is_answered(caller));
        return {};
    }));
    return for_each_kind(rig, Stage::Kept, [&](Server const& server, Caller const& caller) -> Outcome {
        TRY(must(rig.root().delete_(kDepth, server.thread.tcb.capability())));
        REQUIRE(waits(caller));
        os::send(server.reply, message(kAnswer));
        REQUIRE(is_answered(caller));
        return {};
    });
}

/// Its next instruction stops it for good.
auto with_the_address_space(Rig& rig) -> Outcome {
    return for_each_kind(rig, Stage::Received, [&](Server const& server, Caller const& caller) -> Outcome {
        CPtr const nothing = TRY(rig.make(ObjectType::VSpace));
        TRY(must(server.thread.tcb.configure(kRoot, nothing, abi::kNullCPtr)));
        TRY(end(rig, nothing));
        (void)os::receive(server.gate);
        REQUIRE(is_told(caller));
        REQUIRE(server.thread.state() == state::kFaulted);
        return {};
    });
}

/// A server that is stopped may go on; until then its caller waits, and longer if it does not.
auto with_a_suspended_server(Rig& rig) -> Outcome {
    return for_each_kind(rig, Stage::Received, [&](Server const& server, Caller const& caller) -> Outcome {
        TRY(must(server.thread.tcb.suspend()));
        REQUIRE(waits(caller));
        TRY(must(rig.root().delete_(kDepth, server.thread.tcb.capability())));
        REQUIRE(is_told(caller));
        return {};
    });
}

/// Calls the next one and passes on what it hears.
struct Link {
    CPtr endpoint{};
    CPtr next{};
    std::atomic<unsigned> told{};
};

void pass_on(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Link*>(argument);
    (void)os::receive(self.endpoint);
    auto const heard = os::call(self.next, message(1));
    self.told += kernel_error(heard) == Error::Aborted ? 1 : 0;
    os::reply(message(kAnswer));
    rest();
}

/// Calls over calls: who is in the middle of them ends, and each that waits for it hears of that.
auto along_a_chain(Rig& rig) -> Outcome {
    constexpr std::size_t kLinks = 5;
    for (std::size_t ended = 0; ended < kLinks; ++ended) {
        std::array<Link, kLinks> links;
        std::array<CPtr, kLinks> threads{};
        CPtr next = TRY(rig.make(ObjectType::Endpoint)); // nobody receives on the last one
        for (std::size_t index = kLinks; index-- > 0;) {
            links[index].next = next;
            links[index].endpoint = next = TRY(rig.make(ObjectType::Endpoint));
            Thread const thread =
                TRY(rig.start({.run = pass_on, .argument = reinterpret_cast<std::uint64_t>(&links[index])}));
            TRY(must(thread.context.unbind()));
            threads[index] = thread.tcb.capability();
        }
        Caller caller{next};
        TRY(start_caller(rig, caller));
        REQUIRE(caller.answers == 0);
        TRY(must(rig.root().delete_(kDepth, threads[ended])));
        REQUIRE(ended == 0 ? is_told(caller) : is_answered(caller));
        for (std::size_t index = 0; index < kLinks; ++index) {
            REQUIRE(links[index].told == (index + 1 == ended ? 1 : 0));
        }
        TRY(rig.tear_down());
    }
    return {};
}

constexpr std::array kTests{
    Test{"a_caller_is_told_of_its_servers_thread", with_the_thread},
    Test{"a_caller_is_told_of_its_servers_memory", with_the_memory},
    Test{"a_caller_is_told_of_its_servers_endpoint", with_the_endpoint},
    Test{"a_caller_is_told_of_its_servers_reply", with_the_reply},
    Test{"a_caller_is_told_of_its_servers_address_space", with_the_address_space},
    Test{"a_caller_is_told_of_a_suspended_server_that_ends", with_a_suspended_server},
    Test{"a_received_call_outlives_the_endpoint", not_with_the_endpoint_it_came_through},
    Test{"a_caller_waits_while_someone_else_can_answer", not_while_someone_else_can_answer},
    Test{"a_chain_of_callers_is_told", along_a_chain},
};

} // namespace

auto abandoned_caller_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
