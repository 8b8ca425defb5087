// SPDX-License-Identifier: MIT
/// Budgets, periods, and timeout faults.
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kBadge = 77;

void spin(std::uint64_t /*argument*/) {
    while (true) {
        keep_busy();
    }
}

auto ticks_of(std::uint64_t microseconds) -> std::uint64_t {
    return os::arch::counter_frequency() / 1'000'000 * microseconds;
}

auto contexts_are_configured_anew(Rig& rig) -> Outcome {
    static std::atomic<std::uint64_t> rounds;
    rounds = 0;
    auto const run = [](std::uint64_t notification) {
        while (true) {
            ++rounds;
            (void)os::wait(notification);
        }
    };
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Thread const thread = TRY(rig.start({.run = run, .argument = notification, .priority = Priority::Low}));
    auto const configure = [&](Priority priority) {
        return must(rig.core().configure(static_cast<std::uint8_t>(priority), thread.context.capability(),
                                         os::arch::counter_frequency(), 0, 0));
    };
    REQUIRE(rounds == 0);
    TRY(configure(Priority::High)); // ready, then up
    REQUIRE(rounds == 1);
    TRY(configure(Priority::Low)); // down while it waits
    os::signal(notification);
    REQUIRE(rounds == 1);
    TRY(must(thread.tcb.suspend()));
    TRY(configure(Priority::High)); // up while it is stopped
    REQUIRE(rounds == 1);
    TRY(must(thread.tcb.resume()));
    REQUIRE(rounds == 2);
    return {};
}

auto configure_checks_its_arguments(Rig& rig) -> Outcome {
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    auto const with = [&](CPtr object, std::uint64_t budget, std::uint64_t period) {
        return refusal(rig.core().configure(1, object, budget, period, 0));
    };
    REQUIRE(with(TRY(rig.make(ObjectType::Tcb)), 100, 100) == Error::InvalidCapability);
    REQUIRE(with(rig.slot(), 100, 100) == Error::InvalidCapability);
    REQUIRE(with(context, 0, 100) == Error::RangeError);
    REQUIRE(with(context, 101, 100) == Error::RangeError);
    constexpr auto kLongest = (std::uint64_t{1} << 52U) - 1;
    REQUIRE(with(context, 1, kLongest + 1) == Error::RangeError);
    REQUIRE(with(context, 1, ~std::uint64_t{0}) == Error::RangeError);
    REQUIRE(with(context, kLongest + 1, 0) == Error::RangeError);
    REQUIRE(with(context, 1, 1) == Error::None);
    REQUIRE(with(context, 100, 100) == Error::None);
    REQUIRE(with(context, kLongest, kLongest) == Error::None);
    return {};
}

/// Below this thread: it runs when the test waits for its timeout.
auto start_limited(Rig& rig, CPtr timeouts, void (*run)(std::uint64_t), std::uint64_t argument,
                   std::uint64_t slowness = 1) -> Got<Thread> {
    Thread const thread = TRY(rig.start({.run = run, .argument = argument, .priority = Priority::Low}));
    auto const budget = ticks_of(5000) * slowness;
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::Low), thread.context.capability(),
                                  budget, 4 * budget, kBadge)));
    if (timeouts != 0) {
        TRY(must(thread.tcb.set_timeout_endpoint(timeouts)));
    }
    return thread;
}

auto is_timeout(os::Received const& received) -> bool {
    return received.message.tag.has(abi::MessageTag::kFault) &&
           received.message.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::Timeout) &&
           received.message.words[1] == kBadge && received.message.words[2] >= ticks_of(5000);
}

auto a_used_up_budget_is_a_fault(Rig& rig) -> Outcome {
    CPtr const timeouts = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread = TRY(start_limited(rig, timeouts, spin, 0));
    auto received = os::receive(timeouts);
    for (int round = 0; round < 3; ++round) {
        REQUIRE(is_timeout(received));
        REQUIRE(thread.state() == state::kAwaitingReply);
        received = os::reply_receive(timeouts, message(0));
    }
    os::reply(message(1));
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

/// Passes calls on, or keeps one and never comes to an end.
struct Worker {
    CPtr endpoint{};
    CPtr next{};
    CPtr reply{};
    std::atomic<bool> spins{}; ///< it has come to where it stays
    os::Message heard{};
};

void work_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Worker*>(argument);
    (void)os::receive(self.endpoint);
    if (self.reply != 0) {
        (void)object::Reply{self.reply}.save();
    }
    if (self.next != 0) {
        self.heard = os::call(self.next, message(1));
    }
    self.spins = true;
    spin(0);
}

void answer_all(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Worker*>(argument);
    (void)os::receive(self.endpoint);
    while (true) {
        (void)os::reply_receive(self.endpoint, message(5));
    }
}

auto start_worker(Rig& rig, Worker& worker, CPtr timeouts) -> Got<Thread> {
    worker.endpoint = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread =
        TRY(rig.start({.run = work_for_ever, .argument = reinterpret_cast<std::uint64_t>(&worker)}));
    TRY(must(thread.context.unbind()));
    TRY(must(thread.tcb.set_timeout_endpoint(timeouts)));
    return thread;
}

struct Client {
    CPtr endpoint{};
    CPtr done{};
    std::array<os::Message, 2> heard{};
    std::atomic<unsigned> answers{};
};

void call_twice(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Client*>(argument);
    for (auto& heard : self.heard) {
        heard = os::call(self.endpoint, message(1));
        ++self.answers;
    }
    os::signal(self.done);
    rest();
}

/// Good: the budget was enough to come to the server.
auto restore_a_server(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    CPtr const timeouts = TRY(rig.make(ObjectType::Endpoint));
    Worker worker{.reply = TRY(rig.make(ObjectType::Reply))};
    Thread const server = TRY(start_worker(rig, worker, timeouts));
    Client client{worker.endpoint, TRY(rig.make(ObjectType::Notification))};
    TRY(start_limited(rig, 0, call_twice, reinterpret_cast<std::uint64_t>(&client), slowness));
    REQUIRE(is_timeout(os::receive(timeouts)) && client.answers == 0);
    if (!worker.spins) {
        return false;
    }
    // In the server's stead; then the server begins anew, with time of its own until it receives.
    os::send(worker.reply, message(9));
    TRY(must(server.tcb.suspend()));
    TRY(must(server.tcb.set_timeout_endpoint(abi::kNullCPtr))); // it waits for time
    TRY(rig.restart(server, answer_all, reinterpret_cast<std::uint64_t>(&worker)));
    TRY(must(server.context.bind(server.tcb.capability())));
    REQUIRE(server.state() == state::kReceiving);
    TRY(must(server.context.unbind()));
    (void)os::wait(client.done);
    REQUIRE(client.answers == 2 && client.heard[0].tag.label() == 9 && client.heard[1].tag.label() == 5);
    return true;
}

/// Good: the budget was enough to come to the end of the chain, and the next one to come back from it.
auto time_out_a_chain(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    CPtr const timeouts = TRY(rig.make(ObjectType::Endpoint));
    Worker worker;
    Worker proxy;
    Thread const server = TRY(start_worker(rig, worker, timeouts));
    proxy.next = worker.endpoint;
    Thread const middle = TRY(start_worker(rig, proxy, timeouts));
    Client client{proxy.endpoint, TRY(rig.make(ObjectType::Notification))};
    TRY(start_limited(rig, 0, call_twice, reinterpret_cast<std::uint64_t>(&client), slowness));
    REQUIRE(is_timeout(os::receive(timeouts)));
    if (!worker.spins) {
        return false;
    }
    REQUIRE(server.state() == state::kAwaitingReply);
    // The server is stopped; the proxy hears it, and uses up the next budget.
    REQUIRE(is_timeout(os::reply_receive(timeouts, message(1))));
    if (!proxy.spins) {
        return false;
    }
    REQUIRE(server.state() == state::kFaulted && middle.state() == state::kAwaitingReply);
    REQUIRE(kernel_error(proxy.heard) == Error::Aborted && client.answers == 0);
    TRY(must(rig.root().revoke(kDepth, proxy.endpoint)));
    TRY(must(rig.root().delete_(kDepth, proxy.endpoint)));
    os::reply(message(1));
    (void)os::wait(client.done);
    REQUIRE(kernel_error(client.heard[0]) == Error::Aborted);
    REQUIRE(kernel_error(client.heard[1]) == Error::InvalidCapability);
    return true;
}

auto a_server_that_timed_out_is_restored(Rig& rig) -> Outcome {
    return in_some_attempt(rig, restore_a_server);
}
auto a_chain_times_out_from_its_end(Rig& rig) -> Outcome { return in_some_attempt(rig, time_out_a_chain); }

constexpr std::array kTests{
    Test{"contexts_are_configured_anew", contexts_are_configured_anew, "SCHED_CONTEXT_0002"},
    Test{"configure_checks_its_arguments", configure_checks_its_arguments, "SCHED_CONTEXT_0001"},
    Test{"a_used_up_budget_is_a_fault", a_used_up_budget_is_a_fault, "TIMEOUTFAULT0001"},
    Test{"a_server_that_timed_out_is_restored", a_server_that_timed_out_is_restored, "TIMEOUTFAULT0002"},
    Test{"a_chain_times_out_from_its_end", a_chain_times_out_from_its_end, "TIMEOUTFAULT0003"},
};

} // namespace

auto budget_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
