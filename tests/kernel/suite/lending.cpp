// SPDX-License-Identifier: MIT
/// Contexts that are lent over calls: down a chain of servers and back, and when something in the chain goes.
#include "instructions.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/arch.hpp"
#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kRounds = 10;

/// A server that adds one to the label, and before that has the next server do the same.
struct Server {
    CPtr endpoint{};
    CPtr next{};
    CPtr reply{}; ///< keeps its callers there
    CPtr tcb{};
    unsigned served{};
    unsigned priority{}; ///< that it had when it last served
};

auto self_of(Server& server) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&server); }

void serve(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Server*>(argument);
    auto received = os::receive(self.endpoint);
    while (true) {
        if (self.reply != 0) {
            (void)object::Reply{self.reply}.save();
        }
        auto const state = object::Tcb{self.tcb}.state();
        self.priority = state ? state->priority : 0;
        auto label = received.message.tag.label() + 1;
        if (self.next != 0) {
            label = os::call(self.next, message(label)).tag.label();
        }
        ++self.served;
        if (self.reply != 0) {
            received = os::send_receive(self.reply, message(label), self.endpoint);
        } else {
            received = os::reply_receive(self.endpoint, message(label));
        }
    }
}

/// Starts a server, and takes its context from it when it has come to its receive.
auto start_passive(Rig& rig, Server& server) -> Got<Thread> {
    Thread const thread = TRY(rig.start({.run = serve, .argument = self_of(server)}));
    server.tcb = thread.tcb.capability();
    TRY(must(thread.context.unbind()));
    return thread;
}

struct Client {
    CPtr endpoint{};
    CPtr done{}; ///< notification
    std::uint64_t expected{};
    unsigned right{};
    os::Message answer{};
    std::atomic<unsigned> answers{};
};

void call_often(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Client*>(argument);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        self.answer = os::call(self.endpoint, message(round));
        self.right += self.answer.tag.label() == round + self.expected ? 1U : 0U;
        ++self.answers;
    }
    os::signal(self.done);
    rest();
}

void call_once(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Client*>(argument);
    self.answer = os::call(self.endpoint, message(1));
    ++self.answers;
    rest();
}

auto start_client(Rig& rig, Client& client, void (*run)(std::uint64_t), Priority priority = Priority::High)
    -> Got<Thread> {
    return rig.start(
        {.run = run, .argument = reinterpret_cast<std::uint64_t>(&client), .priority = priority});
}

enum class Kept : bool { No, Yes };

/// A client and a chain of three servers that have no contexts.
auto go_down_a_chain(Rig& rig, Priority priority, Kept kept) -> Outcome {
    std::array<Server, 3> servers;
    for (std::size_t index = servers.size(); index-- > 0;) {
        auto& server = servers[index];
        server.endpoint = TRY(rig.make(ObjectType::Endpoint));
        server.next = index + 1 < servers.size() ? servers[index + 1].endpoint : 0;
        server.reply = kept == Kept::Yes ? TRY(rig.make(ObjectType::Reply)) : 0;
        TRY(start_passive(rig, server));
    }
    Client client{.endpoint = servers[0].endpoint,
                  .done = TRY(rig.make(ObjectType::Notification)),
                  .expected = servers.size()};
    TRY(start_client(rig, client, call_often, priority));
    (void)os::wait(client.done);
    REQUIRE(client.right == kRounds);
    for (auto const& server : servers) {
        REQUIRE(server.served == kRounds && server.priority == static_cast<unsigned>(priority));
        REQUIRE(TRY(must(object::Tcb{server.tcb}.state())).priority == 0); // it has none of its own
    }
    return {};
}

auto a_context_goes_down_a_chain(Rig& rig) -> Outcome {
    return go_down_a_chain(rig, Priority::Middle, Kept::No);
}
auto a_context_goes_down_a_chain_from_above(Rig& rig) -> Outcome {
    return go_down_a_chain(rig, Priority::High, Kept::No);
}
auto a_context_goes_down_a_chain_of_kept_callers(Rig& rig) -> Outcome {
    return go_down_a_chain(rig, Priority::Middle, Kept::Yes);
}
auto a_context_goes_down_a_kept_chain_from_above(Rig& rig) -> Outcome {
    return go_down_a_chain(rig, Priority::High, Kept::Yes);
}
auto a_context_goes_down_a_kept_chain_from_below(Rig& rig) -> Outcome {
    return go_down_a_chain(rig, Priority::Low, Kept::Yes);
}

auto many_servers_serve_on_lent_contexts(Rig& rig) -> Outcome {
    std::array<Server, 8> servers;
    for (auto& server : servers) {
        server.endpoint = TRY(rig.make(ObjectType::Endpoint));
        TRY(start_passive(rig, server));
    }
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        for (auto const& server : servers) {
            REQUIRE(os::call(server.endpoint, message(round)).tag.label() == round + 1);
            REQUIRE(server.served == round + 1);
        }
    }
    return {};
}

auto a_lower_server_gets_its_clients_context(Rig& rig) -> Outcome {
    for (bool const client_first : {false, true}) {
        Server server{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
        Client client{
            .endpoint = server.endpoint, .done = TRY(rig.make(ObjectType::Notification)), .expected = 1};
        if (client_first) {
            TRY(start_client(rig, client, call_often));
        }
        Thread const thread =
            TRY(rig.start({.run = serve, .argument = self_of(server), .priority = Priority::Low}));
        server.tcb = thread.tcb.capability();
        if (!client_first) {
            TRY(rig.settle());
            TRY(start_client(rig, client, call_often));
        }
        (void)os::wait(client.done);
        REQUIRE(client.right == kRounds);
        REQUIRE(server.priority == static_cast<unsigned>(Priority::High));
        TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
    }
    return {};
}

auto a_passive_handler_runs_on_the_faulters_time(Rig& rig) -> Outcome {
    static std::atomic<unsigned> handled;
    static std::atomic<unsigned> skipped;
    handled = 0;
    skipped = 0;
    auto const handle = [](std::uint64_t faults) {
        auto received = os::receive(faults);
        while (received.message.tag.label() == 3) { // UserException
            ++handled;
            received = os::reply_receive(faults, message(0, received.message.words[0] + instruction::kSize));
        }
        rest();
    };
    auto const fault = [](std::uint64_t) {
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            instruction::undefined();
            ++skipped;
        }
        rest();
    };
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const handler = TRY(rig.start({.run = handle, .argument = faults}));
    TRY(must(handler.context.unbind()));
    TRY(rig.start({.run = fault, .fault_endpoint = faults}));
    REQUIRE(handled == kRounds && skipped == kRounds);
    return {};
}

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
    Client client{.endpoint = stage.endpoint};
    TRY(start_client(rig, client, call_once));
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
    Client client{.endpoint = stage.endpoint};
    TRY(start_client(rig, client, call_once));
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
    Client client{.endpoint = stage.endpoint};
    Thread const caller = TRY(start_client(rig, client, call_once));
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
    Client client{};
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
    Thread const client = TRY(start_client(rig, chain.client, call_once));
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
    Client client{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
    Thread const thread = TRY(start_client(rig, client, call_once));
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
    Client client{.endpoint = TRY(rig.make(ObjectType::Endpoint))};
    CPtr const reply = TRY(rig.make(ObjectType::Reply));
    Thread const thread = TRY(start_client(rig, client, call_once, Priority::Low));
    (void)os::receive(client.endpoint);
    TRY(must(object::Reply{reply}.save()));
    TRY(must(rig.root().delete_(kDepth, reply)));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    TRY(rig.settle());
    REQUIRE(client.answers == 0 && has_no_time(thread));
    return {};
}

constexpr std::array kTests{
    Test{"a_context_goes_down_a_chain", a_context_goes_down_a_chain, "IPC0015 IPC0016"},
    Test{"a_context_goes_down_a_chain_from_above", a_context_goes_down_a_chain_from_above, "IPC0014"},
    Test{"a_context_goes_down_a_chain_of_kept_callers", a_context_goes_down_a_chain_of_kept_callers,
         "IPC0011"},
    Test{"a_context_goes_down_a_kept_chain_from_above", a_context_goes_down_a_kept_chain_from_above,
         "IPC0012"},
    Test{"a_context_goes_down_a_kept_chain_from_below", a_context_goes_down_a_kept_chain_from_below,
         "IPC0013"},
    Test{"many_servers_serve_on_lent_contexts", many_servers_serve_on_lent_contexts, "IPC0022"},
    Test{"a_lower_server_gets_its_clients_context", a_lower_server_gets_its_clients_context, "IPC0027"},
    Test{"a_passive_handler_runs_on_the_faulters_time", a_passive_handler_runs_on_the_faulters_time,
         "IPC0021"},
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

auto lending_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
