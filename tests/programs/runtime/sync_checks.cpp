// SPDX-License-Identifier: MIT
/// Semaphores, monitors, broadcasts, and the variables of many threads at once.
#include "check.hpp"

#include "os/mutex.hpp"
#include "os/semaphore.hpp"
#include "os/thread.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

namespace runtime {
namespace {

/// Runs `function` with the numbers from 0 on in as many threads, until all have returned. Whether all
/// started.
template <typename Function>
auto in_threads(int count, Function function) -> bool {
    std::vector<os::Thread> threads;
    for (int index = 0; index < count; ++index) {
        auto thread = os::Thread::create([&function, index] { function(index); }, on_some_core(index));
        if (!thread) {
            return false;
        }
        threads.push_back(std::move(*thread));
    }
    return true;
}

auto a_binary_semaphore_excludes() -> Outcome {
    os::Semaphore semaphore{1};
    std::uint64_t counter = 0; // protected by nothing else
    constexpr std::uint64_t kRounds = 500;
    CHECK(in_threads(4, [&](int) {
        for (std::uint64_t round = 0; round < kRounds; ++round) {
            semaphore.acquire();
            auto const seen = counter;
            os::yield(); // in the middle of it
            counter = seen + 1;
            semaphore.release();
        }
    }));
    CHECK(counter == 4 * kRounds);
    CHECK(semaphore.try_acquire());
    CHECK(!semaphore.try_acquire());
    return nullptr;
}

auto a_semaphore_counts() -> Outcome {
    constexpr int kPermits = 3;
    os::Semaphore semaphore{kPermits};
    std::atomic<int> inside{};
    std::atomic<int> most{};
    CHECK(in_threads(6, [&](int) {
        for (int round = 0; round < 200; ++round) {
            semaphore.acquire();
            auto const now = ++inside;
            for (auto seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {
            }
            do {
                os::yield();
            } while (most < kPermits); // the first wait until all permits have been taken at once
            --inside;
            semaphore.release();
        }
    }));
    CHECK(inside == 0 && most == kPermits);
    for (int permit = 0; permit < kPermits; ++permit) {
        CHECK(semaphore.try_acquire());
    }
    CHECK(!semaphore.try_acquire());
    // Permits may also come out of nothing.
    os::Semaphore empty{0};
    auto thread = os::Thread::create([&] { empty.acquire(); }, on_some_core(1));
    CHECK(thread.has_value());
    empty.release();
    thread->join();
    CHECK(!empty.try_acquire());
    return nullptr;
}

/// A queue with room for few, which producers and consumers share.
class Queue {
public:
    void put(int value) {
        os::Guard const guard{mutex_};
        has_room_.wait(mutex_, [this] { return count_ < values_.size(); });
        values_[(first_ + count_++) % values_.size()] = value;
        has_value_.notify_one();
    }
    auto take() -> int {
        os::Guard const guard{mutex_};
        has_value_.wait(mutex_, [this] { return count_ > 0; });
        auto const value = values_[first_];
        first_ = (first_ + 1) % values_.size();
        --count_;
        has_room_.notify_one();
        return value;
    }
    auto empty() -> bool {
        os::Guard const guard{mutex_};
        return count_ == 0;
    }

private:
    os::Mutex mutex_;
    os::Condition has_room_;
    os::Condition has_value_;
    std::array<int, 3> values_{};
    std::size_t first_{};
    std::size_t count_{};
};

auto a_monitor_keeps_its_invariant() -> Outcome {
    constexpr int kEach = 300;
    Queue queue;
    std::atomic<int> sum{};
    CHECK(in_threads(6, [&](int index) {
        for (int round = 1; round <= kEach; ++round) {
            if (index % 2 == 0) {
                queue.put(round);
            } else {
                sum += queue.take();
            }
        }
    }));
    CHECK(queue.empty() && sum == 3 * kEach * (kEach + 1) / 2);
    return nullptr;
}

auto a_broadcast_wakes_all() -> Outcome {
    constexpr int kThreads = 6;
    os::Mutex mutex;
    os::Condition changed;
    int waiting = 0;
    int generation = 0;
    int woken = 0;
    std::vector<os::Thread> threads;
    for (int index = 0; index < kThreads; ++index) {
        auto thread = os::Thread::create(
            [&] {
                os::Guard const guard{mutex};
                ++waiting;
                changed.wait(mutex, [&] { return generation == 1; });
                ++woken;
            },
            on_some_core(index));
        CHECK(thread.has_value());
        threads.push_back(std::move(*thread));
    }
    auto const read = [&](int const& value) {
        os::Guard const guard{mutex};
        return value;
    };
    while (read(waiting) < kThreads) {
        os::yield();
    }
    CHECK(read(woken) == 0);
    {
        os::Guard const guard{mutex};
        generation = 1;
        changed.notify_all();
    }
    threads.clear(); // joins them
    CHECK(woken == kThreads);
    return nullptr;
}

thread_local std::uint64_t own_zeroed;
thread_local std::array<std::uint64_t, 8> own_data{1, 2, 3, 4, 5, 6, 7, 8};

auto many_threads_keep_their_variables() -> Outcome {
    own_zeroed = 12345;
    std::atomic<int> mistakes{};
    std::atomic<int> running{};
    constexpr int kThreads = 8;
    CHECK(in_threads(kThreads, [&](int index) {
        mistakes +=
            own_zeroed == 0 && own_data == std::array<std::uint64_t, 8>{1, 2, 3, 4, 5, 6, 7, 8} ? 0 : 1;
        ++running;
        while (running < kThreads) {
            os::yield(); // all at the same time
        }
        auto const seed = static_cast<std::uint64_t>(index) * 1000;
        for (std::uint64_t round = 0; round < 100; ++round) {
            own_zeroed = seed + round;
            own_data.fill(seed + round);
            os::yield();
            auto const kept = own_zeroed == seed + round &&
                              std::ranges::all_of(own_data, [&](auto word) { return word == seed + round; });
            mistakes += kept ? 0 : 1;
        }
    }));
    CHECK(mistakes == 0);
    CHECK(own_zeroed == 12345 && own_data.front() == 1);
    return nullptr;
}

constexpr Check kChecks[] = {
    {"a_binary_semaphore_excludes", a_binary_semaphore_excludes},
    {"a_semaphore_counts", a_semaphore_counts},
    {"a_monitor_keeps_its_invariant", a_monitor_keeps_its_invariant},
    {"a_broadcast_wakes_all", a_broadcast_wakes_all},
    {"many_threads_keep_their_variables", many_threads_keep_their_variables},
};

} // namespace

auto sync_checks() -> std::span<Check const> { return kChecks; }

} // namespace runtime
