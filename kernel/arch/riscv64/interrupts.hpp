// SPDX-License-Identifier: MIT
/// A hart's interrupts as the generic kernel sees them: those of the controller, the two of its timer, and
/// the call of another core.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/riscv64/csr.hpp"
#include "kernel/arch/riscv64/device_windows.hpp"
#include "kernel/arch/riscv64/time.hpp"
#include "kernel/arch/types.hpp"
#include "kernel/drivers/plic.hpp"

#include <cstdint>

namespace kernel::arch {

class Interrupts {
public:
    static constexpr std::uint32_t kLineCount = static_cast<std::uint32_t>(board::kIrqCount);
    static constexpr std::uint32_t kTimerLine = board::kTimer.tick_irq;
    static constexpr std::uint32_t kAlarmLine = board::kTimer.alarm_irq;
    static constexpr std::uint32_t kCallLine = kLineCount;
    static constexpr std::uint32_t kFirstShared = 1;
    static constexpr std::uint32_t kEndOfShared = kTimerLine; ///< the lines of the timer follow

    static void initialise() { kController.initialise(); }
    static void initialise_core() {
        kController.initialise_context(this_hart().number, core_number() == 0);
        csr::set<csr::Number::InterruptEnable>(csr::interrupt::kExternal | csr::interrupt::kSoftware);
    }
    static auto claim() -> std::uint32_t {
        std::uint64_t const waiting = csr::read<csr::Number::InterruptPending>();
        if ((waiting & csr::interrupt::kTimer) != 0) {
            if (Time::deadline_passed()) {
                return kTimerLine;
            }
            if (Time::alarm_passed()) {
                return kAlarmLine;
            }
            Time::program_again();
        }
        if ((waiting & csr::interrupt::kSoftware) != 0) {
            csr::clear<csr::Number::InterruptPending>(csr::interrupt::kSoftware);
            return kCallLine;
        }
        return (waiting & csr::interrupt::kExternal) != 0 ? kController.claim(this_hart().number)
                                                          : drivers::kNoLine;
    }
    static void complete(std::uint32_t line) {
        if (line < kEndOfShared) {
            kController.complete(this_hart().number, line);
        }
    }
    static void mask(std::uint32_t line) { kController.mask(line); }
    static void unmask(std::uint32_t line) { kController.unmask(line); }
    static void call(std::size_t core) {
        // What was written comes before the interrupt.
        asm volatile("fence w, o" ::: "memory");
        firmware::send_interrupt(std::uint64_t{1} << harts[core].number);
    }
    /// What triggers a line is the hardware's business.
    static void configure(std::uint32_t /*line*/, Trigger /*trigger*/) {}
    static auto route(std::uint32_t line, std::size_t core) -> bool {
        for (std::size_t other = 0; other < hart_count; ++other) {
            kController.route(line, harts[other].number, other == core);
        }
        return true;
    }
    static auto pending() -> bool {
        constexpr auto kAny = csr::interrupt::kTimer | csr::interrupt::kExternal | csr::interrupt::kSoftware;
        return (csr::read<csr::Number::InterruptPending>() & kAny) != 0;
    }

private:
    static_assert(kTimerLine + 1 == kAlarmLine && kAlarmLine + 1 == kLineCount);

    static constexpr drivers::Plic kController{
        device_address(board::kInterrupts.first),
        device_address(board::kInterrupts.first + drivers::Plic::kEnables),
        device_address(board::kInterrupts.first + drivers::Plic::context_offset(0)), kEndOfShared};
};

} // namespace kernel::arch
