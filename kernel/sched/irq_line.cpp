// SPDX-License-Identifier: MIT
#include "kernel/sched/irq_line.hpp"

namespace kernel {

using arch::Interrupts;

auto IrqLine::available(std::uint32_t number) -> bool {
    // Core 0 would have two.
    constexpr std::uint32_t kFirst = Interrupts::kLineCount + 1;
    return is_shared(number) || number == Interrupts::kAlarmLine || number - kFirst < Core::count() - 1;
}

void IrqLine::set_masked(std::uint32_t number, bool masked) {
    if (!is_shared(number)) {
        Core::by_number(number == Interrupts::kAlarmLine ? 0 : number - Interrupts::kLineCount)
            .mask_alarm(masked);
    } else if (masked) {
        Interrupts::mask(number);
    } else {
        Interrupts::unmask(number);
    }
}

auto IrqLine::route(std::uint32_t number, std::size_t core) -> bool {
    return is_shared(number) && Interrupts::route(number, core);
}

} // namespace kernel
