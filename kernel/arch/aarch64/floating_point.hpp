// SPDX-License-Identifier: MIT
/// The floating-point and SIMD registers. The kernel itself never uses them.
#pragma once

#include <array>
#include <cstdint>

namespace kernel::arch {

/// q0..q31, then the status and control registers.
struct alignas(16) FloatingPointState {
    std::array<std::uint64_t, 64> vectors;
    std::uint64_t status;
    std::uint64_t control;
};
static_assert(sizeof(FloatingPointState) == 528, "floating_point.S has these offsets");

extern "C" {
/// In floating_point.S: the unit must be enabled.
void save_floating_point(FloatingPointState& state);
void load_floating_point(FloatingPointState const& state);
}

struct FloatingPoint {
    using State = FloatingPointState;

    /// CPACR_EL1.FPEN: 0b11 traps nobody, 0b01 traps user code only.
    static constexpr std::uint64_t kTrapNone = 0x30'0000;
    static constexpr std::uint64_t kTrapUser = 0x10'0000;

    static void save(State& state) { save_floating_point(state); }
    static void load(State const& state) { load_floating_point(state); }
    // The exception return orders the write before user code; the kernel may use the unit in either state.
    static void enable() { asm volatile("msr cpacr_el1, %0" ::"r"(kTrapNone)); }
    static void disable() { asm volatile("msr cpacr_el1, %0" ::"r"(kTrapUser)); }
};

} // namespace kernel::arch
