// SPDX-License-Identifier: MIT
/// Turns raw input on and never off.
#include "generated/env.hpp"

#include "base/assert.hpp"
#include "os/notification.hpp"

void os::main(Env& env) {
    if (env.startup().info().started_again == 0) {
        ASSERT(env.console().set_raw(true));
        if (!env.faults()) {
            return;
        }
        __builtin_trap();
    }
    while (true) {
        (void)object::Notification{slot::kNotification}.wait(); // nothing it would be told is of use
    }
}
