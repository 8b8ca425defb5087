// SPDX-License-Identifier: MIT
/// Interrupts, faults and the floating-point trap, from entry code to what runs next.
#include "kernel/arch/upcalls.hpp"
#include "kernel/ipc/fault.hpp"
#include "kernel/ipc/signals.hpp"
#include "kernel/sched/core.hpp"
#include "kernel/sched/irq_line.hpp"

namespace kernel {

/// What user code handles is masked until the driver acknowledges it: that, not the kernel, quiets the
/// device.
extern "C" auto take_interrupt(Core& core) -> Signal {
    // One at a time: when another is pending the core comes straight back.
    auto const line = arch::Interrupts::claim();
    auto number = line;
    if (IrqLine::is_shared(line)) [[likely]] {
        arch::Interrupts::mask(line);
    } else if (line == arch::Interrupts::kAlarmLine) {
        core.mask_alarm(true);
        number = IrqLine::alarm_of(core.number());
    } else {
        if (line == arch::Interrupts::kCallLine) {
            // Another core has changed what is to run here, or from when on.
            core.serve();
        } else if (line != arch::Interrupts::kTimerLine) {
            return {};
        }
        core.tick();
        arch::Interrupts::complete(line);
        return {};
    }
    auto const handler = IrqLine::by_number(number).notification.capability();
    arch::Interrupts::complete(line);
    return {handler.null() ? nullptr : &handler.object<Notification>(), handler.badge()};
}

auto handle_interrupt(Core& core) -> Tcb* { return handle_signal(core, take_interrupt(core)); }

auto handle_signal(Core& core, Signal const& sent) -> Tcb* {
    if (sent.notification != nullptr) {
        signal(*sent.notification, sent.word);
    }
    return core.choose();
}

auto handle_fault(Core& core, Fault const& fault) -> Tcb* {
    raise_fault(*core.current(), fault);
    return core.choose();
}

auto handle_fp_access(Core& core, Fault const& exception) -> Tcb* {
    auto& thread = *core.current();
    if (thread.fp_disabled) {
        return handle_fault(core, exception);
    }
    if (core.fp_owner() == &thread) {
        return core.choose();
    }
    if (auto* const holder = Core::with_fp_of(thread); holder != nullptr) {
        // The thread uses the unit again, and comes back until the other core has given its values up.
        holder->call_for_fp();
        return core.choose();
    }
    arch::FloatingPoint::enable();
    if (core.fp_owner() != nullptr) {
        arch::FloatingPoint::save(core.fp_owner()->floating_point);
    }
    arch::FloatingPoint::load(thread.floating_point);
    core.set_fp_owner(&thread);
    return core.choose();
}

} // namespace kernel
