// SPDX-License-Identifier: MIT
/// A number of permits that the threads of a component take and give back.
#pragma once

#include "os/mutex.hpp"

#include <cstdint>

namespace os {

/// Copes with any number of threads that wait.
class Semaphore {
public:
    /// `permits`: how many can be acquired before any is released.
    explicit constexpr Semaphore(std::uint32_t permits) : permits_{permits} {}

    /// Takes a permit; waits for one if there is none.
    void acquire();
    [[nodiscard]] auto try_acquire() -> bool;
    /// Gives one permit, which need not have been acquired. Pre: there are fewer than 2^32 - 1.
    void release();

private:
    Mutex mutex_;
    Condition released_;
    std::uint32_t permits_; ///< protected by mutex_
};

} // namespace os
