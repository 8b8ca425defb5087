// SPDX-License-Identifier: MIT
/// What becomes of an object, or of a mapping, when a capability to it is deleted.
#pragma once

#include "kernel/cap/slot.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/sched/irq_line.hpp"

namespace kernel::lifecycle {

struct End {
    Progress progress{};
    Capability remainder; ///< null: the slot can be emptied; otherwise the zombie to put there
};

/// Ends what ends with the capability in `slot`, which stays in place. Preempted: some of it is done, and
/// doing it again goes on.
[[nodiscard]] auto finalise(Slot& slot) -> End;

/// Deletes the capability that an interrupt line signals.
[[nodiscard]] auto detach_notification(IrqLine& line) -> Progress;

} // namespace kernel::lifecycle
