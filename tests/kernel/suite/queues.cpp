// SPDX-License-Identifier: MIT
/// Who is served first at an endpoint: the highest priority, also when it changes while it waits. And threads
/// that have nothing to run on.
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

struct Sender {
    CPtr endpoint{};
    std::uint64_t name{};
    std::atomic<unsigned> done{};
};

void send_name(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sender*>(argument);
    os::send(self.endpoint, message(self.name));
    ++self.done;
    rest();
}

void call_with_name(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sender*>(argument);
    (void)os::call(self.endpoint, message(self.name));
    ++self.done;
    rest();
}

constexpr std::size_t kSenders = 8;
/// In which they come, and their priorities: none is this thread's.
constexpr std::array<std::uint8_t, kSenders> kPriorities{65, 30, 75, 45, 62, 25, 70, 35};

struct Queue {
    CPtr endpoint{};
    std::array<Sender, kSenders> senders{};
    std::array<CPtr, kSenders> contexts{};
};

/// Lets all of them wait at the endpoint; each has its priority as its name.
auto gather(Rig& rig, Queue& queue, void (*run)(std::uint64_t)) -> Outcome {
    queue.endpoint = TRY(rig.make(ObjectType::Endpoint));
    for (std::size_t index = 0; index < kSenders; ++index) {
        auto& sender = queue.senders[index];
        sender.endpoint = queue.endpoint;
        sender.name = kPriorities[index];
        auto const thread = TRY(rig.start({.run = run,
                                           .argument = reinterpret_cast<std::uint64_t>(&sender),
                                           .priority = static_cast<Priority>(kPriorities[index])}));
        queue.contexts[index] = thread.context.capability();
        TRY(rig.settle()); // the lower ones as well
        REQUIRE(thread.state() == state::kSending && sender.done == 0);
    }
    return {};
}

auto set_priority(Rig& rig, CPtr context, std::uint64_t priority) -> Outcome {
    return must(rig.core().configure(static_cast<std::uint8_t>(priority), context,
                                     os::arch::counter_frequency(), 0, 0));
}

auto sends_are_taken_by_priority(Rig& rig) -> Outcome {
    Queue queue;
    TRY(gather(rig, queue, send_name));
    std::uint64_t last = 255;
    for (std::size_t count = 0; count < kSenders; ++count) {
        auto const name = os::receive(queue.endpoint).message.tag.label();
        REQUIRE(name < last && name != 0);
        last = name;
    }
    REQUIRE(last == 25 && os::try_receive(queue.endpoint).message.tag.raw() == 0);
    return {};
}

/// One of each priority sends to one below it; nothing of lower priority comes in between.
auto sends_never_invert(Rig& rig) -> Outcome {
    struct Relay {
        CPtr from;
        CPtr to;
        std::uint64_t priority;
        std::atomic<std::uint64_t>* order;
        std::atomic<std::uint64_t> mistakes;
    };
    constexpr std::size_t kStations = 4;
    constexpr std::uint64_t kRounds = 20;
    std::array<CPtr, kStations + 1> endpoints{};
    for (auto& endpoint : endpoints) {
        endpoint = TRY(rig.make(ObjectType::Endpoint));
    }
    auto const run = [](std::uint64_t argument) {
        auto& self = *reinterpret_cast<Relay*>(argument);
        while (true) {
            auto const received = os::receive(self.from).message;
            // Stations are passed from the highest to the lowest.
            self.mistakes += received.words[0] > self.priority ? 0U : 1U;
            *self.order = *self.order * 10 + self.priority % 10;
            os::send(self.to, message(1, self.priority));
        }
    };
    std::atomic<std::uint64_t> order{};
    std::array<Relay, kStations> relays{};
    for (std::size_t index = 0; index < kStations; ++index) {
        auto& relay = relays[index];
        relay.from = endpoints[index];
        relay.to = endpoints[index + 1];
        relay.priority = 54 - index * 10 - index; // 54, 43, 32, 21
        relay.order = &order;
        TRY(rig.start({.run = run,
                       .argument = reinterpret_cast<std::uint64_t>(&relay),
                       .priority = static_cast<Priority>(relay.priority)}));
    }
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        order = 0;
        os::send(endpoints[0], message(1, 60));
        REQUIRE(os::receive(endpoints[kStations]).message.words[0] == 21);
        REQUIRE(order == 4321);
    }
    for (Relay const& relay : relays) {
        REQUIRE(relay.mistakes == 0);
    }
    return {};
}

auto a_new_priority_moves_in_the_queue(Rig& rig) -> Outcome {
    Queue queue;
    TRY(gather(rig, queue, send_name));
    constexpr std::array<std::uint8_t, kSenders> kNew{40, 66, 25, 72, 30, 35, 68, 64};
    for (std::size_t index = 0; index < kSenders; ++index) {
        TRY(set_priority(rig, queue.contexts[index], kNew[index]));
    }
    std::uint64_t last = 255;
    for (std::size_t count = 0; count < kSenders; ++count) {
        auto const name = os::receive(queue.endpoint).message.tag.label();
        std::size_t index = 0;
        while (index < kSenders && kPriorities[index] != name) {
            ++index;
        }
        REQUIRE(index < kSenders && kNew[index] < last);
        last = kNew[index];
    }
    return {};
}

auto answering_takes_the_highest_next(Rig& rig) -> Outcome {
    Queue queue;
    TRY(gather(rig, queue, call_with_name));
    std::uint64_t last = 255;
    auto received = os::receive(queue.endpoint);
    for (std::size_t count = 1; count < kSenders; ++count) {
        REQUIRE(received.message.tag.label() < last);
        last = received.message.tag.label();
        received = os::reply_receive(queue.endpoint, message(0));
    }
    REQUIRE(received.message.tag.label() == 25);
    os::reply(message(0));
    TRY(rig.settle());
    for (Sender const& sender : queue.senders) {
        REQUIRE(sender.done == 1);
    }
    return {};
}

auto nothing_runs_without_a_context(Rig& rig) -> Outcome {
    Sender sender{.endpoint = TRY(rig.make(ObjectType::Notification)), .name = 1};
    auto const run = [](std::uint64_t argument) {
        ++reinterpret_cast<Sender*>(argument)->done;
        rest();
    };
    auto const argument = reinterpret_cast<std::uint64_t>(&sender);
    Thread const thread = TRY(rig.start({.run = run, .argument = argument}));
    REQUIRE(sender.done == 1);
    TRY(must(thread.tcb.suspend()));
    TRY(must(thread.context.unbind()));
    TRY(rig.restart(thread, run, argument));
    constexpr unsigned kWithoutTime = 7;
    REQUIRE(sender.done == 1 && thread.state() == kWithoutTime);
    // Nor with one that was never configured.
    object::SchedContext const empty{TRY(rig.make(ObjectType::SchedContext))};
    TRY(must(empty.bind(thread.tcb.capability())));
    TRY(must(thread.tcb.resume()));
    TRY(rig.settle());
    REQUIRE(sender.done == 1 && thread.state() == kWithoutTime);
    TRY(must(empty.unbind()));
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(sender.done == 2); // at once: it is above this thread
    return {};
}

constexpr std::array kTests{
    Test{"sends_never_invert", sends_never_invert, "SCHED0006"},
    Test{"sends_are_taken_by_priority", sends_are_taken_by_priority, "SCHED0007"},
    Test{"a_new_priority_moves_in_the_queue", a_new_priority_moves_in_the_queue, "SCHED0008"},
    Test{"answering_takes_the_highest_next", answering_takes_the_highest_next, "SCHED0009"},
    Test{"nothing_runs_without_a_context", nothing_runs_without_a_context, "SCHED0010"},
};

} // namespace

auto queue_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
