// SPDX-License-Identifier: MIT
/// What init uses in place of `os/env.hpp`.
#pragma once

#include "kernel/abi/boot_info.hpp"

namespace os {

/// Where init begins. Runs on the stack that the kernel has mapped, without heap: what needs memory is made
/// by init itself. If it returns, it is suspended.
void main(abi::BootInfo const& boot_info);

} // namespace os
