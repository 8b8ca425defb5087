// SPDX-License-Identifier: MIT
/// Mutex and condition: the parts that sleep.
#include "os/mutex.hpp"

#include "os/memory.hpp"

namespace os {
namespace detail {

LazyNotification::~LazyNotification() {
    // Cap deletes it and gives everything back.
    Cap<object::Notification> const owner{slot_.load(std::memory_order_acquire),
                                          block_.load(std::memory_order_relaxed)};
}

void LazyNotification::create() {
    auto made = make_object<object::Notification>();
    if (!made) {
        yield();
        return;
    }
    auto expected = abi::kNullCPtr;
    if (!slot_.compare_exchange_strong(expected, made->slot(), std::memory_order_acq_rel)) {
        return; // another thread was faster, ours is deleted
    }
    block_.store(made->block(), std::memory_order_relaxed); // only the destructor reads it
    (void)made->release();                                  // owned by slot_ and block_ now
}

void LazyNotification::wait() {
    auto const slot = slot_.load(std::memory_order_acquire);
    if (slot == abi::kNullCPtr) {
        create();
    } else {
        (void)os::wait(slot); // the word says nothing
    }
}

void LazyNotification::signal() {
    auto const slot = slot_.load(std::memory_order_acquire);
    if (slot != abi::kNullCPtr) {
        os::signal(slot);
    }
}

} // namespace detail

void Mutex::lock_contended() {
    // Whoever locks it from here on says `Awaited`: others may sleep that it has to wake. Release: publishes
    // the notification that this thread may just have made.
    while (state_.exchange(State::Awaited, std::memory_order_acq_rel) != State::Free) {
        waiters_.wait();
    }
}

void Condition::wait(Mutex& mutex) {
    auto const ticket = next_++;
    while (true) {
        mutex.unlock();
        waiters_.wait();
        mutex.lock();
        auto const served = ticket < served_;
        if (served) {
            ++woken_;
        }
        // A signal wakes anyone: pass it on as long as others that are served still sleep.
        if (woken_ < served_) {
            waiters_.signal();
        }
        if (served) {
            return;
        }
    }
}

void Condition::notify_one() {
    if (served_ == next_) {
        return;
    }
    ++served_;
    waiters_.signal();
}

void Condition::notify_all() {
    if (served_ == next_) {
        return;
    }
    served_ = next_;
    waiters_.signal();
}

} // namespace os
