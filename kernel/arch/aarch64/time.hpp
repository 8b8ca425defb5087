// SPDX-License-Identifier: MIT
/// The generic timer: its counter, the kernel's deadline (physical timer) and the user's alarm (virtual
/// timer).
#pragma once

#include <cstdint>

namespace kernel::arch {

struct Time {
    static constexpr std::uint64_t kNever = ~std::uint64_t{0};

    /// Both timers count alike (no offset), and stay enabled: a comparison with kNever does not happen.
    static void initialise() {
        set_deadline(kNever);
        set_alarm(kNever);
        constexpr std::uint64_t kEnabled = 1;
        asm volatile("msr cntp_ctl_el0, %0\n\tmsr cntv_ctl_el0, %0" ::"r"(kEnabled));
        // User code reads the virtual counter and the frequency, and nothing else.
        constexpr std::uint64_t kUserReadsVirtualCounter = 1U << 1U;
        asm volatile("msr cntkctl_el1, %0" ::"r"(kUserReadsVirtualCounter));
    }
    static auto now() -> std::uint64_t {
        std::uint64_t ticks = 0;
        // Volatile: each reading differs.
        asm volatile("mrs %0, cntvct_el0" : "=r"(ticks));
        return ticks;
    }
    static void set_deadline(std::uint64_t ticks) {
        asm volatile("msr cntp_cval_el0, %0\n\tisb" ::"r"(ticks));
    }
    static void set_alarm(std::uint64_t ticks) { asm volatile("msr cntv_cval_el0, %0\n\tisb" ::"r"(ticks)); }
    static auto frequency() -> std::uint64_t {
        std::uint64_t ticks_a_second = 0;
        asm("mrs %0, cntfrq_el0" : "=r"(ticks_a_second));
        return ticks_a_second;
    }
};

} // namespace kernel::arch
