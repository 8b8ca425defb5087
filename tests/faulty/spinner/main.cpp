// SPDX-License-Identifier: MIT
/// Runs for ever without a system call.
#include "generated/env.hpp"

#include "os/arch.hpp"

void os::main(Env& /*env*/) {
    while (true) {
        os::arch::relax();
    }
}
