// SPDX-License-Identifier: MIT
#include "kernel/arch/aarch64/cycle_counter.hpp"

#include "kernel/arch/contract.hpp"

namespace kernel::arch {
namespace {

/// Without counters there is no register to say who may read them.
auto has_counters() -> bool {
    std::uint64_t features = 0;
    asm("mrs %0, id_aa64dfr0_el1" : "=r"(features));
    std::uint64_t const version = features >> 8U & 0xFU;
    constexpr std::uint64_t kOfAnotherKind = 0xF;
    return version != 0 && version != kOfAnotherKind;
}

} // namespace

void deny_counters() {
    if (has_counters()) {
        asm volatile("msr pmuserenr_el0, xzr");
    }
}

auto Cpu::allow_cycle_counter() -> bool {
    if (!has_counters()) {
        return false;
    }
    constexpr std::uint64_t kEnable = 1U << 0U | 1U << 2U | 1U << 6U; // reset to 0, all 64 bits
    constexpr std::uint64_t kCycles = 1U << 31U;
    constexpr std::uint64_t kUserReadsCycles = 1U << 2U;
    // The filter is cleared first: it counts at every exception level but EL2 and EL3.
    asm volatile("msr pmccfiltr_el0, xzr\n\t"
                 "msr pmcntenset_el0, %[cycles]\n\t"
                 "msr pmcr_el0, %[enable]\n\t"
                 "msr pmuserenr_el0, %[reads]\n\t"
                 "isb"
                 :
                 : [cycles] "r"(kCycles), [enable] "r"(kEnable), [reads] "r"(kUserReadsCycles)
                 : "memory");
    return true;
}

} // namespace kernel::arch
