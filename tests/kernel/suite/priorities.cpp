// SPDX-License-Identifier: MIT
/// Who runs when: by priority, who may give which, and what a change does at once.
#include "actors.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

/// Writes its name down, and tells the test if it has a notification.
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

constexpr std::array kTests{
    Test{"the_highest_runs_first", the_highest_runs_first, "SCHED0004"},
    Test{"each_level_is_above_the_next", each_level_is_above_the_next, "SCHED0004"},
    Test{"authority_bounds_priorities", authority_bounds_priorities, "SCHED0005"},
    Test{"lowering_oneself_takes_effect_at_once", lowering_oneself_takes_effect_at_once, "SCHED0005"},
    Test{"raising_another_takes_effect_at_once", raising_another_takes_effect_at_once, "SCHED0020"},
};

} // namespace

auto priority_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
