// SPDX-License-Identifier: MIT
#include "alarm.hpp"

#include "os/syscall.hpp"

namespace suite {

auto Alarm::wait_until(std::uint64_t deadline) const -> Outcome {
    TRY(must(core.set_alarm(deadline)));
    (void)os::wait(notification);
    TRY(must(core.set_alarm(kNever)));
    return must(handler.acknowledge());
}

auto take_alarm(Rig& rig) -> Got<Alarm> {
    auto const info = TRY(must(rig.core().info()));
    CPtr const slot = rig.slot();
    TRY(must(rig.core().set_alarm(kNever)));
    TRY(must(object::IrqControl{os::slot::kIrqControl}.get(0, kDepth, info.alarm_irq, kRoot, slot)));
    Alarm const alarm{rig.core(), object::IrqHandler{slot}, TRY(rig.make(ObjectType::Notification))};
    TRY(must(alarm.handler.set_notification(TRY(rig.mint(alarm.notification, Alarm::kBadge)))));
    return alarm;
}

} // namespace suite
