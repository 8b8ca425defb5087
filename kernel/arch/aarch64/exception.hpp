// SPDX-License-Identifier: MIT
/// What an exception of user code means (ESR_EL1), as a fault message.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/fault.hpp"
#include "kernel/arch/upcalls.hpp"

#include <cstdint>

namespace kernel::arch {

/// ESR_EL1.
class Syndrome {
public:
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

    explicit constexpr Syndrome(std::uint64_t raw) : raw_{raw} {}

    [[nodiscard]] constexpr auto exception_class() const -> std::uint64_t { return raw_ >> 26U & 0x3FU; }
    /// The class's own details, as the architecture encodes them.
    [[nodiscard]] constexpr auto code() const -> std::uint64_t { return raw_ & 0x1FF'FFFFU; }
    [[nodiscard]] constexpr auto is_write() const -> bool {
        // Cache maintenance counts as a write to the hardware, but needs no more than a read.
        constexpr std::uint64_t kWrite = 1U << 6U;
        constexpr std::uint64_t kCacheMaintenance = 1U << 8U;
        return (raw_ & (kWrite | kCacheMaintenance)) == kWrite;
    }

private:
    std::uint64_t raw_;
};

/// `address` is FAR_EL1; it means something for aborts only.
constexpr auto classify(Syndrome syndrome, std::uint64_t address) -> Fault {
    switch (syndrome.exception_class()) {
    case Syndrome::kInstructionAbort:
        return {abi::FaultKind::VirtualMemory, {address, abi::fault_access::kInstruction, syndrome.code()}};
    case Syndrome::kDataAbort: {
        std::uint64_t const access = syndrome.is_write() ? abi::fault_access::kWrite : 0;
        return {abi::FaultKind::VirtualMemory, {address, access, syndrome.code()}};
    }
    case Syndrome::kBreakpoint:
    case Syndrome::kSingleStep:
    case Syndrome::kWatchpoint:
    case Syndrome::kBreakInstruction:
        return {abi::FaultKind::Debug, {syndrome.exception_class(), syndrome.code(), 0}};
    default: return {abi::FaultKind::UserException, {syndrome.exception_class(), syndrome.code(), 0}};
    }
}

} // namespace kernel::arch
