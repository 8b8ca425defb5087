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

/// Makes init, with all memory and all devices, ready to be started. Takes all of `map.free`.
[[nodiscard]] auto make_init(MemoryMap& map, PayloadView const& payload) -> InitThread;

} // namespace kernel::boot
