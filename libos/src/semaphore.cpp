// SPDX-License-Identifier: MIT
/// Semaphores, of a mutex and a condition.
#include "os/semaphore.hpp"

namespace os {

void Semaphore::acquire() {
    Guard const guard{mutex_};
    released_.wait(mutex_, [this] { return permits_ > 0; });
    --permits_;
}

auto Semaphore::try_acquire() -> bool {
    Guard const guard{mutex_};
    if (permits_ == 0) {
        return false;
    }
    --permits_;
    return true;
}

void Semaphore::release() {
    Guard const guard{mutex_};
    ++permits_;
    released_.notify_one();
}

} // namespace os
