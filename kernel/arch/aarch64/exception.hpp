// SPDX-License-Identifier: MIT
/// What an exception of user code means (ESR_EL1), as a fault message.
#pragma once

#include "kernel/abi/fault.hpp"
#include "kernel/arch/upcalls.hpp"

#include <cstdint>

namespace kernel::arch {

class Exception {
public:
    /// `syndrome`: ESR_EL1.
    explicit constexpr Exception(std::uint64_t syndrome) : syndrome_{syndrome} {}

    [[nodiscard]] constexpr auto is_floating_point_access() const -> bool {
        return exception_class() == kFloatingPointAccess;
    }

    /// `address`: FAR_EL1, which means something for aborts only.
    [[nodiscard]] constexpr auto fault(std::uint64_t address) const -> Fault {
        switch (exception_class()) {
        case kInstructionAbort:
            return {abi::FaultKind::VirtualMemory, {address, abi::fault_access::kInstruction, code()}};
        case kDataAbort:
            return {abi::FaultKind::VirtualMemory,
                    {address, is_write() ? abi::fault_access::kWrite : 0, code()}};
        case kBreakpoint:
        case kSingleStep:
        case kWatchpoint:
        case kBreakInstruction: return {abi::FaultKind::Debug, {exception_class(), code(), 0}};
        default: return {abi::FaultKind::UserException, {exception_class(), code(), 0}};
        }
    }

    /// Exception classes that get a treatment of their own.
    enum Class : std::uint8_t {
        kFloatingPointAccess = 0x07,
        kInstructionAbort = 0x20,
        kDataAbort = 0x24,
        kBreakpoint = 0x30,
        kSingleStep = 0x32,
        kWatchpoint = 0x34,
        kBreakInstruction = 0x3C,
    };

    static constexpr unsigned kClassShift = 26;
    static constexpr std::uint64_t kCode = 0x1FF'FFFFU;
    // Of data aborts. Cache maintenance counts as a write to the hardware, but needs no more than a read.
    static constexpr std::uint64_t kWrite = 1U << 6U;
    static constexpr std::uint64_t kCacheMaintenance = 1U << 8U;

private:
    [[nodiscard]] constexpr auto exception_class() const -> std::uint64_t {
        return syndrome_ >> kClassShift & 0x3FU;
    }
    /// The class's own details, as the architecture encodes them.
    [[nodiscard]] constexpr auto code() const -> std::uint64_t { return syndrome_ & kCode; }
    [[nodiscard]] constexpr auto is_write() const -> bool {
        return (syndrome_ & (kWrite | kCacheMaintenance)) == kWrite;
    }

    std::uint64_t syndrome_;
};

} // namespace kernel::arch
