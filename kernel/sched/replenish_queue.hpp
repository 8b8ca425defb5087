// SPDX-License-Identifier: MIT
/// The scheduling contexts of a core that have used up their budgets, by when they have one again.
#pragma once

#include "kernel/object/sched_context.hpp"

namespace kernel {

/// A leftist heap in the links of the contexts: every operation takes steps in proportion to the logarithm of
/// how many there are.
class ReplenishQueue {
public:
    /// The one that has its budget back first; null when the queue is empty.
    [[nodiscard]] auto front() const -> SchedContext* { return root_; }

    /// Pre: it is in no queue.
    void insert(SchedContext& context);
    /// Pre: it is in this queue.
    void remove(SchedContext& context);

private:
    SchedContext* root_{};
};

} // namespace kernel
