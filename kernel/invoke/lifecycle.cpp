// SPDX-License-Identifier: MIT
#include "kernel/invoke/lifecycle.hpp"

#include "kernel/arch/contract.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/finalise.hpp"
#include "kernel/ipc/rendezvous.hpp"
#include "kernel/sched/lending.hpp"

namespace kernel::lifecycle {
namespace {

auto preempted() -> bool { return arch::Interrupts::pending(); }

/// Takes the first step of deletion for a slot that holds no zombie: empties it, or leaves a zombie in it
/// when it held the last capability to an object with slots of its own. Preempted: holds what it held.
auto begin_delete(Slot& slot) -> Progress {
    auto const end = finalise(slot);
    if (end.progress == Progress::Preempted) {
        return Progress::Preempted;
    }
    if (end.remainder.null()) {
        derivation::remove(slot);
    } else {
        slot.set_capability(end.remainder);
    }
    return Progress::Done;
}

/// One step of emptying the object of the zombie in `slot`. Returns where to go on: the slot, or the one that
/// its zombie moved to.
///
/// The slots of the object are emptied from the last to the first. Where one of them holds a zombie itself,
/// the two are turned round, so that the inner one is in `slot` and is emptied first, and the outer one waits
/// in the inner one's first slot, whose content takes the place where the inner one was:
/// ```
///   slot: A[..n]   A[n-1]: B   B[0]: x      becomes     slot: B   B[0]: A[..n]   A[n-1]: x
/// ```
/// When only its first slot is left of B, A comes back into `slot`. So no depth of nesting needs a stack.
auto take_apart(Slot& slot) -> Slot& {
    ZombieView const outer{slot.capability()};
    auto const count = outer.remaining();
    if (count == 0) {
        derivation::remove(slot);
        return slot;
    }
    auto* const slots = outer.slots();
    auto& last = slots[count - 1];
    if (&last == &slot) {
        // The object holds its own zombie. That goes to the front, to be met last.
        if (count == 1) {
            derivation::remove(slot);
            return slot;
        }
        derivation::swap(slot, slots[0]);
        return slots[0];
    }
    if (!last.empty() && !last.capability().is_zombie() && begin_delete(last) == Progress::Preempted) {
        return slot;
    }
    if (last.empty() || ZombieView{last.capability()}.remaining() == 0) {
        if (!last.empty()) {
            derivation::remove(last);
        }
        slot.set_capability(outer.with_remaining(count - 1));
        return slot;
    }
    if (count == 1) {
        derivation::remove(slot);
        derivation::move(last, slot);
        return slot;
    }
    auto& inner_first = *ZombieView{last.capability()}.slots();
    derivation::swap(last, slot);
    if (&inner_first != &slot) {
        derivation::swap(last, inner_first);
    }
    return slot;
}

/// The first thread that waits to send.
auto first_sender(Endpoint const& endpoint) -> Tcb* {
    return endpoint.callers.empty() ? endpoint.senders.front() : endpoint.callers.front();
}
/// The one after it: senders come after callers.
auto next_sender(Endpoint const& endpoint, Tcb const& thread) -> Tcb* {
    auto const last_caller = thread.queue_next == nullptr && thread.sends == Message::Call;
    return last_caller ? endpoint.senders.front() : thread.queue_next;
}

} // namespace

auto delete_slot(Slot& slot) -> Progress {
    auto* place = &slot;
    while (!place->empty()) {
        if (place->capability().is_zombie()) {
            place = &take_apart(*place);
        } else if (begin_delete(*place) == Progress::Preempted) {
            return Progress::Preempted;
        }
        if (!place->empty() && preempted()) {
            return Progress::Preempted;
        }
    }
    return Progress::Done;
}

auto revoke(Slot& slot) -> Progress {
    while (derivation::has_children(slot)) {
        if (delete_slot(*slot.next()) == Progress::Preempted) {
            return Progress::Preempted;
        }
        if (preempted() && derivation::has_children(slot)) {
            return Progress::Preempted;
        }
    }
    return Progress::Done;
}

auto cancel_badged_sends(Endpoint& endpoint, std::uint64_t badge) -> Progress {
    if (badge == 0) {
        return Progress::Done;
    }
    auto const goes_on = endpoint.cancel_at != nullptr && endpoint.cancel_badge == badge;
    auto* thread = goes_on ? endpoint.cancel_at : first_sender(endpoint);
    endpoint.cancel_at = nullptr;
    while (thread != nullptr) {
        auto* const next = next_sender(endpoint, *thread);
        if (thread->sent_badge == badge) {
            send_home(*thread, TellCallers::No);
        }
        thread = next;
        auto const alone =
            thread == nullptr || (thread->queue_next == nullptr && thread->queue_previous == nullptr);
        if (!alone && preempted()) {
            endpoint.cancel_at = thread;
            endpoint.cancel_badge = badge;
            return Progress::Preempted;
        }
    }
    return Progress::Done;
}

void suspend(Tcb& thread) {
    Core::hold(thread);
    cancel_wait(thread);
    thread.become(ThreadState::Inactive);
    lending::update(thread);
}

void resume(Tcb& thread) {
    if (thread.state == ThreadState::Running) {
        return;
    }
    cancel_wait(thread);
    thread.become(ThreadState::Running);
    lending::update(thread);
}

} // namespace kernel::lifecycle
