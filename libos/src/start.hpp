// SPDX-License-Identifier: MIT
/// From the first instruction to os::main. The entry files, compiled with each program, call these.
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "os/startup.hpp"

#include <cstdint>

namespace os {

/// Sets up what a component needs before its own code runs: thread-local storage, the pager, static objects.
/// `address` is what crt0 was given. Does not return if the start-up page is damaged.
[[nodiscard]] auto start_component(std::uint64_t address) -> StartupView;

/// The same for init, which has no pager and no heap: it makes what it needs of the boot information itself.
[[nodiscard]] auto start_init(std::uint64_t address) -> abi::BootInfo const&;

/// After init's os::main has returned.
[[noreturn]] void finish();

} // namespace os
