// SPDX-License-Identifier: MIT
/// The types of the facts that `generated/board_facts.hpp` states about a board (codegen/board).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::drivers {

/// Physical memory or registers from `base` on.
struct Range {
    std::uint64_t base;
    std::uint64_t size; ///< bytes
};

enum class ConsoleDevice : std::uint8_t { Pl011, BcmAuxUart, Ns16550 };

/// The serial port the kernel writes to when it polls.
struct ConsoleFacts {
    ConsoleDevice device;
    std::uint64_t base;
    std::uint32_t clock_hz;
};

enum class InterruptDevice : std::uint8_t { GicV2, Bcm2836, Plic };

/// GicV2: distributor, CPU interface. Bcm2836: the cores' local block, the page of the GPU's controller.
/// Plic: its first register.
struct InterruptFacts {
    InterruptDevice device;
    std::uint64_t first;
    std::uint64_t second;
};

/// Lines of the kernel's timer and of its alarm.
struct TimerFacts {
    std::uint32_t tick_irq;  ///< the scheduler's
    std::uint32_t alarm_irq; ///< `CoreControl.set_alarm`
    std::uint64_t frequency; ///< ticks a second; 0: the processor says
};

/// How the other cores are started. SpinTable: core n waits for an entry address in word n of a table in RAM.
enum class CoreStart : std::uint8_t { None, Psci, SpinTable, Sbi };

struct CoreStartFacts {
    CoreStart method;
    std::uint64_t table; ///< physical address; SpinTable only
};

enum class PowerDevice : std::uint8_t { Psci, BcmWatchdog, SifiveTest };

/// What turns the machine off. `base` is 0 for firmware.
struct PowerFacts {
    PowerDevice device;
    std::uint64_t base;
};

} // namespace kernel::drivers
