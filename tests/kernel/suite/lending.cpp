// SPDX-License-Identifier: MIT
/// Contexts that are lent over calls: down a chain of servers and back, to lower servers, to fault handlers.
#include "instructions.hpp"
#include "rig.hpp"
#include "tests.hpp"

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
};

void call_often(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Client*>(argument);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        auto const answer = os::call(self.endpoint, message(round));
        self.right += answer.tag.label() == round + self.expected ? 1U : 0U;
    }
    os::signal(self.done);
    rest();
}

auto start_client(Rig& rig, Client& client, Priority priority = Priority::High) -> Got<Thread> {
    return rig.start(
        {.run = call_often, .argument = reinterpret_cast<std::uint64_t>(&client), .priority = priority});
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
    TRY(start_client(rig, client, priority));
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
            TRY(start_client(rig, client));
        }
        Thread const thread =
            TRY(rig.start({.run = serve, .argument = self_of(server), .priority = Priority::Low}));
        server.tcb = thread.tcb.capability();
        if (!client_first) {
            TRY(rig.settle());
            TRY(start_client(rig, client));
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
};

} // namespace

auto lending_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
