// SPDX-License-Identifier: MIT
/// Executes an instruction that the processor refuses.
#include "generated/env.hpp"

void os::main(Env& /*env*/) { __builtin_trap(); }
