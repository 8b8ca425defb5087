// SPDX-License-Identifier: MIT
/// The floating-point registers. The kernel itself never uses them.
#pragma once

#include "kernel/arch/riscv64/csr.hpp"

#include <array>
#include <cstdint>

namespace kernel::arch {

/// f0..f31, then fcsr.
struct FloatingPointState {
    std::array<std::uint64_t, 32> registers;
    std::uint64_t control;
};
static_assert(sizeof(FloatingPointState) == 264, "floating_point.S has these offsets");

extern "C" {
/// Found out by head.S: whether there is such a unit, for numbers of 64 bits. Where there is none nobody is
/// to own it.
extern std::uint64_t has_floating_point; // NOLINT(readability-identifier-naming): a label

/// In floating_point.S: the unit must be enabled.
void save_floating_point(FloatingPointState& state);
void load_floating_point(FloatingPointState const& state);
}

struct FloatingPoint {
    using State = FloatingPointState;

    static void save(State& state) {
        bool const was_off = (csr::read<csr::Number::Status>() & csr::kFloatingPoint) == 0;
        enable();
        save_floating_point(state);
        if (was_off) {
            disable();
        }
    }
    /// Only while it is enabled: whose state is loaded is going to use it.
    static void load(State const& state) { load_floating_point(state); }
    // What is enabled is enabled for the kernel too, whose code has no such instructions.
    static void enable() { csr::set<csr::Number::Status>(csr::kFloatingPoint); }
    static void disable() { csr::clear<csr::Number::Status>(csr::kFloatingPoint); }
};

} // namespace kernel::arch
