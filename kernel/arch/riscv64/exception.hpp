// SPDX-License-Identifier: MIT
/// What an exception of user code means, as a fault message.
#pragma once

#include "kernel/abi/fault.hpp"
#include "kernel/arch/upcalls.hpp"

#include <cstdint>

namespace kernel::arch {

/// What `scause` says, and what it leaves to software to find out (`examine_exception`).
class Exception {
public:
    /// The privileged architecture's, chapter "Supervisor-Level ISA", section "Supervisor Cause (scause)
    /// Register".
    enum Cause : std::uint8_t {
        kFetchMisaligned = 0,
        kFetchAccess = 1,
        kIllegalInstruction = 2,
        kBreakpoint = 3,
        kLoadMisaligned = 4,
        kLoadAccess = 5,
        kStoreMisaligned = 6,
        kStoreAccess = 7,
        kSystemCall = 8,
        kFetchPage = 12,
        kLoadPage = 13,
        kStorePage = 15,
    };
    /// Of a code: the cause.
    static constexpr std::uint64_t kCause = 0x3F;
    /// The page is there, and does not allow what was tried.
    static constexpr std::uint64_t kNotAllowed = 1U << 8U;
    /// The instruction needs the floating-point unit, which is off.
    static constexpr std::uint64_t kFloatingPoint = 1U << 9U;

    /// `code`: a cause, with the bits above.
    explicit constexpr Exception(std::uint64_t code) : code_{code} {}

    [[nodiscard]] constexpr auto is_floating_point_access() const -> bool {
        return (code_ & kFloatingPoint) != 0;
    }

    /// `value`: stval: an address, or the bits of an instruction.
    [[nodiscard]] constexpr auto fault(std::uint64_t value) const -> Fault {
        using abi::FaultKind;
        switch (code_ & kCause) {
        case kFetchAccess:
        case kFetchPage: return {FaultKind::VirtualMemory, {value, abi::fault_access::kInstruction, code_}};
        case kLoadMisaligned:
        case kLoadAccess:
        case kLoadPage: return {FaultKind::VirtualMemory, {value, 0, code_}};
        case kStoreMisaligned:
        case kStoreAccess:
        case kStorePage: return {FaultKind::VirtualMemory, {value, abi::fault_access::kWrite, code_}};
        case kBreakpoint: return {FaultKind::Debug, {kBreakpoint, 0, 0}};
        default: return {FaultKind::UserException, {code_ & kCause, value, 0}};
        }
    }

private:
    std::uint64_t code_;
};

extern "C" {
/// For trap.S: the code of an `Exception`, from scause and stval. 0: there is nothing wrong, the instruction
/// is to be tried again.
auto examine_exception(std::uint64_t cause, std::uint64_t value) -> std::uint64_t;
}

} // namespace kernel::arch
