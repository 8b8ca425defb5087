// SPDX-License-Identifier: MIT
/// Tests of mutex and condition with threads of the host and notifications that stand for the kernel's.
#include "os/mutex.hpp"

#include "libos/src/memory_manager.hpp"
#include "libos/src/resources.hpp"
#include "os/arch/trap.hpp"
#include "os/startup_info.hpp"

#include <gtest/gtest.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace {

using os::detail::forget_sleep; // which os::Thread does for its own

/// Notifications, and an endpoint for the memory manager, that makes one for each request.
class FakeKernelWithNotifications {
public:
    static constexpr abi::CPtr kMemoryEndpoint = 50;

    auto answer(abi::Syscall syscall, abi::CPtr capability, os::Message const& message) -> os::Received {
        std::unique_lock lock{mutex_};
        if (capability == kMemoryEndpoint) {
            return {0, make()};
        }
        if (capability == os::slot::kCNode) {
            return {};
        }
        if (syscall == abi::Syscall::Send) {
            signalled_[capability] = true;
            ++signals_;
            changed_.notify_all();
        } else if (syscall == abi::Syscall::Recv) {
            changed_.wait(lock, [&] { return signalled_[capability]; });
            signalled_[capability] = false;
        } else {
            EXPECT_EQ(syscall, abi::Syscall::Yield) << message.tag.label();
        }
        return {};
    }

    auto signals() -> int {
        std::scoped_lock const lock{mutex_};
        return signals_;
    }
    void allow_objects(int count) { objects_left_ = count; }

private:
    auto make() -> os::Message {
        if (objects_left_ == 0) {
            return {abi::MessageTag{static_cast<std::uint64_t>(abi::Error::NotEnoughMemory), 0}, {}};
        }
        --objects_left_;
        return {abi::MessageTag{0, 2}, {*os::allocate_slot(), 0}};
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::map<abi::CPtr, bool> signalled_;
    int objects_left_{1000};
    int signals_{};
};

class MutexTest : public testing::Test {
protected:
    MutexTest() {
        os::memory_endpoint = FakeKernelWithNotifications::kMemoryEndpoint;
        os::arch::fake_kernel = [this](abi::Syscall syscall, abi::CPtr capability, os::Message const& message,
                                       abi::CPtr /*second*/) {
            return kernel_.answer(syscall, capability, message);
        };
    }
    ~MutexTest() override {
        os::detail::forget_sleep();
        os::arch::fake_kernel = {};
        os::memory_endpoint = abi::kNullCPtr;
    }
    MutexTest(MutexTest const&) = delete;
    auto operator=(MutexTest const&) -> MutexTest& = delete;

    void count_with_threads() {
        os::Mutex mutex;
        int counter = 0;
        {
            std::vector<std::jthread> threads;
            for (int index = 0; index < 4; ++index) {
                threads.emplace_back([&] {
                    for (int round = 0; round < 3000; ++round) {
                        os::Guard const guard{mutex};
                        auto const seen = counter;
                        if (round % 64 == 0) {
                            std::this_thread::yield();
                        }
                        counter = seen + 1;
                    }
                });
            }
        }
        EXPECT_EQ(counter, 12000);
    }

    FakeKernelWithNotifications kernel_;
};

TEST_F(MutexTest, IsHeldByOne) {
    os::Mutex mutex;
    EXPECT_TRUE(mutex.try_lock());
    EXPECT_FALSE(mutex.try_lock());
    mutex.unlock();
    EXPECT_TRUE(mutex.try_lock());
    mutex.unlock();
}

TEST_F(MutexTest, ExcludesThreads) { count_with_threads(); }

TEST_F(MutexTest, WorksWithoutMemoryForANotification) {
    kernel_.allow_objects(0);
    count_with_threads();
}

TEST_F(MutexTest, ConditionPassesItemsOn) {
    os::Mutex mutex;
    os::Condition not_empty;
    os::Condition not_full;
    int items = 0;
    int consumed = 0;
    constexpr int kItems = 3000;
    auto const consume = [&](int count) {
        for (int index = 0; index < count; ++index) {
            os::Guard const guard{mutex};
            not_empty.wait(mutex, [&] { return items > 0; });
            --items;
            ++consumed;
            not_full.notify_one();
        }
        forget_sleep();
    };
    {
        std::jthread const first{[&] { consume(kItems / 2); }};
        std::jthread const second{[&] { consume(kItems / 2); }};
        for (int index = 0; index < kItems; ++index) {
            os::Guard const guard{mutex};
            not_full.wait(mutex, [&] { return items < 4; });
            ++items;
            not_empty.notify_one();
        }
    }
    EXPECT_EQ(consumed, kItems);
    EXPECT_EQ(items, 0);
}

TEST_F(MutexTest, ConditionWakesEveryone) {
    os::Mutex mutex;
    os::Condition changed;
    for (int round = 0; round < 50; ++round) {
        auto go = false;
        int woken = 0;
        {
            std::vector<std::jthread> threads;
            for (int index = 0; index < 6; ++index) {
                threads.emplace_back([&] {
                    os::Guard const guard{mutex};
                    changed.wait(mutex, [&] { return go; });
                    ++woken;
                    forget_sleep();
                });
            }
            if (round % 2 == 0) {
                std::this_thread::yield();
            }
            os::Guard const guard{mutex};
            go = true;
            changed.notify_all();
        }
        EXPECT_EQ(woken, 6);
    }
}

TEST_F(MutexTest, ConditionWakesNobodyElse) {
    // Waiters that had to pass on what was not for them would keep those from running for whom it is.
    os::Mutex mutex;
    os::Condition changed;
    int waiting = 0;
    std::vector<int> order;
    std::vector<std::jthread> threads;
    auto const waiters = [&] {
        os::Guard const guard{mutex};
        return waiting;
    };
    for (int index = 0; index < 3; ++index) {
        threads.emplace_back([&, index] {
            os::Guard const guard{mutex};
            ++waiting;
            changed.wait(mutex);
            order.push_back(index);
            forget_sleep();
        });
        while (waiters() <= index) {
            std::this_thread::yield();
        }
    }
    for (auto& thread : threads) {
        auto const before = kernel_.signals();
        mutex.lock();
        changed.notify_one();
        mutex.unlock();
        thread.join();
        // One for the condition, and one for each unlocking of a mutex that someone may wait for.
        EXPECT_LE(kernel_.signals() - before, 3);
    }
    EXPECT_EQ(order, (std::vector{0, 1, 2}));
}

} // namespace
