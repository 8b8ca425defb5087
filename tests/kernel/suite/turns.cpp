// SPDX-License-Identifier: MIT
/// Threads of one priority: they run by turns, and stop and resume one another.
#include "actors.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

auto resuming_oneself_is_harmless(Rig& rig) -> Outcome {
    object::Tcb const self{os::slot::kTcb};
    for (int round = 0; round < 10; ++round) {
        TRY(must(self.resume()));
    }
    REQUIRE(TRY(must(self.state())).state == state::kRunning);
    REQUIRE(rig.type_in(os::slot::kTcb) == ObjectType::Tcb);
    return {};
}

void count_steps(std::uint64_t argument) {
    auto& self = actor(argument);
    while (true) {
        ++self.steps;
        os::yield();
    }
}

auto a_suspended_thread_makes_no_step(Rig& rig) -> Outcome {
    Actor other;
    Thread const thread =
        TRY(rig.start({.run = count_steps, .argument = address(other), .priority = Priority::Middle}));
    for (int round = 0; round < 10; ++round) {
        unsigned const before = other.steps;
        os::yield();
        REQUIRE(other.steps == before + 1);
        TRY(must(thread.tcb.suspend()));
        os::yield();
        REQUIRE(other.steps == before + 1 && thread.state() == state::kInactive);
        TRY(must(thread.tcb.resume()));
        REQUIRE(other.steps == before + 1); // it is not above this one
    }
    return {};
}

/// The first of two equals: odd numbers.
void go_first(std::uint64_t argument) {
    auto& self = actor(argument);
    self.log->add(1);
    (void)self.other.resume();
    self.log->add(3); // its equal does not run before its turn
    while (!self.go) {
        os::arch::relax(); // until it is preempted
    }
    self.log->add(7);
    (void)self.other.suspend();
    self.log->add(9);
    os::yield(); // to nobody
    self.log->add(11);
    (void)self.other.resume();
    os::yield();
    self.log->add(15);
    os::signal(self.notification);
    rest();
}

/// The second: even numbers.
void go_second(std::uint64_t argument) {
    auto& self = actor(argument);
    self.log->add(4);
    actor(self.name).go = true;
    self.log->add(6);
    os::yield();
    self.log->add(12);
    self.log->add(14);
    rest();
}

/// Whether nothing was preempted but where it waits for that.
auto equals_took_their_steps(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    Log log;
    CPtr const done = TRY(rig.make(ObjectType::Notification));
    Actor first{.log = &log, .notification = done};
    Actor second{.log = &log, .name = address(first)};
    std::uint64_t const slice = os::arch::counter_frequency() / 200 * slowness;
    auto const spec = [&](void (*run)(std::uint64_t), Actor& self) -> ThreadSpec {
        return {.run = run, .argument = address(self), .priority = Priority::Low, .budget = slice};
    };
    Thread const other = TRY(rig.start(spec(go_second, second)));
    TRY(must(other.tcb.suspend()));
    first.other = other.tcb;
    TRY(rig.start(spec(go_first, first)));
    (void)os::wait(done);
    constexpr std::array<std::uint64_t, 10> kSteps{1, 3, 4, 6, 7, 9, 11, 12, 14, 15};
    return log.count == kSteps.size() && std::equal(kSteps.begin(), kSteps.end(), log.entries.begin());
}

auto equals_stop_each_other(Rig& rig) -> Outcome {
    return in_some_attempt(rig, equals_took_their_steps); // a slice can end between any two steps
}

constexpr std::size_t kEquals = 8;

/// Writes its name down whenever it finds that another one has run.
void take_turns(std::uint64_t argument) {
    auto& self = actor(argument);
    while (self.log->count < 4 * kEquals) {
        auto const count = self.log->count.load();
        if (count == 0 || self.log->entries[count - 1] != self.name) {
            self.log->add(self.name);
        }
    }
    rest();
}

/// Whether each of them came once in every round.
auto turns_were_fair(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    Log log;
    std::array<Actor, kEquals> actors{};
    std::uint64_t const slice = os::arch::counter_frequency() / 500 * slowness;
    for (std::size_t index = 0; index < kEquals; ++index) {
        actors[index].log = &log;
        actors[index].name = index + 1;
        TRY(rig.start({.run = take_turns,
                       .argument = address(actors[index]),
                       .priority = Priority::Low,
                       .budget = slice}));
    }
    TRY(rig.settle());
    for (std::size_t index = kEquals; index < 4 * kEquals; ++index) {
        if (log.entries[index] != log.entries[index - kEquals]) {
            return false;
        }
    }
    return true;
}

auto equals_have_one_turn_a_round(Rig& rig) -> Outcome {
    return in_some_attempt(rig, turns_were_fair); // a slice can pass in which nothing is executed
}

constexpr std::array kTests{
    Test{"a_suspended_thread_makes_no_step", a_suspended_thread_makes_no_step, "SCHED0000"},
    Test{"resuming_oneself_is_harmless", resuming_oneself_is_harmless, "SCHED0002"},
    Test{"equals_stop_each_other", equals_stop_each_other, "SCHED0003"},
    Test{"equals_have_one_turn_a_round", equals_have_one_turn_a_round, "SCHED0021"},
};

} // namespace

auto turn_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
