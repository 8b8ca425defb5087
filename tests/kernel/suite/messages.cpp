// SPDX-License-Identifier: MIT
/// Every word of messages of every length, by each system call, beside the test and from another address
/// space.
#include "home.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// The field of the tag has room for lengths that no message has: they change nothing.
constexpr std::uint64_t kLengths = 16;
constexpr std::uint64_t kRounds = 3 * kLengths;

auto word(std::uint64_t round, std::size_t index) -> std::uint64_t {
    constexpr std::uint64_t kMixer = 0x9E37'79B9'7F4A'7C15;
    return (round * abi::kMessageWords + index + 1) * kMixer;
}

auto made(std::uint64_t round) -> os::Message {
    os::Message sent{.tag = abi::MessageTag{round + 1, round % kLengths}};
    for (std::size_t index = 0; index < sent.words.size(); ++index) {
        sent.words[index] = word(round, index);
    }
    return sent;
}

/// Whether this is the message of that round, in all parts.
auto is(os::Message const& received, std::uint64_t round) -> bool {
    auto const expected = made(round);
    return received.tag.raw() == expected.tag.raw() && received.words == expected.words;
}

/// What a partner and the test share.
struct Line {
    CPtr endpoint;
    CPtr back;
    std::atomic<std::uint64_t> good;
    std::atomic<std::uint64_t> bad;

    void count(os::Message const& received, std::uint64_t round) { ++(is(received, round) ? good : bad); }
};

auto line(std::uint64_t argument) -> Line& { return *reinterpret_cast<Line*>(argument); }

void receive_all(std::uint64_t argument) {
    auto& self = line(argument);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        self.count(os::receive(self.endpoint).message, round);
    }
    rest();
}

void send_all(std::uint64_t argument) {
    auto const& self = line(argument);
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        os::send(self.back, made(round));
    }
    rest();
}

/// Answers with the message of the next round.
void serve_all(std::uint64_t argument) {
    auto& self = line(argument);
    auto received = os::receive(self.endpoint);
    for (std::uint64_t round = 0;; ++round) {
        self.count(received.message, round);
        received = os::reply_receive(self.endpoint, made(round + 1));
    }
}

void serve_in_two_steps(std::uint64_t argument) {
    auto& self = line(argument);
    for (std::uint64_t round = 0;; ++round) {
        self.count(os::receive(self.endpoint).message, round);
        os::reply(made(round + 1));
    }
}

/// Receives only after each signal.
void receive_when_told(std::uint64_t argument) {
    auto& self = line(argument);
    for (std::uint64_t round = 0;; round += 2) {
        self.count(os::receive(self.endpoint).message, round);
        (void)os::wait(self.back);
    }
}

void send_and_receive_all(std::uint64_t argument) {
    auto& self = line(argument);
    auto received = os::receive(self.endpoint);
    for (std::uint64_t round = 0;; ++round) {
        self.count(received.message, round);
        received = os::send_receive(self.back, made(round + 1), self.endpoint);
    }
}

/// A line to a home; the test's names for its two ends.
struct Wire {
    Home home;
    Line* line;
    CPtr endpoint;
    CPtr back;
};

auto wire(Rig& rig, Where where, ObjectType back) -> Got<Wire> {
    Wire made{TRY(Home::make(rig, where)), nullptr, TRY(rig.make(ObjectType::Endpoint)), TRY(rig.make(back))};
    made.line = &made.home.share<Line>();
    made.line->endpoint = TRY(made.home.give(made.endpoint));
    made.line->back = TRY(made.home.give(made.back));
    return made;
}

auto all_good(Line const& line, std::uint64_t expected = kRounds) -> bool {
    return line.good == expected && line.bad == 0;
}

/// The partner waits for the test, and then the test for the partner.
constexpr std::array kOrders{Priority::High, Priority::Low};

auto sends(Rig& rig, Where where) -> Outcome {
    for (Priority const priority : kOrders) {
        auto there = TRY(wire(rig, where, ObjectType::Endpoint));
        TRY(there.home.start(receive_all, *there.line, {.priority = priority}));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            os::send(there.endpoint, made(round));
        }
        TRY(rig.settle());
        REQUIRE(all_good(*there.line));
        TRY(there.home.start(send_all, *there.line, {.priority = priority}));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            REQUIRE(is(os::receive(there.back).message, round));
        }
    }
    return {};
}

auto calls_to(Rig& rig, Where where, void (*serve)(std::uint64_t)) -> Outcome {
    for (Priority const priority : kOrders) {
        auto there = TRY(wire(rig, where, ObjectType::Endpoint));
        TRY(there.home.start(serve, *there.line, {.priority = priority}));
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            REQUIRE(is(os::call(there.endpoint, made(round)), round + 1));
        }
        REQUIRE(all_good(*there.line));
    }
    return {};
}

auto calls(Rig& rig, Where where) -> Outcome { return calls_to(rig, where, serve_all); }
auto replies(Rig& rig, Where where) -> Outcome { return calls_to(rig, where, serve_in_two_steps); }

auto non_blocking_sends(Rig& rig, Where where) -> Outcome {
    auto there = TRY(wire(rig, where, ObjectType::Notification));
    os::try_send(there.endpoint, made(77)); // nobody is there
    TRY(there.home.start(receive_when_told, *there.line));
    for (std::uint64_t round = 0; round < kRounds; round += 2) {
        os::try_send(there.endpoint, made(round));
        os::try_send(there.endpoint, made(round + 1)); // nobody receives: dropped
        os::signal(there.back);
    }
    REQUIRE(all_good(*there.line, kRounds / 2));
    return {};
}

auto send_receives(Rig& rig, Where where) -> Outcome {
    auto there = TRY(wire(rig, where, ObjectType::Endpoint));
    TRY(there.home.start(send_and_receive_all, *there.line));
    for (std::uint64_t round = 0; round < kRounds; ++round) {
        REQUIRE(is(os::send_receive(there.endpoint, made(round), there.back).message, round + 1));
    }
    REQUIRE(all_good(*there.line));
    return {};
}

template <Outcome (*kTest)(Rig&, Where), Where kWhere>
auto at(Rig& rig) -> Outcome {
    return kTest(rig, kWhere);
}

constexpr auto send_here = at<sends, Where::Same>;
constexpr auto call_here = at<calls, Where::Same>;
constexpr auto reply_here = at<replies, Where::Same>;
constexpr auto try_send_here = at<non_blocking_sends, Where::Same>;
constexpr auto exchange_here = at<send_receives, Where::Same>;
constexpr auto send_there = at<sends, Where::Other>;
constexpr auto call_there = at<calls, Where::Other>;
constexpr auto reply_there = at<replies, Where::Other>;
constexpr auto try_send_there = at<non_blocking_sends, Where::Other>;
constexpr auto exchange_there = at<send_receives, Where::Other>;

constexpr std::array kTests{
    Test{"every_word_of_a_send_arrives", send_here, "IPC0001"},
    Test{"every_word_of_a_call_arrives", call_here, "IPC0002"},
    Test{"every_word_of_a_reply_arrives", reply_here, "IPC0003"},
    Test{"non_blocking_sends_are_whole_or_dropped", try_send_here, "IPC0004"},
    Test{"every_word_of_a_send_receive_arrives", exchange_here, "IPC0025"},
    Test{"every_word_of_a_send_arrives_elsewhere", send_there, "IPC1001"},
    Test{"every_word_of_a_call_arrives_elsewhere", call_there, "IPC1002"},
    Test{"every_word_of_a_reply_arrives_elsewhere", reply_there, "IPC1003"},
    Test{"non_blocking_sends_are_whole_or_dropped_elsewhere", try_send_there, "IPC1004"},
    Test{"every_word_of_a_send_receive_arrives_elsewhere", exchange_there, "IPC0026"},
};

} // namespace

auto message_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
