// SPDX-License-Identifier: MIT
/// Making the first thread, and everything it is given.
#pragma once

#include "kernel/boot/memory_map.hpp"
#include "kernel/boot/payload_view.hpp"

namespace kernel {
struct SchedContext;
struct Tcb;
} // namespace kernel

namespace kernel::boot {

struct InitThread {
    Tcb& thread;
    SchedContext& context;
};

/// Makes init, with all memory, all devices and `cores` cores, ready to be started. Takes all of `map.free`.
[[nodiscard]] auto make_init(MemoryMap& map, PayloadView const& payload, unsigned cores) -> InitThread;

} // namespace kernel::boot
