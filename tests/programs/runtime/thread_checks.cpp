// SPDX-License-Identifier: MIT
/// Threads and what they wait for.
#include "check.hpp"

#include "os/mutex.hpp"
#include "os/receive_slot.hpp"
#include "os/startup_info.hpp"
#include "os/thread.hpp"
#include "os/time.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace runtime {
namespace {

struct alignas(64) Aligned {
    std::uint64_t value{99};
};
thread_local int initialised = 7;
thread_local int zeroed;
thread_local Aligned aligned;

auto thread_locals_are_fresh() -> bool {
    auto const fresh = initialised == 7 && zeroed == 0 && aligned.value == 99 &&
                       reinterpret_cast<std::uintptr_t>(&aligned) % 64 == 0;
    ++initialised;
    ++zeroed;
    aligned.value = 0;
    return fresh;
}

auto each_thread_has_its_own_variables() -> Outcome {
    CHECK(thread_locals_are_fresh());
    for (int round = 0; round < 3; ++round) {
        bool fresh = false;
        auto thread = os::Thread::create([&] { fresh = thread_locals_are_fresh(); });
        CHECK(thread.has_value());
        thread->join();
        CHECK(fresh);
    }
    CHECK(initialised == 8 && zeroed == 1);
    return nullptr;
}

auto threads_know_their_tcb() -> Outcome {
    CHECK(os::current_tcb() == os::slot::kTcb);
    abi::CPtr seen = 0;
    auto thread = os::Thread::create([&] { seen = os::current_tcb(); });
    CHECK(thread.has_value());
    auto const tcb = thread->tcb().capability();
    thread->join();
    CHECK(seen == tcb);
    return nullptr;
}

auto threads_leave_nothing() -> Outcome {
    auto const before = os::memory_left().slots;
    int runs = 0;
    for (int round = 0; round < 100; ++round) {
        auto thread = os::Thread::create([&] { runs += os::receive_slot::prepare() ? 1 : 0; });
        CHECK(thread.has_value());
    }
    CHECK(runs == 100);
    CHECK(before - os::memory_left().slots <= 8); // for blocks that stay
    return nullptr;
}

auto a_thread_gets_no_higher_priority() -> Outcome {
    auto const state = os::object::Tcb{os::slot::kTcb}.state();
    CHECK(state.has_value());
    auto const higher = static_cast<std::uint8_t>(state->priority + 1);
    auto const thread = os::Thread::create([] {}, {.priority = higher});
    CHECK(!thread.has_value());
    CHECK(thread.error() == abi::Error::RangeError);
    return nullptr;
}

auto a_thread_runs_on_the_core_that_it_is_given() -> Outcome {
    auto const own = os::object::Tcb{os::slot::kTcb}.state();
    CHECK(own.has_value());
    CHECK(os::core_count() > own->core);
    for (std::size_t core = 0; core < os::core_count(); ++core) {
        std::size_t seen = ~std::size_t{0};
        auto thread = os::Thread::create(
            [&] {
                auto const state = os::object::Tcb{os::current_tcb()}.state();
                seen = state ? state->core : seen;
            },
            {.core = core});
        CHECK(thread.has_value());
        thread->join();
        CHECK(seen == core);
    }
    auto const nowhere = os::Thread::create([] {}, {.core = os::core_count()});
    CHECK(!nowhere.has_value());
    CHECK(nowhere.error() == abi::Error::RangeError);
    return nullptr;
}

auto threads_use_the_heap_together() -> Outcome {
    std::atomic<int> mistakes{};
    {
        std::vector<os::Thread> threads;
        for (int index = 0; index < 4; ++index) {
            auto thread = os::Thread::create(
                [&mistakes, index] {
                    for (int round = 0; round < 500; ++round) {
                        std::vector<int> const numbers(static_cast<std::size_t>(round % 50 + 1), index);
                        if (round % 10 == 0) {
                            os::yield();
                        }
                        for (auto const number : numbers) {
                            mistakes += number == index ? 0 : 1;
                        }
                    }
                },
                on_some_core(index));
            CHECK(thread.has_value());
            threads.push_back(std::move(*thread));
        }
    }
    CHECK(mistakes == 0);
    return nullptr;
}

auto a_mutex_survives_preemption() -> Outcome {
    os::Mutex mutex;
    std::uint64_t counter = 0;
    constexpr std::uint64_t kRounds = 20'000;
    {
        std::vector<os::Thread> threads;
        for (int index = 0; index < 3; ++index) {
            auto thread = os::Thread::create(
                [&] {
                    for (std::uint64_t round = 0; round < kRounds; ++round) {
                        os::Guard const guard{mutex};
                        // Slow on purpose: time slices end in here.
                        auto volatile seen = counter;
                        for (int delay = 0; delay < 20; ++delay) {
                            seen = seen + 0;
                        }
                        counter = seen + 1;
                    }
                },
                on_some_core(index));
            CHECK(thread.has_value());
            threads.push_back(std::move(*thread));
        }
    }
    CHECK(counter == 3 * kRounds);
    return nullptr;
}

auto a_condition_hands_over() -> Outcome {
    os::Mutex mutex;
    os::Condition changed;
    int turn = 0;
    constexpr int kTurns = 300;
    auto const take_turns = [&](int parity) {
        for (int number = parity; number < kTurns; number += 2) {
            os::Guard const guard{mutex};
            changed.wait(mutex, [&] { return turn == number; });
            ++turn;
            changed.notify_all();
        }
    };
    {
        auto odd = os::Thread::create([&] { take_turns(1); }, on_some_core(1));
        CHECK(odd.has_value());
        take_turns(0);
    }
    CHECK(turn == kTurns);
    return nullptr;
}

auto notifications_collect_badges() -> Outcome {
    auto notification = os::make_object<os::object::Notification>();
    CHECK(notification.has_value());
    auto const badged = os::allocate_slot();
    CHECK(badged.has_value());
    os::object::CNode const own{os::slot::kCNode};
    CHECK(own.mint(os::kSlotDepth, os::kSlotDepth, abi::rights::kWrite, *badged, os::slot::kCNode,
                   notification->slot(), 4)
              .has_value());
    os::Cap<os::object::Notification> const signaller{*badged};
    CHECK((*notification)->poll() == 0);
    signaller->signal();
    signaller->signal();
    CHECK((*notification)->wait() == 4);
    CHECK((*notification)->poll() == 0);
    auto thread = os::Thread::create([&] { signaller->signal(); }, on_some_core(1));
    CHECK(thread.has_value());
    CHECK((*notification)->wait() == 4);
    return nullptr;
}

auto time_goes_on() -> Outcome {
    auto const clock_start = std::chrono::steady_clock::now();
    auto const start = os::now_nanoseconds();
    auto last = start;
    for (int round = 0; round < 1000; ++round) {
        auto const now = os::now_nanoseconds();
        CHECK(now >= last);
        last = now;
    }
    CHECK(last > start);
    CHECK(std::chrono::steady_clock::now() > clock_start);
    return nullptr;
}

constexpr Check kChecks[] = {
    {"each_thread_has_its_own_variables", each_thread_has_its_own_variables},
    {"threads_know_their_tcb", threads_know_their_tcb},
    {"threads_leave_nothing", threads_leave_nothing},
    {"a_thread_gets_no_higher_priority", a_thread_gets_no_higher_priority},
    {"a_thread_runs_on_the_core_that_it_is_given", a_thread_runs_on_the_core_that_it_is_given},
    {"threads_use_the_heap_together", threads_use_the_heap_together},
    {"a_mutex_survives_preemption", a_mutex_survives_preemption},
    {"a_condition_hands_over", a_condition_hands_over},
    {"notifications_collect_badges", notifications_collect_badges},
    {"time_goes_on", time_goes_on},
};

} // namespace

auto thread_checks() -> std::span<Check const> { return kChecks; }

} // namespace runtime
