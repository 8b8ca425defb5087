// SPDX-License-Identifier: MIT
/// The performance counters of a core: closed to user code, but for one when a benchmark asks for it.
#pragma once

namespace kernel::arch {

/// User code reads no performance counter. Whether it may is anyone's guess after a reset.
void deny_counters();

} // namespace kernel::arch
