// SPDX-License-Identifier: MIT
/// What the kernel does when it finds itself in an impossible state. No user action may lead here.
#pragma once

namespace kernel {

/// Says `reason` on the debug console, stops the machine. Defined by the architecture.
[[noreturn]] void panic(char const* reason);

} // namespace kernel
