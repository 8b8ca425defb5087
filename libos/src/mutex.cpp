// SPDX-License-Identifier: MIT
/// Mutex and condition: the parts that sleep.
#include "os/mutex.hpp"

#include "os/memory.hpp"

namespace os {

namespace {

// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables): a thread has no other place of its own.
/// What the thread sleeps on in conditions; made when it does so for the first time.
thread_local abi::CPtr own_sleep = abi::kNullCPtr;
thread_local MemoryBlock own_block{};
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

/// The calling thread's notification to sleep on; null when there is no memory for one.
auto sleep_notification() -> abi::CPtr {
    if (own_sleep == abi::kNullCPtr) {
        if (auto made = make_object<object::Notification>()) {
            own_block = made->block();
            own_sleep = made->release();
        }
    }
    return own_sleep;
}

} // namespace

namespace detail {

void forget_sleep() {
    // Cap deletes it and gives everything back.
    Cap<object::Notification> const owner{own_sleep, own_block};
    own_sleep = abi::kNullCPtr;
}

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
    Waiter self{.notification = sleep_notification()};
    (last_ == nullptr ? first_ : last_->next) = &self;
    last_ = &self;
    mutex.unlock();
    // Acquire: pairs with the release of who serves. A signal may be left from an earlier wait.
    while (!self.served.load(std::memory_order_acquire)) {
        if (self.notification == abi::kNullCPtr) {
            yield();
        } else {
            (void)os::wait(self.notification); // the word says nothing
        }
    }
    mutex.lock();
}

void Condition::notify_one() {
    auto* const waiter = first_;
    if (waiter == nullptr) {
        return;
    }
    first_ = waiter->next;
    if (first_ == nullptr) {
        last_ = nullptr;
    }
    waiter->served.store(true, std::memory_order_release);
    // It cannot have ended: it needs the mutex first.
    if (waiter->notification != abi::kNullCPtr) {
        os::signal(waiter->notification);
    }
}

void Condition::notify_all() {
    while (first_ != nullptr) {
        notify_one();
    }
}

} // namespace os
