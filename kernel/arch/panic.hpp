// SPDX-License-Identifier: MIT
/// What the kernel does when it finds itself in an impossible state. No user action may lead here.
#pragma once

#include <cstdint>
#include <span>

namespace kernel {

/// Says `reason` on the debug console, and stops the machine.
[[noreturn]] void panic(char const* reason);

struct NamedRegister {
    char const* name;
    std::uint64_t value;
};

/// For entry code that has an exception of the kernel itself: says what was in which register, and stops the
/// machine. `address` is what could not be accessed; `general` are those that have numbers, from x0 on.
[[noreturn]] void report_exception(std::uint64_t address, std::span<NamedRegister const> named,
                                   std::span<std::uint64_t const> general);

} // namespace kernel
