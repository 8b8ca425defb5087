// SPDX-License-Identifier: MIT
/// The invocations of the kernel's own console.
#include "base/result.hpp"
#include "kernel/debug/invariants.hpp"
#include "kernel/invoke/invocation.hpp"

#include "generated/kernel/debug_console.hpp"

#include <span>

namespace kernel {
namespace {

namespace method = invocation::debug_console;

auto write(Invocation const& /*invocation*/, method::Write const& parameters) -> Outcome {
    if (parameters.count < 1 || parameters.count > parameters.bytes.size()) {
        return out_of_range(1, parameters.bytes.size());
    }
    for (std::uint8_t const byte : std::span{parameters.bytes}.first(parameters.count)) {
        arch::Console::put(static_cast<char>(byte));
    }
    return Completion::Done;
}

/// Comes back only where the board cannot be turned off.
auto power_off(Invocation const& /*invocation*/, method::PowerOff const& parameters) -> Outcome {
    arch::Console::power_off(parameters.status);
    return refuse(abi::Error::IllegalOperation);
}

auto allow_cycle_counter() -> Outcome {
    if (!arch::Cpu::allow_cycle_counter()) {
        return refuse(abi::Error::IllegalOperation);
    }
    return Completion::Done;
}

} // namespace

auto invoke_debug_console(Invocation const& invocation) -> Outcome {
    switch (invocation.tag.label()) {
    case method::Write::kLabel: return perform<method::Write>(invocation, write);
    case method::PowerOff::kLabel: return perform<method::PowerOff>(invocation, power_off);
    case method::CheckInvariants::kLabel:
        return invocation.answer(method::CheckInvariantsResult{.violations = debug::count_violations()});
    case method::AllowCycleCounter::kLabel: return allow_cycle_counter();
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
