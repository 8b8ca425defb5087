// SPDX-License-Identifier: MIT
/// Threads with a budget for each period. The clock is that of the host, which may do other things in
/// between: what never comes too early is checked always, what comes in time has to be seen in one of several
/// attempts.
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

auto milliseconds(std::uint64_t count) -> std::uint64_t {
    return count * os::arch::counter_frequency() / 1000;
}

/// What a thread that is always busy shares with the test, which is below it: the test goes on only while the
/// thread has no budget.
struct Worker {
    std::atomic<std::uint64_t> gaps{};   ///< counted by the test, whenever it runs
    std::atomic<std::uint64_t> begins{}; ///< how often the thread has found that the test had run
    object::Tcb tcb{0};
};

/// Before what they share with the test goes.
template <std::size_t kCount>
auto stop(std::array<Worker, kCount> const& workers) -> Outcome {
    for (Worker const& worker : workers) {
        TRY(must(worker.tcb.suspend()));
    }
    return {};
}

void work(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Worker*>(argument);
    std::uint64_t seen = ~std::uint64_t{0};
    while (true) {
        std::uint64_t const now = self.gaps;
        self.begins += now != seen ? 1U : 0U;
        seen = now;
    }
}

auto start(Rig& rig, Worker& worker, std::uint64_t budget, std::uint64_t period) -> Got<Thread> {
    Thread const thread = TRY(rig.start({.run = work,
                                         .argument = reinterpret_cast<std::uint64_t>(&worker),
                                         .priority = Priority::Lowest,
                                         .budget = budget,
                                         .period = period}));
    worker.tcb = thread.tcb; // before it runs
    TRY(must(rig.core().configure(static_cast<std::uint8_t>(Priority::High), thread.context.capability(),
                                  budget, period, 0)));
    return thread;
}

/// Lets `workers` work for `ticks`. Whether none began more often than its period allows.
template <std::size_t kCount>
auto none_is_early(std::array<Worker, kCount>& workers, std::array<std::uint64_t, kCount> const& periods,
                   std::uint64_t begin, std::uint64_t ticks) -> Got<bool> {
    while (os::arch::counter() - begin < ticks) {
        for (Worker& worker : workers) {
            ++worker.gaps;
        }
    }
    TRY(stop(workers));
    std::uint64_t const elapsed = os::arch::counter() - begin;
    for (std::size_t index = 0; index < kCount; ++index) {
        // A new budget takes a period; one may be in two parts.
        if (workers[index].begins > 2 * (elapsed / periods[index] + 2)) {
            return false;
        }
    }
    return true;
}

auto one_keeps_its_period(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::array<Worker, 1> worker;
    std::array<std::uint64_t, 1> const period{milliseconds(10 * slowness)};
    std::uint64_t const begin = os::arch::counter();
    TRY(start(rig, worker[0], milliseconds(2 * slowness), period[0]));
    REQUIRE(TRY(none_is_early(worker, period, begin, 20 * period[0])));
    return worker[0].begins >= 10;
}

auto two_keep_their_periods(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::array<Worker, 2> workers;
    std::array<std::uint64_t, 2> const periods{milliseconds(10 * slowness), milliseconds(30 * slowness)};
    std::uint64_t const begin = os::arch::counter();
    for (std::size_t index = 0; index < workers.size(); ++index) {
        TRY(start(rig, workers[index], milliseconds(2 * slowness), periods[index]));
    }
    REQUIRE(TRY(none_is_early(workers, periods, begin, 10 * periods[1])));
    return workers[0].begins >= 10 && workers[1].begins >= 4 && workers[0].begins > workers[1].begins;
}

/// Three that want all of the time get it as their budgets are: 4 : 2 : 1.
auto three_share_as_budgeted(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::array<Worker, 3> workers;
    std::array<object::SchedContext, 3> contexts{object::SchedContext{0}, object::SchedContext{0},
                                                 object::SchedContext{0}};
    for (std::size_t index = 0; index < workers.size(); ++index) {
        std::uint64_t const budget = milliseconds(4 * slowness) >> index;
        contexts[index] = TRY(start(rig, workers[index], budget, milliseconds(20 * slowness))).context;
        (void)TRY(must(contexts[index].consumed()));
    }
    spend(milliseconds(300 * slowness));
    std::array<std::uint64_t, 3> used{};
    for (std::size_t index = 0; index < used.size(); ++index) {
        used[index] = TRY(must(contexts[index].consumed()));
    }
    TRY(stop(workers));
    auto const is_half = [](std::uint64_t part, std::uint64_t whole) {
        return part * 3 > whole && part * 3 < whole * 2;
    };
    return is_half(used[1], used[0]) && is_half(used[2], used[1]);
}

auto suspending_wins_no_budget(Rig& rig) -> Outcome {
    Worker greedy;
    std::uint64_t const period = milliseconds(10);
    std::uint64_t const begin = os::arch::counter();
    Thread const thread = TRY(start(rig, greedy, milliseconds(1), period));
    auto const is_over = [&] { return os::arch::counter() - begin >= 20 * period && greedy.begins >= 2; };
    while (!is_over()) {
        TRY(must(thread.tcb.suspend()));
        ++greedy.gaps;
        TRY(must(thread.tcb.resume()));
    }
    TRY(must(thread.tcb.suspend()));
    // It is above this thread: whenever it runs, it uses all that it has, and a new budget takes a period.
    std::uint64_t const periods = (os::arch::counter() - begin) / period;
    REQUIRE(greedy.begins <= periods + 2 && greedy.gaps > greedy.begins);
    return {};
}

struct Sleeper {
    CPtr notification{};
    std::uint64_t little{};
};

/// Works a little after its first signal, and without end after the next.
void work_when_signalled(std::uint64_t argument) {
    auto const& self = *reinterpret_cast<Sleeper const*>(argument);
    (void)os::wait(self.notification);
    spend(self.little);
    (void)os::wait(self.notification);
    while (true) {
        keep_busy();
    }
}

/// What was left of the budget before a long pause does not come on top of the one after it.
auto a_signal_after_a_pause_finds_one_budget(Rig& rig, std::uint64_t slowness) -> Got<bool> {
    std::uint64_t const budget = milliseconds(4 * slowness);
    std::uint64_t const period = 4 * budget;
    Sleeper sleeper{.notification = TRY(rig.make(ObjectType::Notification)), .little = budget / 8};
    Thread const thread = TRY(rig.start({.run = work_when_signalled,
                                         .argument = reinterpret_cast<std::uint64_t>(&sleeper),
                                         .budget = budget,
                                         .period = period}));
    os::signal(sleeper.notification);
    spend(2 * period);
    (void)TRY(must(thread.context.consumed()));
    os::signal(sleeper.notification); // it is above this thread, which goes on when the budget is used up
    auto const used = TRY(must(thread.context.consumed()));
    TRY(must(thread.tcb.suspend()));
    return used < budget + budget / 2;
}

struct Turns {
    CPtr notification{};
    std::atomic<std::uint64_t> taken{};
    std::atomic<bool> has_woken{};
    std::atomic<bool> was_preempted{};
};

void take_turns(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Turns*>(argument);
    while (true) {
        ++self.taken;
    }
}

void stay_until_a_turn_is_taken(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Turns*>(argument);
    (void)os::wait(self.notification);
    std::uint64_t const before = self.taken;
    self.was_preempted = eventually([&] { return self.taken != before; });
    self.has_woken = true;
    rest();
}

/// A thread gets its next budget in time, although one below it, woken meanwhile, has very much.
auto a_budget_comes_back_while_a_woken_thread_runs(Rig& rig) -> Outcome {
    constexpr std::uint64_t kMuch = 60; // seconds
    constexpr std::uint8_t kAbove = static_cast<std::uint8_t>(Priority::High) + 1;
    Turns turns{.notification = TRY(rig.make(ObjectType::Notification))};
    auto const argument = reinterpret_cast<std::uint64_t>(&turns);
    TRY(rig.start({.run = stay_until_a_turn_is_taken,
                   .argument = argument,
                   .budget = kMuch * os::arch::counter_frequency()}));
    Thread const above =
        TRY(rig.start({.run = take_turns, .argument = argument, .priority = Priority::Lowest}));
    // From here on this thread runs only while that one has no budget.
    TRY(must(rig.core().configure(kAbove, above.context.capability(), milliseconds(1), milliseconds(20), 0)));
    os::signal(turns.notification);
    REQUIRE(eventually([&turns] { return turns.has_woken.load(); }));
    TRY(must(above.tcb.suspend()));
    REQUIRE(turns.was_preempted);
    return {};
}

auto a_pause_saves_no_budget(Rig& rig) -> Outcome {
    return in_some_attempt(rig, a_signal_after_a_pause_finds_one_budget);
}
auto a_periodic_thread_keeps_time(Rig& rig) -> Outcome { return in_some_attempt(rig, one_keeps_its_period); }
auto two_periodic_threads_keep_time(Rig& rig) -> Outcome {
    return in_some_attempt(rig, two_keep_their_periods);
}
auto three_periodic_threads_share(Rig& rig) -> Outcome {
    return in_some_attempt(rig, three_share_as_budgeted);
}

constexpr std::array kTests{
    Test{"a_periodic_thread_keeps_time", a_periodic_thread_keeps_time, "SCHED0011 SCHED0012"},
    Test{"two_periodic_threads_keep_time", two_periodic_threads_keep_time, "SCHED0013"},
    Test{"three_periodic_threads_share", three_periodic_threads_share, "SCHED0014"},
    Test{"a_pause_saves_no_budget", a_pause_saves_no_budget},
    Test{"a_budget_comes_back_while_a_woken_thread_runs", a_budget_comes_back_while_a_woken_thread_runs},
    Test{"suspending_wins_no_budget", suspending_wins_no_budget, "SCHED0016"},
};

} // namespace

auto period_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
