// SPDX-License-Identifier: MIT
/// Compiled with init: joins the start-up code to its os::main.
#include "start.hpp"

#include "os/init.hpp"

extern "C" [[noreturn]] void os_start(std::uint64_t address) {
    os::main(os::start_init(address));
    os::finish();
}
