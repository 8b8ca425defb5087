// SPDX-License-Identifier: MIT
/// Threads on several cores: started, stopped, moved and destroyed from another one.
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

namespace reg = os::arch::reg;

constexpr std::size_t kMaxCores = os::slot::kGrantedCores;
constexpr unsigned kSeveral = 2;

/// What threads count up, each its own.
std::array<std::atomic<std::uint64_t>, kMaxCores> counts;

void count_for_ever(std::uint64_t index) {
    while (true) {
        ++counts[index];
    }
}

/// Whether it goes on, and whether it stands still.
auto counts_on(std::size_t index) -> bool {
    auto const before = counts[index].load();
    return eventually([&] { return counts[index].load() != before; });
}
auto stands_still(std::size_t index) -> bool {
    auto const before = counts[index].load();
    spend(os::arch::counter_frequency() / 1000);
    return counts[index].load() == before;
}

auto start_counting(Rig& rig, std::size_t core, std::size_t index) -> Got<Thread> {
    return rig.start({.run = count_for_ever, .argument = index, .core = core});
}

auto core_of(Thread const& thread) -> Got<std::size_t> { return TRY(must(thread.tcb.state())).core; }

auto every_core_runs_threads(Rig& rig) -> Outcome {
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        Thread const thread = TRY(start_counting(rig, core, core));
        REQUIRE(counts_on(core));
        REQUIRE(TRY(core_of(thread)) == core);
    }
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        REQUIRE(counts_on(core));
    }
    return {};
}

auto suspended_from_another_core_moved_and_resumed(Rig& rig) -> Outcome {
    Thread const thread = TRY(start_counting(rig, 1, 1));
    for (std::size_t round = 0; round < 4 * rig.core_count(); ++round) {
        std::size_t const core = 1 + round % (rig.core_count() - 1);
        REQUIRE(counts_on(1));
        TRY(must(thread.tcb.suspend()));
        REQUIRE(stands_still(1));
        TRY(rig.move(thread, core));
        REQUIRE(stands_still(1));
        TRY(must(thread.tcb.resume()));
        REQUIRE(counts_on(1));
        REQUIRE(TRY(core_of(thread)) == core);
    }
    return {};
}

auto moved_while_it_runs(Rig& rig) -> Outcome {
    Thread const thread = TRY(start_counting(rig, 1, 1));
    for (std::size_t round = 0; round < 50; ++round) {
        std::size_t const core = 1 + round % (rig.core_count() - 1);
        TRY(rig.move(thread, core));
        REQUIRE(counts_on(1));
        REQUIRE(TRY(core_of(thread)) == core);
    }
    return {};
}

/// It moves to this core too, where it preempts the test until it moves itself away.
auto moves_itself_to_every_core(Rig& rig) -> Outcome {
    struct Tour {
        Rig& rig;
        Thread thread;
        std::atomic<std::uint64_t> visits{};
        std::atomic<bool> wrong{};
    };
    static Tour* tour;
    Tour here{.rig = rig, .thread = TRY(start_counting(rig, 1, 1))};
    tour = &here;
    auto const travel = [](std::uint64_t rounds) {
        for (std::uint64_t round = 1; round <= rounds; ++round) {
            std::size_t const core = round % tour->rig.core_count();
            tour->wrong = tour->wrong || !tour->rig.move(tour->thread, core) ||
                          core_of(tour->thread).value_or(kMaxCores) != core;
            ++tour->visits;
        }
        rest();
    };
    constexpr std::uint64_t kRounds = 40;
    TRY(must(here.thread.tcb.suspend()));
    TRY(rig.restart(here.thread, travel, kRounds));
    REQUIRE(eventually([&] { return here.visits.load() == kRounds; }));
    REQUIRE(!here.wrong);
    return {};
}

auto a_waiting_thread_is_moved(Rig& rig) -> Outcome {
    static CPtr go;
    static CPtr done;
    go = TRY(rig.make(ObjectType::Notification));
    done = TRY(rig.make(ObjectType::Notification));
    Thread const thread = TRY(rig.start({.run =
                                             [](std::uint64_t /*argument*/) {
                                                 while (true) {
                                                     (void)os::wait(go);
                                                     os::signal(done);
                                                 }
                                             },
                                         .core = 1}));
    for (std::size_t round = 0; round < 40; ++round) {
        TRY(rig.move(thread, round % rig.core_count()));
        os::signal(go);
        (void)os::wait(done);
    }
    return {};
}

auto registers_of_a_thread_on_another_core(Rig& rig) -> Outcome {
    auto const set = [](std::uint64_t index) {
        counts[index] = 0;
        rest();
    };
    Thread const thread = TRY(start_counting(rig, 1, 1));
    REQUIRE(counts_on(1));
    for (std::size_t round = 0; round < 50; ++round) {
        auto const read = TRY(must(thread.tcb.read_registers(0, 2)));
        auto const begin = reinterpret_cast<std::uint64_t>(count_for_ever);
        REQUIRE(read[0] - begin < 256);
        REQUIRE(read[1] <= thread.stack_top && thread.stack_top - read[1] < 256);
    }
    REQUIRE(counts_on(1));
    TRY(must(thread.tcb.write_registers(reg::kFirstArgument, 1, false, {2})));
    std::array<std::uint64_t, 7> entry{};
    entry[reg::kProgramCounter] = reinterpret_cast<std::uint64_t>(+set);
    entry[reg::kStackPointer] = thread.stack_top;
    counts[2] = 1;
    TRY(must(thread.tcb.write_registers(0, 2, true, entry)));
    REQUIRE(eventually([&] { return thread.state() == state::kFaulted && counts[2] == 0; }));
    return {};
}

auto deleted_from_another_core(Rig& rig) -> Outcome {
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        Thread const thread = TRY(start_counting(rig, core, core));
        REQUIRE(counts_on(core));
        TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
        REQUIRE(stands_still(core));
    }
    return {};
}

auto revoked_on_all_cores_at_once(Rig& rig) -> Outcome {
    for (std::size_t round = 0; round < 10; ++round) {
        for (std::size_t core = 1; core < rig.core_count(); ++core) {
            TRY(start_counting(rig, core, core));
            TRY(start_counting(rig, core, core));
            REQUIRE(counts_on(core));
        }
        TRY(rig.tear_down());
        for (std::size_t core = 1; core < rig.core_count(); ++core) {
            REQUIRE(stands_still(core));
        }
    }
    return {};
}

auto without_time_it_stops_on_another_core(Rig& rig) -> Outcome {
    Thread const thread = TRY(start_counting(rig, 1, 1));
    REQUIRE(counts_on(1));
    TRY(must(thread.context.unbind()));
    REQUIRE(stands_still(1));
    TRY(must(thread.context.bind(thread.tcb.capability())));
    REQUIRE(counts_on(1));
    TRY(must(rig.root().delete_(kDepth, thread.context.capability())));
    REQUIRE(stands_still(1));
    return {};
}

/// A context that is always about to run out of its budget is deleted on another core, at any time of that.
auto a_context_ends_while_it_runs_out_elsewhere(Rig& rig) -> Outcome {
    std::uint64_t const budget = os::arch::counter_frequency() / 20'000;
    Thread const thread = TRY(start_counting(rig, 1, 1));
    TRY(must(thread.context.unbind()));
    for (std::uint64_t round = 0; round < 100; ++round) {
        object::SchedContext const context{TRY(rig.make(ObjectType::SchedContext))};
        TRY(must(rig.core(1).configure(static_cast<std::uint8_t>(Priority::High), context.capability(),
                                       budget, 2 * budget, 0)));
        TRY(must(context.bind(thread.tcb.capability())));
        spend(round * budget / 10);
        TRY(must(rig.root().delete_(kDepth, context.capability())));
        REQUIRE(stands_still(1));
    }
    return {};
}

auto all_cores_get_into_the_kernel(Rig& rig) -> Outcome {
    auto const call_for_ever = [](std::uint64_t index) {
        while (true) {
            os::yield();
            ++counts[index];
        }
    };
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        counts[core] = 0;
        TRY(rig.start({.run = call_for_ever, .argument = core, .core = core}));
    }
    constexpr std::uint64_t kCalls = 1000;
    for (std::uint64_t call = 0; call < kCalls; ++call) {
        os::yield();
    }
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        REQUIRE(eventually([&] { return counts[core].load() > kCalls; }));
    }
    return {};
}

constexpr std::array kTests{
    Test{"every_core_runs_threads", every_core_runs_threads, "MULTICORE0002", kSeveral},
    Test{"suspended_from_another_core_moved_and_resumed", suspended_from_another_core_moved_and_resumed,
         "MULTICORE0001", kSeveral},
    Test{"moved_while_it_runs", moved_while_it_runs, "SCHED0022", kSeveral},
    Test{"moves_itself_to_every_core", moves_itself_to_every_core, "SCHED0022", kSeveral},
    Test{"a_waiting_thread_is_moved", a_waiting_thread_is_moved, "SCHED0022", kSeveral},
    Test{"registers_of_a_thread_on_another_core", registers_of_a_thread_on_another_core, "", kSeveral},
    Test{"deleted_from_another_core", deleted_from_another_core, "MULTICORE0005", kSeveral},
    Test{"revoked_on_all_cores_at_once", revoked_on_all_cores_at_once, "MULTICORE0005", kSeveral},
    Test{"without_time_it_stops_on_another_core", without_time_it_stops_on_another_core, "", kSeveral},
    Test{"a_context_ends_while_it_runs_out_elsewhere", a_context_ends_while_it_runs_out_elsewhere,
         "SCHED_CONTEXT_0014", kSeveral},
    Test{"all_cores_get_into_the_kernel", all_cores_get_into_the_kernel, "MULTICORE0004", kSeveral},
};

} // namespace

auto core_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
