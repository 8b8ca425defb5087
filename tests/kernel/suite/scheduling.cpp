// SPDX-License-Identifier: MIT
/// Priorities, time slices, budgets, and contexts that are lent.
#include "alarm.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

struct Counter {
    std::atomic<std::uint64_t> value{};
};

void count_for_ever(std::uint64_t argument) {
    auto& counter = *reinterpret_cast<Counter*>(argument);
    while (true) {
        ++counter.value;
    }
}

auto spinner(Counter& counter, Priority priority) -> ThreadSpec {
    return {
        .run = count_for_ever, .argument = reinterpret_cast<std::uint64_t>(&counter), .priority = priority};
}

/// Lets lower threads run for `ticks`, by way of the alarm.
auto sleep(Rig& rig, std::uint64_t ticks) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    TRY(alarm.wait_until(os::arch::counter() + ticks));
    return must(rig.root().delete_(kDepth, alarm.handler.capability()));
}

auto lower_priorities_wait(Rig& rig) -> Outcome {
    Counter low;
    Counter lowest;
    TRY(rig.start(spinner(low, Priority::Low)));
    TRY(rig.start(spinner(lowest, Priority::Lowest)));
    spend(20'000);
    REQUIRE(low.value == 0 && lowest.value == 0);
    for (int round = 0; round < 20 && low.value == 0; ++round) {
        TRY(sleep(rig, os::arch::counter_frequency() / 50));
    }
    REQUIRE(low.value > 0 && lowest.value == 0);
    return {};
}

auto shares_are_equal(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::uint64_t const second = os::arch::counter_frequency() * slowness;
    std::array<Counter, 3> counters;
    std::array<object::SchedContext, 3> contexts{object::SchedContext{0}, object::SchedContext{0},
                                                 object::SchedContext{0}};
    for (std::size_t index = 0; index < counters.size(); ++index) {
        ThreadSpec spec = spinner(counters[index], Priority::Low);
        spec.budget = second / 1000;
        contexts[index] = TRY(rig.start(spec)).context;
    }
    TRY(sleep(rig, second / 2));
    std::array<std::uint64_t, 3> shares{};
    for (std::size_t index = 0; index < shares.size(); ++index) {
        shares[index] = TRY(must(contexts[index].consumed()));
    }
    std::uint64_t const all = shares[0] + shares[1] + shares[2];
    return std::ranges::all_of(shares, [&](auto share) { return share > all / 6 && share < all / 2; });
}

auto a_tenth_is_used(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::uint64_t const second = os::arch::counter_frequency() * slowness;
    Counter limited;
    ThreadSpec spec = spinner(limited, Priority::High);
    spec.budget = second / 1000;
    spec.period = second / 100;
    Thread const thread = TRY(rig.start(spec));
    // It is above this thread, and yet this goes on: a tenth of the time is all it gets.
    std::uint64_t const begin = os::arch::counter();
    (void)thread.context.consumed();
    spend(second / 2);
    auto const used = TRY(must(thread.context.consumed()));
    auto const all = os::arch::counter() - begin;
    TRY(must(thread.tcb.suspend())); // it counts in this function's frame
    return used > all / 40 && used < all / 3;
}

auto equals_share_the_time(Rig& rig) -> Outcome { return in_some_attempt(rig, shares_are_equal); }
auto a_budget_is_a_limit(Rig& rig) -> Outcome { return in_some_attempt(rig, a_tenth_is_used); }

auto a_server_runs_on_its_callers_time(Rig& rig) -> Outcome {
    // The server's own context is never configured: it can run on what it is lent only.
    struct Server {
        CPtr endpoint;
        std::atomic<unsigned> served{};
    } server{TRY(rig.make(ObjectType::Endpoint))};
    auto const serve = [](std::uint64_t argument) {
        auto& self = *reinterpret_cast<Server*>(argument);
        (void)os::receive(self.endpoint);
        while (true) {
            ++self.served;
            (void)os::reply_receive(self.endpoint, message(self.served));
        }
    };
    Thread const thread =
        TRY(rig.start({.run = serve, .argument = reinterpret_cast<std::uint64_t>(&server)}));
    TRY(must(thread.context.unbind()));
    for (std::uint64_t round = 1; round <= 10; ++round) {
        REQUIRE(os::call(server.endpoint, message(0)).tag.label() == round);
    }
    return {};
}

auto lending_lends_the_priority(Rig& rig) -> Outcome {
    // A low server works for a high caller: the spinner between the two has to wait.
    struct Work {
        CPtr endpoint;
        Counter* between;
        std::uint64_t seen{~std::uint64_t{0}};
    };
    Counter between;
    Work work{TRY(rig.make(ObjectType::Endpoint)), &between};
    auto const serve = [](std::uint64_t argument) {
        auto& self = *reinterpret_cast<Work*>(argument);
        (void)os::receive(self.endpoint);
        std::uint64_t const before = self.between->value;
        spend(20'000);
        self.seen = self.between->value - before;
        os::reply(message(1));
        rest();
    };
    TRY(rig.start(
        {.run = serve, .argument = reinterpret_cast<std::uint64_t>(&work), .priority = Priority::Lowest}));
    TRY(rig.settle()); // until it receives
    TRY(rig.start(spinner(between, Priority::Low)));
    (void)os::call(work.endpoint, message(0));
    REQUIRE(work.seen == 0);
    return {};
}

auto contexts_are_checked(Rig& rig) -> Outcome {
    CPtr const context = TRY(rig.make(ObjectType::SchedContext));
    CPtr const thread = TRY(rig.make(ObjectType::Tcb));
    CPtr const other = TRY(rig.make(ObjectType::Tcb));
    auto const configure = [&](std::uint8_t priority, std::uint64_t budget, std::uint64_t period) {
        return refusal(rig.core().configure(priority, context, budget, period, 0));
    };
    REQUIRE(configure(50, 0, 0) == Error::RangeError);
    REQUIRE(configure(50, 100, 50) == Error::RangeError);
    REQUIRE(configure(abi::kMaxPriority, 100, 0) == Error::RangeError);
    REQUIRE(configure(50, 100, 0) == Error::None);
    TRY(must(object::SchedContext{context}.bind(thread)));
    REQUIRE(refusal(object::SchedContext{context}.bind(other)) == Error::IllegalOperation);
    CPtr const second = TRY(rig.make(ObjectType::SchedContext));
    REQUIRE(refusal(object::SchedContext{second}.bind(thread)) == Error::IllegalOperation);
    TRY(must(object::SchedContext{context}.unbind()));
    return must(object::SchedContext{second}.bind(thread));
}

auto yield_lets_equals_run(Rig& rig) -> Outcome {
    Counter equal;
    ThreadSpec spec = spinner(equal, Priority::Middle);
    spec.budget = os::arch::counter_frequency() / 100;
    TRY(rig.start(spec));
    REQUIRE(equal.value == 0);
    os::yield();
    REQUIRE(equal.value > 0);
    return {};
}

constexpr std::array kTests{
    Test{"lower_priorities_wait", lower_priorities_wait},
    Test{"equals_share_the_time", equals_share_the_time},
    Test{"a_budget_is_a_limit", a_budget_is_a_limit},
    Test{"a_server_runs_on_its_callers_time", a_server_runs_on_its_callers_time},
    Test{"lending_lends_the_priority", lending_lends_the_priority},
    Test{"contexts_are_checked", contexts_are_checked},
    Test{"yield_lets_equals_run", yield_lets_equals_run},
};

} // namespace

auto scheduling_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
