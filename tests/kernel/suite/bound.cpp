// SPDX-License-Identifier: MIT
/// A thread with a bound notification hears messages and signals; and what becomes of a call when its caller
/// is stopped, resumed and deleted in the middle.
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

constexpr std::uint64_t kSignal = 0x10;
constexpr std::uint64_t kRounds = 20;

struct Listener {
    CPtr endpoint{};
    CPtr notification{};
    std::atomic<std::uint64_t> messages{};
    std::atomic<std::uint64_t> signals{};
    std::atomic<std::uint64_t> mistakes{};

    void hear(os::Received const& received) {
        if (received.message.tag.has(abi::MessageTag::kNotification)) {
            ++(received.badge == kSignal ? signals : mistakes);
        } else {
            // The messages come in order.
            ++(received.message.words[0] == messages ? messages : mistakes);
        }
    }
};

void listen_to_the_endpoint(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Listener*>(argument);
    while (true) {
        self.hear(os::receive(self.endpoint));
    }
}

void listen_to_the_notification(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Listener*>(argument);
    while (true) {
        self.hear(os::receive(self.notification));
    }
}

/// The listener's thread, and the capability to signal with.
struct Bound {
    Thread thread;
    CPtr signal;
};

auto start(Rig& rig, Listener& listener, void (*run)(std::uint64_t), Priority priority) -> Got<Bound> {
    listener.endpoint = TRY(rig.make(ObjectType::Endpoint));
    listener.notification = TRY(rig.make(ObjectType::Notification));
    CPtr const go = TRY(rig.make(ObjectType::Notification));
    auto const argument = reinterpret_cast<std::uint64_t>(&listener);
    // Bound before it waits for the first time.
    Thread const thread = TRY(rig.start({.run =
                                             [](std::uint64_t gate) {
                                                 (void)os::wait(gate);
                                                 rest();
                                             },
                                         .argument = go,
                                         .priority = priority}));
    TRY(must(thread.tcb.suspend()));
    TRY(must(thread.tcb.bind_notification(listener.notification)));
    TRY(rig.restart(thread, run, argument));
    return Bound{thread, TRY(rig.mint(listener.notification, kSignal))};
}

auto both_are_heard(Rig& rig) -> Outcome {
    Listener listener;
    Bound const bound = TRY(start(rig, listener, listen_to_the_endpoint, Priority::High));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::send(listener.endpoint, message(1, round));
        os::signal(bound.signal);
        REQUIRE(listener.messages == round + 1 && listener.signals == round + 1);
    }
    REQUIRE(listener.mistakes == 0);
    return {};
}

/// What comes while it does not listen is kept, signals as one.
auto both_are_heard_later(Rig& rig) -> Outcome {
    Listener listener;
    Bound const bound = TRY(start(rig, listener, listen_to_the_endpoint, Priority::Low));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::signal(bound.signal);
        os::signal(bound.signal);
        os::send(listener.endpoint, message(1, round)); // waits until it is heard
        TRY(rig.settle());
        // But for the first round it is listening, and the first signal of the two wakes it.
        REQUIRE(listener.messages == round + 1 && listener.signals == 2 * round + 1);
    }
    REQUIRE(listener.mistakes == 0);
    return {};
}

auto the_notification_itself_is_heard(Rig& rig) -> Outcome {
    for (Priority const priority : {Priority::High, Priority::Low}) {
        Listener listener;
        Bound const bound = TRY(start(rig, listener, listen_to_the_notification, priority));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            os::signal(bound.signal);
            TRY(rig.settle());
            REQUIRE(listener.signals == round + 1 && listener.messages == 0);
        }
        os::try_send(listener.endpoint, message(1)); // it does not receive there
        REQUIRE(listener.mistakes == 0 && listener.messages == 0);
    }
    return {};
}

auto a_waiter_is_there_first(Rig& rig) -> Outcome {
    Listener listener;
    Bound const bound = TRY(start(rig, listener, listen_to_the_endpoint, Priority::High));
    REQUIRE(bound.thread.state() == state::kReceiving);
    os::signal(bound.signal);
    REQUIRE(listener.signals == 1 && bound.thread.state() == state::kReceiving);
    return {};
}

auto the_signal_is_there_first(Rig& rig) -> Outcome {
    Listener listener;
    Bound const bound = TRY(start(rig, listener, listen_to_the_endpoint, Priority::Low));
    os::signal(bound.signal);
    REQUIRE(listener.signals == 0);
    TRY(rig.settle());
    REQUIRE(listener.signals == 1 && bound.thread.state() == state::kReceiving);
    return {};
}

struct Caller {
    CPtr endpoint;
    std::atomic<unsigned> answers{};
};

void call_for_ever(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Caller*>(argument);
    while (true) {
        (void)os::call(self.endpoint, message(1));
        ++self.answers;
    }
}

/// With the call waiting, taken, or kept in a reply object.
enum class Stage : std::uint8_t { Queued, Taken, Kept };

auto stop_in_the_middle(Rig& rig, Stage stage) -> Outcome {
    Caller caller{TRY(rig.make(ObjectType::Endpoint))};
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    Thread const thread =
        TRY(rig.start({.run = call_for_ever, .argument = reinterpret_cast<std::uint64_t>(&caller)}));
    if (stage != Stage::Queued) {
        REQUIRE(os::receive(caller.endpoint).message.tag.label() == 1);
    }
    if (stage == Stage::Kept) {
        TRY(must(reply.save()));
    }
    TRY(must(thread.tcb.suspend()));
    REQUIRE(thread.state() == state::kInactive);
    TRY(must(thread.tcb.resume()));
    TRY(must(thread.tcb.suspend()));
    REQUIRE(thread.state() == state::kInactive);
    TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
    // Nobody is left to answer, nor to receive from.
    auto const answers = caller.answers.load();
    os::reply(message(5));
    os::send(reply.capability(), message(6));
    REQUIRE(os::try_receive(caller.endpoint).message.tag.raw() == 0 && caller.answers == answers);
    // All that it used is as good as new.
    Caller next{caller.endpoint};
    TRY(rig.start({.run = call_for_ever, .argument = reinterpret_cast<std::uint64_t>(&next)}));
    REQUIRE(os::receive(caller.endpoint).message.tag.label() == 1);
    TRY(must(reply.save()));
    os::send(reply.capability(), message(7));
    REQUIRE(next.answers == 1);
    return {};
}

auto a_caller_can_go_at_any_time(Rig& rig) -> Outcome {
    for (int round = 0; round < 5; ++round) {
        for (Stage const stage : {Stage::Queued, Stage::Taken, Stage::Kept}) {
            TRY(stop_in_the_middle(rig, stage));
            TRY(rig.tear_down());
        }
    }
    return {};
}

constexpr std::array kTests{
    Test{"messages_and_signals_are_heard", both_are_heard, "BIND0001"},
    Test{"messages_and_signals_are_heard_later", both_are_heard_later, "BIND0001"},
    Test{"the_notification_itself_is_heard", the_notification_itself_is_heard, "BIND0002"},
    Test{"a_waiter_is_there_first", a_waiter_is_there_first, "BIND0003"},
    Test{"the_signal_is_there_first", the_signal_is_there_first, "BIND0004"},
    Test{"a_caller_can_go_at_any_time", a_caller_can_go_at_any_time, "IPC0010"},
};

} // namespace

auto bound_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
