// SPDX-License-Identifier: MIT
/// The last words of a component: to init, without heap, stdio or any port.
#pragma once

#include <cstdint>
#include <string_view>

namespace os {

/// Writes to the kernel's console. False: the component may not.
auto write_to_debug_console(std::string_view text) -> bool;

/// Tells the supervisor one line. Init itself writes to the debug console.
void report(std::string_view line);

/// Ends the component: `status` 0 is success. Reports nothing.
[[noreturn]] void end_component(std::uint64_t status);

/// Reports a line and gives the component up: its restart policy applies.
[[noreturn]] void fail_component(std::string_view line);

} // namespace os
