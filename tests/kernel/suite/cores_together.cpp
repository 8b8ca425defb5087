// SPDX-License-Identifier: MIT
/// What cores do with one another: messages, signals, shared address spaces and capabilities, floating point
/// that moves.
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <algorithm>
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

/// A thread reads on another core; as soon as the page is unmapped here it faults there.
auto unmapped_for_all_cores(Rig& rig) -> Outcome {
    auto const read_for_ever = [](std::uint64_t address) {
        while (true) {
            (void)*reinterpret_cast<std::uint64_t volatile*>(address);
            ++line.good;
        }
    };
    auto const faults = TRY(rig.make(ObjectType::Endpoint));
    object::Frame const frame{TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits))};
    auto const address = rig.addresses(1);
    TRY(rig.map(frame.capability(), address, kReadWrite));
    Thread const thread = TRY(rig.start({.run = read_for_ever,
                                         .argument = address,
                                         .priority = Priority::Low,
                                         .fault_endpoint = faults,
                                         .core = 1}));
    for (std::size_t round = 0; round < 30; ++round) {
        auto const before = line.good.load();
        REQUIRE(eventually([&] { return line.good.load() != before; }));
        TRY(must(frame.unmap()));
        auto const fault = os::receive(faults).message;
        REQUIRE(fault.tag.has(abi::MessageTag::kFault) && fault.words[1] == address);
        auto const stopped = line.good.load();
        spend(os::arch::counter_frequency() / 10'000);
        REQUIRE(line.good.load() == stopped);
        TRY(rig.move(thread, 1 + round % (rig.core_count() - 1), Priority::Low));
        TRY(rig.map(frame.capability(), address, kReadWrite));
        os::reply(message(0));
    }
    return {};
}

struct Mapper {
    object::Frame frame;
    std::uint64_t address;
    std::uint64_t tag;
    std::atomic<std::uint64_t> rounds;
    std::atomic<std::uint64_t> wrong;
};

/// What is written through one mapping is read through the next, and through no other's.
void map_and_unmap(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Mapper*>(argument);
    auto& place = *reinterpret_cast<std::uint64_t volatile*>(self.address);
    for (std::uint64_t round = 1; round <= 200; ++round) {
        place = self.tag + round;
        auto const done = self.frame.unmap() && self.frame.map(kReadWrite, 0, kOwnSpace, self.address);
        if (!done || place != self.tag + round) {
            ++self.wrong;
        }
        ++self.rounds;
    }
    rest();
}

auto all_cores_map_and_unmap(Rig& rig) -> Outcome {
    auto const space = rig.addresses(os::slot::kGrantedCores);
    auto const make = [&](std::size_t core) -> Got<CPtr> {
        auto const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
        TRY(rig.map(frame, space + core * 4096, kReadWrite));
        return frame;
    };
    auto const mapper = [&](std::size_t core, CPtr frame) {
        return Mapper{object::Frame{frame}, space + core * 4096, core << 32U, {}, {}};
    };
    std::array<Mapper, 3> mappers{mapper(1, TRY(make(1))), mapper(2, TRY(make(2))), mapper(3, TRY(make(3)))};
    auto const count = std::min(mappers.size(), rig.core_count() - 1);
    for (std::size_t index = 0; index < count; ++index) {
        TRY(rig.start({.run = map_and_unmap,
                       .argument = reinterpret_cast<std::uint64_t>(&mappers[index]),
                       .core = index + 1}));
    }
    for (std::size_t index = 0; index < count; ++index) {
        REQUIRE(eventually([&] { return mappers[index].rounds == 200; }));
        REQUIRE(mappers[index].wrong == 0);
    }
    return {};
}

struct Sum {
    double value;
    std::atomic<unsigned> done;
};

void add_quarters(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Sum*>(argument);
    double sum = 0;
    double product = 1;
    for (std::uint64_t round = 0; round < 3'000'000; ++round) {
        sum += 0.25;
        product *= -1;
    }
    self.value = sum * product;
    ++self.done;
    rest();
}

/// Two on each core, so that each is preempted in the middle; all of them are moved all the time.
auto floating_point_moves(Rig& rig) -> Outcome {
    std::array<Sum, 4> sums{};
    std::array<CPtr, 4> contexts{};
    for (std::size_t index = 0; index < sums.size(); ++index) {
        Thread const thread = TRY(rig.start(
            {.run = add_quarters, .argument = reinterpret_cast<std::uint64_t>(&sums[index]), .core = 1}));
        contexts[index] = thread.context.capability();
    }
    auto const all_done = [&] {
        return std::ranges::all_of(sums, [](Sum const& sum) { return sum.done == 1; });
    };
    std::uint64_t const slice = os::arch::counter_frequency() / 5000;
    std::size_t moves = 0;
    REQUIRE(eventually([&] {
        auto const core = 1 + moves / 3 % (rig.core_count() - 1);
        (void)rig.core(core).configure(static_cast<std::uint8_t>(Priority::High), contexts[moves % 4], slice,
                                       0, 0);
        ++moves;
        spend(slice);
        return all_done();
    }));
    for (Sum const& sum : sums) {
        REQUIRE(sum.value == 750'000.0);
    }
    return {};
}

constexpr std::array kTests{
    Test{"sends_between_cores", sends_between_cores, "IPC0001", kSeveral},
    Test{"calls_between_cores", calls_between_cores, "IPC0002", kSeveral},
    Test{"answers_between_cores", answers_between_cores, "IPC0003", kSeveral},
    Test{"offers_between_cores", offers_between_cores, "IPC0004", kSeveral},
    Test{"signals_between_cores", signals_between_cores, "", kSeveral},
    Test{"unmapped_for_all_cores", unmapped_for_all_cores, "MULTICORE0003", kSeveral},
    Test{"all_cores_map_and_unmap", all_cores_map_and_unmap, "MULTICORE0003", kSeveral},
    Test{"floating_point_moves", floating_point_moves, "FPU0002", kSeveral},
};

} // namespace

auto cores_together_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
