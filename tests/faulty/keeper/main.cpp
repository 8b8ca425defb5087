// SPDX-License-Identifier: MIT
/// Turns raw input on and never off.
#include "generated/env.hpp"

#include "base/assert.hpp"

void os::main(Env& env) { ASSERT(env.console().set_raw(true)); }
