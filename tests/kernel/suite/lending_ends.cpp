// SPDX-License-Identifier: MIT
/// Contexts that are lent over calls, when something in the chain goes: a server, a reply object, a context.
#include "caller.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

/// A server that keeps its caller, asks the next one, and then waits for someone to take its message.
struct Stage {
    CPtr endpoint{};
    CPtr next{};
    CPtr reply{};
    CPtr gate{};
    os::Message heard{};
    std::atomic<unsigned> taken{};
    std::atomic<unsigned> asked{};
    std::atomic<unsigned> passed{};
};

void pass_on(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Stage*>(argument);
    (void)os::receive(self.endpoint);
    (void)object::Reply{self.reply}.save();
    ++self.taken;
    if (self.next != 0) {
        self.heard = os::call(self.next, message(1));
        ++self.asked;
    }
    os::send(self.gate, message(1));
    ++self.passed;
    os::send(self.reply, message(7));
    rest();
}

auto start_stage(Rig& rig, Stage& stage) -> Got<Thread> {
    stage.endpoint = TRY(rig.make(ObjectType::Endpoint));
    stage.reply = TRY(rig.make(ObjectType::Reply));
    stage.gate = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread =
        TRY(rig.start({.run = pass_on, .argument = reinterpret_cast<std::uint64_t>(&stage)}));
    TRY(must(thread.context.unbind()));
    return thread;
}

auto aborted(os::Message const& answer) -> bool { return kernel_error(answer) == Error::Aborted; }
auto has_no_time(Thread const& thread) -> bool {
    auto const state = thread.tcb.state();
    return state && state->priority == 0;
}

auto a_deleted_server_returns_the_context(Rig& rig) -> Outcome {
    Stage stage;
    Thread const server = TRY(start_stage(rig, stage));
    Caller client{.endpoint = stage.endpoint};
    TRY(start_caller(rig, client));
    REQUIRE(stage.taken == 1 && client.answers == 0);
    TRY(must(rig.root().delete_(kDepth, server.tcb.capability())));
    // The reply object still has the caller: whoever holds that can answer.
    REQUIRE(client.answers == 0);
    TRY(must(rig.root().delete_(kDepth, stage.reply)));
    REQUIRE(client.answers == 1 && aborted(client.answer));
    return {};
}

auto a_deleted_reply_returns_the_context(Rig& rig) -> Outcome {
    Stage stage;
    Thread const server = TRY(start_stage(rig, stage));
    Caller client{.endpoint = stage.endpoint};
    TRY(start_caller(rig, client));
    TRY(must(rig.root().delete_(kDepth, stage.reply)));
    REQUIRE(client.answers == 1 && aborted(client.answer));
    REQUIRE(has_no_time(server) && stage.passed == 0);
    (void)os::receive(stage.gate);
    REQUIRE(stage.passed == 0); // its message is taken, and yet it has no time to go on
    return {};
}

auto an_unbound_context_stops_the_server(Rig& rig) -> Outcome {
    Stage stage;
    Thread const server = TRY(start_stage(rig, stage));
    Caller client{.endpoint = stage.endpoint};
    Thread const caller = TRY(start_caller(rig, client));
    TRY(must(caller.context.unbind()));
    (void)os::receive(stage.gate);
    REQUIRE(has_no_time(server) && stage.passed == 0);
    TRY(must(caller.context.bind(server.tcb.capability())));
    REQUIRE(stage.passed == 1 && client.answers == 0);
    TRY(must(caller.context.unbind()));
    TRY(must(caller.context.bind(caller.tcb.capability())));
    REQUIRE(client.answers == 1 && client.answer.tag.label() == 7);
    return {};
}

/// A client whose call goes through a proxy to a server; both keep their callers.
struct Chain {
    Stage server{};
    Stage proxy{};
    Caller client{};
};

struct Threads {
    Thread server;
    Thread proxy;
    Thread client;
};

auto start_chain(Rig& rig, Chain& chain) -> Got<Threads> {
    Thread const server = TRY(start_stage(rig, chain.server));
    chain.proxy.next = chain.server.endpoint;
    Thread const proxy = TRY(start_stage(rig, chain.proxy));
    chain.client.endpoint = chain.proxy.endpoint;
    Thread const client = TRY(start_caller(rig, chain.client));
    REQUIRE(chain.server.taken == 1 && chain.proxy.taken == 1 && chain.proxy.asked == 0);
    return Threads{server, proxy, client};
}

auto replies_are_deleted_from_the_servers_end(Rig& rig) -> Outcome {
    Chain chain;
    auto const threads = TRY(start_chain(rig, chain));
    TRY(must(rig.root().delete_(kDepth, chain.server.reply)));
    REQUIRE(chain.proxy.asked == 1 && aborted(chain.proxy.heard));
    REQUIRE(has_no_time(threads.server) && !has_no_time(threads.proxy));
    REQUIRE(chain.client.answers == 0);
    TRY(must(rig.root().delete_(kDepth, chain.proxy.reply)));
    REQUIRE(chain.client.answers == 1 && aborted(chain.client.answer));
    REQUIRE(has_no_time(threads.proxy));
    return {};
}

auto replies_are_deleted_out_of_order(Rig& rig) -> Outcome {
    Chain chain;
    auto const threads = TRY(start_chain(rig, chain));
    TRY(must(rig.root().delete_(kDepth, chain.proxy.reply)));
    REQUIRE(chain.client.answers == 1 && aborted(chain.client.answer));
    REQUIRE(has_no_time(threads.proxy) && has_no_time(threads.server));
    TRY(must(rig.root().delete_(kDepth, chain.server.reply)));
    REQUIRE(chain.proxy.asked == 0); // told, with no time to hear it
    TRY(must(threads.proxy.context.bind(threads.proxy.tcb.capability())));
    REQUIRE(chain.proxy.asked == 1 && aborted(chain.proxy.heard));
    return {};
}

auto a_chain_stops_with_its_context(Rig& rig) -> Outcome {
    Chain chain;
    auto const threads = TRY(start_chain(rig, chain));
    TRY(must(rig.root().delete_(kDepth, threads.client.context.capability())));
    (void)os::receive(chain.server.gate);
    REQUIRE(has_no_time(threads.server) && chain.server.passed == 0);
    // Each goes on with a new one.
    TRY(must(threads.server.context.bind(threads.server.tcb.capability())));
    REQUIRE(chain.server.passed == 1 && chain.proxy.asked == 0);
    TRY(must(threads.proxy.context.bind(threads.proxy.tcb.capability())));
    REQUIRE(chain.proxy.asked == 1 && chain.proxy.heard.tag.label() == 7);
    (void)os::receive(chain.proxy.gate);
    REQUIRE(chain.proxy.passed == 1 && chain.client.answers == 0);
    TRY(must(threads.server.context.unbind()));
    TRY(must(threads.server.context.bind(threads.client.tcb.capability())));
    REQUIRE(chain.client.answers == 1 && chain.client.answer.tag.label() == 7);
    return {};
}

auto a_reply_after_the_context_has_gone_succeeds(Rig& rig) -> Outcome {
    Caller client{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start_caller(rig, client));
    (void)os::receive(client.endpoint);
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    os::reply(message(9));
    REQUIRE(client.answers == 0 && has_no_time(thread));
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::High), context,
                                  os::arch::counter_frequency(), 0, 0)));
    TRY(must(object::SchedContext{context}.bind(thread.tcb.capability())));
    REQUIRE(client.answers == 1 && client.answer.tag.label() == 9);
    return {};
}

auto a_reply_and_a_context_are_deleted(Rig& rig) -> Outcome {
    Caller client{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
    CPtr const reply = TRY(rig.make(ObjectType::Reply));
    Thread const thread = TRY(start_caller(rig, client, Priority::Low));
    (void)os::receive(client.endpoint);
    TRY(must(object::Reply{reply}.save()));
    TRY(must(rig.root().delete_(kDepth, reply)));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    TRY(rig.settle());
    REQUIRE(client.answers == 0 && has_no_time(thread));
    return {};
}

constexpr std::array kTests{
    Test{"a_deleted_server_returns_the_context", a_deleted_server_returns_the_context, "SCHED_CONTEXT_0008"},
    Test{"a_deleted_reply_returns_the_context", a_deleted_reply_returns_the_context, "SCHED_CONTEXT_0009"},
    Test{"an_unbound_context_stops_the_server", an_unbound_context_stops_the_server, "SCHED_CONTEXT_0010"},
    Test{"replies_are_deleted_from_the_servers_end", replies_are_deleted_from_the_servers_end,
         "SCHED_CONTEXT_0011"},
    Test{"replies_are_deleted_out_of_order", replies_are_deleted_out_of_order, "SCHED_CONTEXT_0012"},
    Test{"a_chain_stops_with_its_context", a_chain_stops_with_its_context, "SCHED_CONTEXT_0013"},
    Test{"a_reply_after_the_context_has_gone_succeeds", a_reply_after_the_context_has_gone_succeeds,
         "IPC0023"},
    Test{"a_reply_and_a_context_are_deleted", a_reply_and_a_context_are_deleted, "IPC0024"},
};

} // namespace

auto lending_end_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
