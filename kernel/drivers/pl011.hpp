// SPDX-License-Identifier: MIT
/// Arm's PL011 serial port, output only.
#pragma once

#include "base/register.hpp"
#include "kernel/drivers/contract.hpp"

namespace kernel::drivers {

class Pl011 {
public:
    /// `address`: where the registers are mapped. `clock_hz` 0 keeps the speed that firmware has set.
    constexpr Pl011(std::uint64_t address, std::uint32_t clock_hz)
        : registers_{address}, clock_hz_{clock_hz} {}

    /// 115200 baud, 8 bits, no parity; interrupts off. A driver in user space may set it up again.
    void initialise() const {
        registers_.write<Control>(0U);
        registers_.write<InterruptMask>(0U);
        if (clock_hz_ != 0) {
            // The divisor is clock / (16 * baud), in 64ths.
            std::uint32_t const divisor = (clock_hz_ * 4 + kBaud / 2) / kBaud;
            registers_.write<IntegerDivisor>(divisor / 64);
            registers_.write<FractionalDivisor>(divisor % 64);
        }
        registers_.write<LineControl>(kEightBits | kFifos);
        registers_.write<Control>(kEnable | kTransmit | kReceive);
    }
    void put(char character) const {
        while (registers_.read<Flags>().template get<Flags::TransmitFull>() != 0) {
        }
        registers_.write<Data>(static_cast<std::uint8_t>(character));
    }

private:
    struct Data : base::Register<0x00, std::uint32_t> {};
    struct Flags : base::Register<0x18, std::uint32_t> {
        using TransmitFull = Field<5>;
    };
    struct IntegerDivisor : base::Register<0x24, std::uint32_t> {};
    struct FractionalDivisor : base::Register<0x28, std::uint32_t> {};
    struct LineControl : base::Register<0x2C, std::uint32_t> {};
    struct Control : base::Register<0x30, std::uint32_t> {};
    struct InterruptMask : base::Register<0x38, std::uint32_t> {};

    static constexpr std::uint32_t kBaud = 115'200;
    static constexpr std::uint32_t kFifos = 1U << 4U;
    static constexpr std::uint32_t kEightBits = 3U << 5U;
    static constexpr std::uint32_t kEnable = 1U << 0U;
    static constexpr std::uint32_t kTransmit = 1U << 8U;
    static constexpr std::uint32_t kReceive = 1U << 9U;

    base::RegisterBlock registers_;
    std::uint32_t clock_hz_;
};
static_assert(ConsoleDriver<Pl011>);

} // namespace kernel::drivers
