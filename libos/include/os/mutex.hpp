// SPDX-License-Identifier: MIT
/// Mutual exclusion between the threads of a component. Who has to wait sleeps on a notification, which is
/// made the first time that someone has to.
#pragma once

#include "os/capability.hpp"
#include "os/notification.hpp"

#include <atomic>
#include <cstdint>

namespace os {

namespace detail {

/// A notification that comes into being when it is first waited for. Whoever waits must have published that
/// it does, with release order, and checks again afterwards what it waits for: `wait` may return early.
class LazyNotification {
public:
    constexpr LazyNotification() = default;
    LazyNotification(LazyNotification const&) = delete;
    auto operator=(LazyNotification const&) -> LazyNotification& = delete;
    ~LazyNotification();

    /// Waits for a signal. Returns at once when the notification had to be made first, since a signal may
    /// have come before it was there; when there is no memory for one, it yields.
    void wait();
    /// Wakes one waiter; a signal that nobody waits for is kept for the next. Pre: the caller has seen, with
    /// acquire order, that someone waits.
    void signal();

private:
    void create();

    std::atomic<abi::CPtr> slot_{abi::kNullCPtr};
    std::atomic<MemoryBlock> block_{}; ///< written before slot_, by whoever sets that
};

/// Gives back what the calling thread has slept on in conditions: for when it ends.
void forget_sleep();

} // namespace detail

/// Not recursive. Satisfies Lockable: use it with `std::lock_guard`-like guards, or `os::Guard`. It outlives
/// every `unlock`: that it can be locked does not yet say that the one before has done with it.
class Mutex {
public:
    constexpr Mutex() = default;
    Mutex(Mutex const&) = delete;
    auto operator=(Mutex const&) -> Mutex& = delete;
    ~Mutex() = default;

    void lock() {
        if (!try_lock()) [[unlikely]] {
            lock_contended();
        }
    }
    [[nodiscard]] auto try_lock() -> bool {
        auto expected = State::Free;
        // Acquire: pairs with the release of the `unlock` before.
        return state_.compare_exchange_strong(expected, State::Locked, std::memory_order_acquire,
                                              std::memory_order_relaxed);
    }
    /// Pre: the caller holds it.
    void unlock() {
        // Acquire as well: who set `Awaited` may have made the notification just before.
        if (state_.exchange(State::Free, std::memory_order_acq_rel) == State::Awaited) [[unlikely]] {
            waiters_.signal();
        }
    }

private:
    /// A word: not every processor exchanges bytes.
    enum class State : std::uint32_t { // NOLINT(performance-enum-size)
        Free,
        Locked,
        Awaited, ///< locked, and someone sleeps or is about to
    };

    void lock_contended();

    std::atomic<State> state_{State::Free};
    detail::LazyNotification waiters_;
};

/// Holds a mutex for as long as it lives.
class Guard {
public:
    explicit Guard(Mutex& mutex) : mutex_{mutex} { mutex_.lock(); }
    Guard(Guard const&) = delete;
    auto operator=(Guard const&) -> Guard& = delete;
    ~Guard() { mutex_.unlock(); }

private:
    Mutex& mutex_;
};

/// Lets threads wait until something has changed. All functions are called with the mutex locked that
/// protects what is waited for; it must be the same each time. Waiters are served in the order they came.
class Condition {
public:
    constexpr Condition() = default;
    Condition(Condition const&) = delete;
    auto operator=(Condition const&) -> Condition& = delete;
    ~Condition() = default;

    /// Unlocks `mutex` until it is this thread's turn, and locks it again.
    void wait(Mutex& mutex);
    template <typename Predicate>
    void wait(Mutex& mutex, Predicate is_true) {
        while (!is_true()) {
            wait(mutex);
        }
    }

    void notify_one();
    void notify_all();

private:
    /// On the stack of who waits, which does not go on before it has the mutex again.
    struct Waiter {
        abi::CPtr notification; ///< the thread's own, so that nobody else takes its signal
        Waiter* next{};         ///< protected by the caller's mutex
        std::atomic<bool> served{};
    };

    // Protected by the caller's mutex.
    Waiter* first_{};
    Waiter* last_{};
};

} // namespace os
