// SPDX-License-Identifier: MIT
/// Signals, and the interrupt of a device: its transmitter is always ready, so that it interrupts as soon as
/// that is asked for.
#include "base/result.hpp"
#include "os/startup_info.hpp"
#include "rig.hpp"

#include "generated/object/irq_handler.hpp"

namespace bench {
namespace {

auto make_notification() -> std::expected<abi::CPtr, std::string_view> {
    auto made = os::make_object<os::object::Notification>();
    TRY(must(made, "there is no memory for a notification"));
    return made->release();
}

auto measure_interrupt(Rig const& rig, abi::CPtr notification) -> Outcome {
    os::object::IrqHandler const handler{rig.uart.irq_handler};
    TRY(must(handler.set_notification(notification), "the interrupt cannot be received"));
    auto const mask = rig.uart.address + arch::kUartMask;
    write_line("BENCH about to interrupt"); // what was sent is what makes the transmitter ready
    bool came = true;
    sample([&] {
        rig.marks().received = 0;
        auto const begin = arch::raise(mask, arch::kUartTransmit);
        came = came && rig.marks().received != 0;
        (void)arch::raise(mask, 0);
        came = came && handler.acknowledge().has_value();
        return length({begin, rig.marks().received});
    }).report("irq_user");
    return require(came, "an interrupt did not come at once");
}

} // namespace

auto measure_signals(Rig const& rig) -> Outcome {
    auto const idle = TRY(make_notification());
    sample([&] {
        auto const taken = timed([&] { os::signal(unknown(idle)); });
        (void)os::try_receive(idle); // nothing may be there the next time
        return taken;
    }).report("signal_idle");

    auto const watched = TRY(make_notification());
    TRY(rig.watch(os::object::Notification{watched}));
    sample([&] {
        auto const begin = arch::counter();
        os::signal(unknown(watched));
        return length({begin, rig.marks().received});
    }).report("signal_higher");
    return measure_interrupt(rig, watched);
}

} // namespace bench
