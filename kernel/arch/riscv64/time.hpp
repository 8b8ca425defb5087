// SPDX-License-Identifier: MIT
/// The time counter, and one comparator a hart for two deadlines: the kernel's own and the user's alarm.
#pragma once

#include "generated/board_facts.hpp"
#include "kernel/arch/riscv64/csr.hpp"
#include "kernel/arch/riscv64/firmware.hpp"
#include "kernel/arch/riscv64/hart.hpp"

#include <algorithm>
#include <cstdint>

extern "C" {
/// Found out by head.S: whether the comparator is the kernel's to write (extension Sstc).
extern std::uint64_t has_time_compare;
}

namespace kernel::arch {

class Time {
public:
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    static void initialise() {
        Hart& hart = this_hart();
        hart.deadline = kNever;
        hart.alarm = kNever;
        program_again();
        // User code reads the time, and no other counter.
        constexpr std::uint64_t kTime = 1U << 1U;
        csr::write<csr::Number::CounterEnable>(kTime);
        csr::set<csr::Number::InterruptEnable>(csr::interrupt::kTimer);
    }
    static auto now() -> std::uint64_t { return csr::read<csr::Number::Time>(); }
    static void set_deadline(std::uint64_t ticks) {
        Hart& hart = this_hart();
        hart.deadline = ticks;
        program(hart);
    }
    static void set_alarm(std::uint64_t ticks) {
        Hart& hart = this_hart();
        hart.alarm = ticks;
        program(hart);
    }
    static auto frequency() -> std::uint64_t { return frequency_; }
    /// Of this machine: what is in the board file holds where nobody knows better.
    static void set_frequency(std::uint64_t ticks) { frequency_ = ticks; }

    // For Interrupts: which of the two it is when the comparator interrupts.
    static auto deadline_passed() -> bool { return this_hart().deadline <= now(); }
    static auto alarm_passed() -> bool { return this_hart().alarm <= now(); }

    /// It is neither of them, which have been moved since.
    static void program_again() {
        Hart& hart = this_hart();
        hart.programmed = 0; // has passed, and so is replaced
        program(hart);
    }

private:
    static inline std::uint64_t frequency_ = board::kTimer.frequency;

    /// One that is too early stays until it has come: an interrupt too many costs less than setting the
    /// comparator at every switch. After that it would end every sleep.
    static void program(Hart& hart) {
        std::uint64_t const next = std::min(hart.deadline, hart.alarm);
        if (next >= hart.programmed && hart.programmed > now()) {
            return;
        }
        hart.programmed = next;
        if (has_time_compare != 0) [[likely]] {
            csr::write<csr::Number::TimeCompare>(next);
        } else {
            firmware::set_timer(next);
        }
    }
};

} // namespace kernel::arch
