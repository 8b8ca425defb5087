// SPDX-License-Identifier: MIT
/// Messages and signals from each core to each: all arrive, whole and in order.
#include "os/syscall.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

constexpr unsigned kSeveral = 2;
constexpr std::uint64_t kRounds = 2 * (abi::kMessageWords + 1);

/// The message of a round: with each length, all words in use.
auto made(std::uint64_t round) -> os::Message {
    os::Message sent{.tag = abi::MessageTag{round + 1, round % (abi::kMessageWords + 1)}};
    for (std::size_t index = 0; index < sent.words.size(); ++index) {
        sent.words[index] = (round + 1) * 0x9E37'79B9'7F4A'7C15 + index;
    }
    return sent;
}
auto is(os::Message const& received, std::uint64_t round) -> bool {
    return received.tag.raw() == made(round).tag.raw() && received.words == made(round).words;
}

/// What the two threads of a test share.
struct Line {
    CPtr endpoint;
    std::atomic<std::uint64_t> good;
    std::atomic<std::uint64_t> bad;
    std::atomic<unsigned> ended;

    void count(os::Message const& received, std::uint64_t round) { ++(is(received, round) ? good : bad); }
};
Line line;

void send_all(std::uint64_t /*argument*/) {
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::send(line.endpoint, made(round));
    }
    ++line.ended;
    rest();
}
void receive_all(std::uint64_t /*argument*/) {
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        line.count(os::receive(line.endpoint).message, round);
    }
    ++line.ended;
    rest();
}
void call_all(std::uint64_t /*argument*/) {
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        line.count(os::call(line.endpoint, made(round)), round + 1);
    }
    ++line.ended;
    rest();
}
void reply_and_receive(std::uint64_t /*argument*/) {
    auto received = os::receive(line.endpoint);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        line.count(received.message, round);
        if (round + 1 == kRounds) {
            os::reply(made(round + 1));
        } else {
            received = os::reply_receive(line.endpoint, made(round + 1));
        }
    }
    ++line.ended;
    rest();
}
void reply_then_receive(std::uint64_t /*argument*/) {
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        line.count(os::receive(line.endpoint).message, round);
        os::reply(made(round + 1));
    }
    ++line.ended;
    rest();
}
/// Until as many have arrived as the other one waits for.
void offer_all(std::uint64_t /*argument*/) {
    for (std::uint64_t round = 0; line.good + line.bad < kRounds; ++round) {
        os::try_send(line.endpoint, made(round % kRounds));
        os::yield(); // the other one may be on this core
    }
    ++line.ended;
    rest();
}
void receive_some(std::uint64_t /*argument*/) {
    for (std::uint64_t count = 0; count < kRounds; ++count) {
        auto const received = os::receive(line.endpoint).message;
        line.count(received, received.tag.label() - 1);
    }
    ++line.ended;
    rest();
}

using Body = void (*)(std::uint64_t);

/// One thread on each of two cores, for every two; `good` messages are to arrive.
auto on_every_two_cores(Rig& rig, Body one, Body other, std::uint64_t good) -> Outcome {
    auto const idle = [](std::uint64_t /*argument*/) { rest(); };
    line.endpoint = TRY(rig.make(ObjectType::Endpoint));
    Thread const first = TRY(rig.start({.run = idle}));
    Thread const second = TRY(rig.start({.run = idle}));
    for (std::size_t pair = 0; pair < rig.core_count() * rig.core_count(); ++pair) {
        line.good = 0;
        line.bad = 0;
        line.ended = 0;
        TRY(must(first.tcb.suspend()));
        TRY(must(second.tcb.suspend()));
        TRY(rig.move(first, pair % rig.core_count()));
        TRY(rig.move(second, pair / rig.core_count()));
        TRY(rig.restart(second, other, 0));
        TRY(rig.restart(first, one, 0));
        REQUIRE(eventually([] { return line.ended == 2; }));
        REQUIRE(line.good == good && line.bad == 0);
    }
    return {};
}

auto sends_between_cores(Rig& rig) -> Outcome {
    return on_every_two_cores(rig, send_all, receive_all, kRounds);
}
auto calls_between_cores(Rig& rig) -> Outcome {
    return on_every_two_cores(rig, call_all, reply_and_receive, 2 * kRounds);
}
auto answers_between_cores(Rig& rig) -> Outcome {
    return on_every_two_cores(rig, call_all, reply_then_receive, 2 * kRounds);
}
auto offers_between_cores(Rig& rig) -> Outcome {
    return on_every_two_cores(rig, offer_all, receive_some, kRounds);
}

auto signals_between_cores(Rig& rig) -> Outcome {
    static std::array<CPtr, 2> ends;
    ends = {TRY(rig.make(ObjectType::Notification)), TRY(rig.make(ObjectType::Notification))};
    auto const answer = [](std::uint64_t /*argument*/) {
        while (true) {
            (void)os::wait(ends[0]);
            os::signal(ends[1]);
        }
    };
    Thread const thread = TRY(rig.start({.run = answer, .core = 1}));
    for (std::size_t round = 0; round < 100; ++round) {
        if (round % 25 == 0) {
            TRY(rig.move(thread, 1 + round / 25 % (rig.core_count() - 1)));
        }
        os::signal(ends[0]);
        (void)os::wait(ends[1]);
    }
    return {};
}

struct Meeting {
    CPtr notification{};
    std::atomic<unsigned> signalled{}; ///< how often, as who has signalled says once it goes on
    std::atomic<unsigned> met{};
    std::atomic<unsigned> missed{};
};

void meet_the_signaller(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Meeting*>(argument);
    while (true) {
        (void)os::wait(self.notification);
        unsigned const round = self.met + self.missed + 1;
        ++(eventually([&self, round] { return self.signalled == round; }) ? self.met : self.missed);
    }
}

/// A thread of another core, however high its priority, leaves this core to who has signalled.
auto a_signal_wakes_on_the_other_core(Rig& rig) -> Outcome {
    Meeting meeting{.notification = TRY(rig.make(ObjectType::Notification))};
    Thread const thread = TRY(rig.start(
        {.run = meet_the_signaller, .argument = reinterpret_cast<std::uint64_t>(&meeting), .core = 1}));
    for (unsigned round = 1; round <= 50; ++round) {
        REQUIRE(eventually([&thread] { return thread.state() == state::kWaiting; }));
        os::signal(meeting.notification);
        meeting.signalled = round;
        REQUIRE(eventually([&meeting, round] { return meeting.met + meeting.missed == round; }));
        REQUIRE(meeting.missed == 0);
    }
    return {};
}

constexpr std::array kTests{
    Test{"sends_between_cores", sends_between_cores, "IPC0001", kSeveral},
    Test{"calls_between_cores", calls_between_cores, "IPC0002", kSeveral},
    Test{"answers_between_cores", answers_between_cores, "IPC0003", kSeveral},
    Test{"offers_between_cores", offers_between_cores, "IPC0004", kSeveral},
    Test{"signals_between_cores", signals_between_cores, "", kSeveral},
    Test{"a_signal_wakes_on_the_other_core", a_signal_wakes_on_the_other_core, "", kSeveral},
};

} // namespace

auto messages_between_cores_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
