// SPDX-License-Identifier: MIT
/// The NS16550 serial port, output only. Its registers are a byte each, one after the other.
#pragma once

#include "base/register.hpp"
#include "kernel/drivers/contract.hpp"

#include <cstdint>

namespace kernel::drivers {

class Ns16550 {
public:
    /// `address`: where the registers are mapped. `clock_hz` 0 keeps the speed that firmware has set.
    constexpr Ns16550(std::uint64_t address, std::uint32_t clock_hz)
        : registers_{address}, clock_hz_{clock_hz} {}

    /// 115200 baud, 8 bits, no parity; interrupts off. A driver in user space may set it up again.
    void initialise() const {
        registers_.write<InterruptEnable>(std::uint8_t{0});
        if (clock_hz_ != 0) {
            std::uint32_t const divisor = (clock_hz_ + kBaud * 8) / (kBaud * 16);
            registers_.write<LineControl>(kDivisorLatch);
            registers_.write<DivisorLow>(static_cast<std::uint8_t>(divisor));
            registers_.write<DivisorHigh>(static_cast<std::uint8_t>(divisor >> 8U));
        }
        registers_.write<LineControl>(kEightBits);
        registers_.write<FifoControl>(kFifos);
    }
    void put(char character) const {
        while (registers_.read<LineStatus>().template get<LineStatus::TransmitEmpty>() == 0) {
        }
        registers_.write<Data>(static_cast<std::uint8_t>(character));
    }

private:
    struct Data : base::Register<0, std::uint8_t> {};
    struct InterruptEnable : base::Register<1, std::uint8_t> {};
    struct FifoControl : base::Register<2, std::uint8_t> {};
    struct LineControl : base::Register<3, std::uint8_t> {};
    struct LineStatus : base::Register<5, std::uint8_t> {
        using TransmitEmpty = Field<5>;
    };
    // While the divisor latch is selected.
    struct DivisorLow : base::Register<0, std::uint8_t> {};
    struct DivisorHigh : base::Register<1, std::uint8_t> {};

    static constexpr std::uint32_t kBaud = 115'200;
    static constexpr std::uint8_t kEightBits = 3U;
    static constexpr std::uint8_t kDivisorLatch = 1U << 7U;
    static constexpr std::uint8_t kFifos = 1U;

    base::RegisterBlock registers_;
    std::uint32_t clock_hz_;
};
static_assert(ConsoleDriver<Ns16550>);

} // namespace kernel::drivers
