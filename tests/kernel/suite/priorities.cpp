// SPDX-License-Identifier: MIT
/// Who runs when: by priority, by turns, and by what other threads do to it.
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

/// What threads write down, one after the other.
struct Log {
    std::array<std::uint64_t, 256> entries{};
    std::atomic<std::size_t> count{};

    void add(std::uint64_t entry) {
        auto const place = count++;
        entries[place % entries.size()] = entry;
    }
};

/// A thread of a test, with the others that it deals with.
struct Actor {
    Log* log{};
    std::uint64_t name{};
    object::Tcb other{0};
    CPtr notification{};
    std::atomic<bool> go{};
    std::atomic<unsigned> steps{};
};

auto actor(std::uint64_t argument) -> Actor& { return *reinterpret_cast<Actor*>(argument); }
auto address(Actor& self) -> std::uint64_t { return reinterpret_cast<std::uint64_t>(&self); }

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

void log_once(std::uint64_t argument) {
    auto& self = actor(argument);
    self.log->add(self.name);
    if (self.notification != 0) {
        os::signal(self.notification);
    }
    rest();
}

auto the_highest_runs_first(Rig& rig) -> Outcome {
    constexpr std::size_t kThreads = 40; // with the priorities from 1 on, all below this thread's
    Log log;
    std::array<Actor, kThreads> actors{};
    CPtr const done = TRY(rig.make(ObjectType::Notification));
    for (std::size_t index = 0; index < kThreads; ++index) {
        auto const place = index * 7 % kThreads; // started in no order
        actors[place].log = &log;
        actors[place].name = place + 1;
        actors[place].notification = place == 0 ? done : 0;
        TRY(rig.start({.run = log_once,
                       .argument = address(actors[place]),
                       .priority = static_cast<Priority>(place + 1)}));
    }
    REQUIRE(log.count == 0);
    (void)os::wait(done);
    REQUIRE(log.count == kThreads);
    for (std::size_t index = 0; index < kThreads; ++index) {
        REQUIRE(log.entries[index] == kThreads - index);
    }
    return {};
}

auto set_priority(Rig& rig, CPtr context, std::uint64_t priority) -> Outcome {
    return must(rig.core().configure(static_cast<std::uint8_t>(priority), context,
                                     os::arch::counter_frequency(), 0, 0));
}

auto set_priority(Rig& rig, CPtr context, Priority priority) -> Outcome {
    return set_priority(rig, context, static_cast<std::uint64_t>(priority));
}

/// Writes its name down at each signal.
void log_at_each_signal(std::uint64_t argument) {
    auto& self = actor(argument);
    while (true) {
        (void)os::wait(self.notification);
        self.log->add(self.name);
        ++self.steps;
    }
}

/// Two threads on all neighbouring levels, woken together from above, the lower one first.
auto each_level_is_above_the_next(Rig& rig) -> Outcome {
    auto const highest = TRY(must(rig.core().info())).max_priority;
    REQUIRE(highest == 254); // as the composition says: 255 is init's
    Log log;
    std::array<Actor, 2> actors{};
    std::array<CPtr, 2> contexts{};
    for (std::size_t index = 0; index < actors.size(); ++index) {
        auto& self = actors[index];
        self.log = &log;
        self.name = index;
        self.notification = TRY(rig.make(ObjectType::Notification));
        contexts[index] =
            TRY(rig.start({.run = log_at_each_signal, .argument = address(self)})).context.capability();
    }
    auto const take_part = [&](std::uint64_t lower) -> Outcome {
        for (std::size_t index = 0; index < contexts.size(); ++index) {
            TRY(set_priority(rig, contexts[index], lower + index));
            os::signal(actors[index].notification);
        }
        return {};
    };
    auto const own = [&](std::uint64_t level) { return set_priority(rig, os::slot::kSchedContext, level); };
    Outcome outcome;
    for (std::uint64_t lower = 0; outcome && lower < highest; ++lower) {
        log.count = 0;
        TRY(own(highest));
        outcome = take_part(lower);
        TRY(own(0)); // both run now, and the lower one last
        os::yield();
        if (outcome && !(log.count == 2 && log.entries[0] == 1 && log.entries[1] == 0)) {
            outcome = std::unexpected(
                Failure{"not the higher one first at", lower, std::source_location::current()});
        }
    }
    TRY(set_priority(rig, os::slot::kSchedContext, Priority::Middle));
    return outcome;
}

/// The authority over a core has a highest priority, and only ever a lower one when it is copied.
auto authority_bounds_priorities(Rig& rig) -> Outcome {
    constexpr std::uint8_t kHighest = 50;
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    CPtr const weak = TRY(rig.mint(os::slot::kCoreControl, kHighest));
    object::CoreControl const control{weak};
    REQUIRE(TRY(must(control.info())).max_priority == kHighest);
    TRY(must(control.configure(kHighest, context, 1000, 0, 0)));
    REQUIRE(refusal(control.configure(kHighest + 1, context, 1000, 0, 0)) == Error::RangeError);
    REQUIRE(refusal(control.configure(255, context, 1000, 0, 0)) == Error::RangeError);
    CPtr const slot = rig.slot();
    auto const mint = [&](std::uint64_t highest) {
        return refusal(rig.root().mint(kDepth, kDepth, abi::rights::kAll, slot, kRoot, weak, highest));
    };
    REQUIRE(mint(kHighest + 1) == Error::IllegalOperation && mint(256) == Error::IllegalOperation);
    REQUIRE(rig.type_in(slot) == ObjectType::Null);
    REQUIRE(mint(kHighest - 1) == Error::None);
    REQUIRE(TRY(must(object::CoreControl{slot}.info())).max_priority == kHighest - 1);
    CPtr const copy = rig.slot();
    TRY(must(rig.root().copy(kDepth, kDepth, abi::rights::kAll, copy, kRoot, slot)));
    REQUIRE(TRY(must(object::CoreControl{copy}.info())).max_priority == kHighest - 1);
    return {};
}

auto lowering_oneself_takes_effect_at_once(Rig& rig) -> Outcome {
    Log log;
    Actor low{.log = &log, .name = 1};
    TRY(rig.start({.run = log_once, .argument = address(low), .priority = Priority::Low}));
    REQUIRE(log.count == 0);
    TRY(set_priority(rig, os::slot::kSchedContext, Priority::Lowest));
    bool const ran = log.count == 1;
    TRY(set_priority(rig, os::slot::kSchedContext, Priority::Middle));
    REQUIRE(ran);
    return {};
}

auto raising_another_takes_effect_at_once(Rig& rig) -> Outcome {
    Log log;
    Actor other{.log = &log, .name = 1};
    Thread const thread =
        TRY(rig.start({.run = log_once, .argument = address(other), .priority = Priority::Low}));
    REQUIRE(log.count == 0);
    TRY(set_priority(rig, thread.context.capability(), Priority::High));
    REQUIRE(log.count == 1 && thread.state() == state::kFaulted); // it rests
    return {};
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
    Test{"the_highest_runs_first", the_highest_runs_first, "SCHED0004"},
    Test{"each_level_is_above_the_next", each_level_is_above_the_next, "SCHED0004"},
    Test{"authority_bounds_priorities", authority_bounds_priorities, "SCHED0005"},
    Test{"lowering_oneself_takes_effect_at_once", lowering_oneself_takes_effect_at_once, "SCHED0005"},
    Test{"raising_another_takes_effect_at_once", raising_another_takes_effect_at_once, "SCHED0020"},
    Test{"equals_have_one_turn_a_round", equals_have_one_turn_a_round, "SCHED0021"},
};

} // namespace

auto priority_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
