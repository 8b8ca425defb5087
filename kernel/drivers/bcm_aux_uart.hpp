// SPDX-License-Identifier: MIT
/// The mini UART of the BCM283x, output only. Its registers lie in the block of the auxiliary devices.
#pragma once

#include "base/register.hpp"
#include "kernel/drivers/contract.hpp"

namespace kernel::drivers {

class BcmAuxUart {
public:
    /// `address`: where the auxiliary block (0x3F21'5000) is mapped; `clock_hz`: the VideoCore's core clock,
    /// 0 keeps the speed that firmware has set.
    constexpr BcmAuxUart(std::uint64_t address, std::uint32_t clock_hz)
        : registers_{address}, clock_hz_{clock_hz} {}

    /// 115200 baud, 8 bits; interrupts off. The firmware has routed the pins.
    void initialise() const {
        auto const enables = registers_.read<Enables>().raw();
        registers_.write<Enables>(enables | kMiniUart);
        registers_.write<Control>(0U);
        registers_.write<InterruptEnable>(0U);
        registers_.write<LineControl>(kEightBits);
        if (clock_hz_ != 0) {
            registers_.write<Divisor>(clock_hz_ / (8 * kBaud) - 1);
        }
        registers_.write<Control>(kReceive | kTransmit);
    }
    void put(char character) const {
        while (registers_.read<LineStatus>().template get<LineStatus::TransmitEmpty>() == 0) {
        }
        registers_.write<Data>(static_cast<std::uint8_t>(character));
    }

private:
    struct Enables : base::Register<0x04, std::uint32_t> {};
    struct Data : base::Register<0x40, std::uint32_t> {};
    struct InterruptEnable : base::Register<0x44, std::uint32_t> {};
    struct LineControl : base::Register<0x4C, std::uint32_t> {};
    struct LineStatus : base::Register<0x54, std::uint32_t> {
        using TransmitEmpty = Field<5>;
    };
    struct Control : base::Register<0x60, std::uint32_t> {};
    struct Divisor : base::Register<0x68, std::uint32_t> {};

    static constexpr std::uint32_t kBaud = 115'200;
    static constexpr std::uint32_t kMiniUart = 1U << 0U;
    static constexpr std::uint32_t kEightBits = 3;
    static constexpr std::uint32_t kReceive = 1U << 0U;
    static constexpr std::uint32_t kTransmit = 1U << 1U;

    base::RegisterBlock registers_;
    std::uint32_t clock_hz_;
};
static_assert(ConsoleDriver<BcmAuxUart>);

} // namespace kernel::drivers
