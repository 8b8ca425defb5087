// SPDX-License-Identifier: MIT
/// The invariants of each type of object, one check for each sentence of their headers.
#pragma once

#include "kernel/debug/invariants.hpp"
#include "kernel/object/endpoint.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/object/reply.hpp"
#include "kernel/object/sched_context.hpp"
#include "kernel/object/tcb.hpp"
#include "kernel/sched/core.hpp"

namespace kernel::debug {

/// Collects what is wrong.
class Checker {
public:
    void expect(bool holds, char const* sentence);
    [[nodiscard]] auto findings() const -> Findings { return findings_; }

    /// The links of one slot, and what holds of its capability alone.
    void slot(Slot const& slot);
    /// The object that a capability names.
    void object(Capability capability);

private:
    void endpoint(Endpoint const& endpoint);
    void notification(Notification const& notification);
    void reply(Reply const& reply);
    void sched_context(SchedContext const& context);
    void thread(Tcb const& thread);
    void thread_waits(Tcb const& thread);
    void thread_lends(Tcb const& thread);
    void untyped(Slot const& slot);
    void queue(ThreadQueue const& queue, ThreadState state, void const* object);

    Findings findings_{};
};

} // namespace kernel::debug
