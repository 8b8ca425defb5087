// SPDX-License-Identifier: MIT
/// Assertions: a precondition that does not hold ends the program that states it, in every build.
#pragma once

#include <source_location>

namespace base {

/// Reports and does not return. Each environment supplies its own: the kernel panics, a component reports to
/// init and ends, a host test aborts.
[[noreturn]] void assertion_failed(char const* expression, std::source_location location);

} // namespace base

/// States what must be true here. Never about data that someone else sent: that is checked and refused.
#define ASSERT(...)                                                                                          \
    (static_cast<bool>(__VA_ARGS__)                                                                          \
         ? static_cast<void>(0)                                                                              \
         : ::base::assertion_failed(#__VA_ARGS__, ::std::source_location::current()))
