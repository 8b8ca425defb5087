// SPDX-License-Identifier: MIT
/// The board's interrupt controller, as the generic kernel sees it.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/aarch64/device_windows.hpp"
#include "kernel/arch/aarch64/processor.hpp"
#include "kernel/arch/types.hpp"
#include "kernel/drivers/bcm2836_interrupts.hpp"
#include "kernel/drivers/gicv2.hpp"

#include <cstdint>

namespace kernel::arch {

/// The driver for a kind of controller, set up from the board's facts.
template <drivers::InterruptDevice kDevice>
consteval auto interrupt_driver() {
    constexpr auto const& kFacts = board::kInterrupts;
    if constexpr (kDevice == drivers::InterruptDevice::GicV2) {
        return drivers::GicV2{device_address(kFacts.first), device_address(kFacts.second),
                              static_cast<std::uint32_t>(board::kIrqCount)};
    } else {
        return drivers::Bcm2836Interrupts{device_address(kFacts.first), device_address(kFacts.second)};
    }
}

class Interrupts {
    static constexpr auto kDriver = interrupt_driver<board::kInterrupts.device>();

public:
    static constexpr std::uint32_t kLineCount = static_cast<std::uint32_t>(board::kIrqCount);
    static constexpr std::uint32_t kTimerLine = board::kTimer.tick_irq;
    static constexpr std::uint32_t kAlarmLine = board::kTimer.alarm_irq;
    static constexpr std::uint32_t kCallLine = decltype(kDriver)::kCallLine;
    static constexpr std::uint32_t kFirstShared = decltype(kDriver)::kFirstShared;
    static constexpr std::uint32_t kEndOfShared = kDriver.end_of_shared();

    static void initialise() { kDriver.initialise(); }
    static void initialise_core() {
        auto const core = Cpu::number();
        kDriver.initialise_core(core);
        for (auto const line : {kTimerLine, kAlarmLine, kCallLine}) {
            kDriver.unmask_own(line, core);
        }
    }
    static auto claim() -> std::uint32_t { return kDriver.claim(Cpu::number()); }
    static void complete(std::uint32_t line) { kDriver.complete(line); }
    static void mask(std::uint32_t line) { kDriver.mask(line); }
    static void unmask(std::uint32_t line) { kDriver.unmask(line); }
    static auto route(std::uint32_t line, std::size_t core) -> bool {
        return kDriver.route(line, static_cast<std::uint32_t>(core));
    }
    static void call(std::size_t core) { kDriver.call(static_cast<std::uint32_t>(core)); }
    static void configure(std::uint32_t line, Trigger trigger) { kDriver.configure(line, trigger); }
    static auto pending() -> bool {
        std::uint64_t signals = 0;
        // ISR_EL1 shows what waits even while it is masked. Volatile: it changes by itself.
        asm volatile("mrs %0, isr_el1" : "=r"(signals));
        constexpr std::uint64_t kInterrupt = 1U << 7U;
        return (signals & kInterrupt) != 0;
    }
};

} // namespace kernel::arch
