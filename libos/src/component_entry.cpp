// SPDX-License-Identifier: MIT
/// Compiled with each component: joins the start-up code to the component's own Env and os::main.
#include "start.hpp"

#include "generated/env.hpp"

extern "C" [[noreturn]] void os_start(std::uint64_t address) {
    Env env{os::start_component(address)};
    os::main(env);
    os::finish();
}
