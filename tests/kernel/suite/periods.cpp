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

/// A thread that is always busy, and notes when it begins after a pause.
struct Worker {
    std::atomic<std::uint64_t> begins{};
    std::atomic<std::uint64_t> first{};
    std::atomic<std::uint64_t> last{};
};

void work(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Worker*>(argument);
    std::uint64_t const pause = os::arch::counter_frequency() / 1000;
    std::uint64_t seen = 0;
    while (true) {
        std::uint64_t const now = os::arch::counter();
        if (now - seen > pause) {
            self.last = now;
            if (self.begins++ == 0) {
                self.first = now;
            }
        }
        seen = now;
    }
}

auto start(Rig& rig, Worker& worker, std::uint64_t budget, std::uint64_t period) -> Got<Thread> {
    return rig.start({.run = work,
                      .argument = reinterpret_cast<std::uint64_t>(&worker),
                      .priority = Priority::High,
                      .budget = budget,
                      .period = period});
}

/// Fine, or not this time: anything else ends the test.
using Attempt = Got<bool> (*)(Rig& rig);

auto in_some_attempt(Rig& rig, Attempt attempt) -> Outcome {
    constexpr int kAttempts = 8;
    for (int count = 0; count < kAttempts; ++count) {
        if (TRY(attempt(rig))) {
            return {};
        }
        TRY(rig.tear_down());
    }
    return std::unexpected(Failure{"no attempt was in time", 0, std::source_location::current()});
}

constexpr std::uint64_t kPeriods = 20;

auto one_keeps_its_period(Rig& rig) -> Got<bool> {
    Worker worker;
    std::uint64_t const period = milliseconds(10);
    TRY(start(rig, worker, milliseconds(2), period));
    std::uint64_t const limit = os::arch::counter() + 100 * period;
    while (worker.begins < kPeriods && os::arch::counter() < limit) {
        os::arch::relax();
    }
    std::uint64_t const begins = worker.begins;
    std::uint64_t const elapsed = worker.last - worker.first;
    // A budget that was not used at once may be used late; a pause of the host looks like one of the thread.
    bool const not_early = elapsed + 2 * period >= (begins - 1) * period;
    return not_early && begins >= kPeriods && elapsed <= (begins - 1) * period * 3 / 2;
}

auto two_keep_their_periods(Rig& rig) -> Got<bool> {
    std::array<Worker, 2> workers;
    std::array<std::uint64_t, 2> const periods{milliseconds(10), milliseconds(20)};
    for (std::size_t index = 0; index < workers.size(); ++index) {
        TRY(start(rig, workers[index], milliseconds(2), periods[index]));
    }
    spend(milliseconds(300));
    bool in_time = true;
    for (std::size_t index = 0; index < workers.size(); ++index) {
        std::uint64_t const begins = workers[index].begins;
        std::uint64_t const fitting = milliseconds(300) / periods[index];
        in_time = in_time && begins * 2 >= fitting && begins <= fitting * 3 / 2;
    }
    return in_time;
}

/// Three that want all of the time get it as their budgets are: 4 : 2 : 1.
auto three_share_as_budgeted(Rig& rig) -> Got<bool> {
    std::array<Worker, 3> workers;
    std::array<object::SchedContext, 3> contexts{object::SchedContext{0}, object::SchedContext{0},
                                                 object::SchedContext{0}};
    for (std::size_t index = 0; index < workers.size(); ++index) {
        std::uint64_t const budget = milliseconds(4) >> index;
        contexts[index] = TRY(start(rig, workers[index], budget, milliseconds(20))).context;
        (void)TRY(must(contexts[index].consumed()));
    }
    spend(milliseconds(300));
    std::array<std::uint64_t, 3> used{};
    for (std::size_t index = 0; index < used.size(); ++index) {
        used[index] = TRY(must(contexts[index].consumed()));
    }
    auto const is_half = [](std::uint64_t part, std::uint64_t whole) {
        return part * 3 > whole && part * 3 < whole * 2;
    };
    return is_half(used[1], used[0]) && is_half(used[2], used[1]);
}

/// A thread that would like to run again each time it is resumed.
struct Greedy {
    std::atomic<std::uint64_t> resumed{}; ///< how often it was
    std::atomic<std::uint64_t> ran{};     ///< after how many of those it ran
};

void be_greedy(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Greedy*>(argument);
    std::uint64_t seen = ~std::uint64_t{0};
    while (true) {
        std::uint64_t const now = self.resumed;
        self.ran += now != seen ? 1U : 0U;
        seen = now;
    }
}

auto suspending_wins_no_budget(Rig& rig) -> Outcome {
    Greedy greedy;
    std::uint64_t const period = milliseconds(10);
    std::uint64_t const begin = os::arch::counter();
    Thread const thread = TRY(rig.start({.run = be_greedy,
                                         .argument = reinterpret_cast<std::uint64_t>(&greedy),
                                         .priority = Priority::High,
                                         .budget = milliseconds(1),
                                         .period = period}));
    while (os::arch::counter() - begin < 20 * period) {
        TRY(must(thread.tcb.suspend()));
        ++greedy.resumed;
        TRY(must(thread.tcb.resume()));
    }
    TRY(must(thread.tcb.suspend()));
    // It is above this thread: whenever it runs, it uses all that it has, and a new budget takes a period.
    std::uint64_t const periods = (os::arch::counter() - begin) / period;
    REQUIRE(greedy.ran >= 2 && greedy.ran <= periods + 2 && greedy.resumed > greedy.ran);
    return {};
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
    Test{"suspending_wins_no_budget", suspending_wins_no_budget, "SCHED0016"},
};

} // namespace

auto period_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
