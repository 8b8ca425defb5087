// SPDX-License-Identifier: MIT
/// The mini UART in the auxiliary block of the BCM2835 family: FIFOs of eight bytes, one interrupt line that
/// the block shares with two SPI masters, which stay off.
#pragma once

#include "base/register.hpp"

#include <cstdint>
#include <optional>

namespace console {

class MiniUart {
public:
    /// The UART's registers are at `address`, behind those of the auxiliary block, in the same page.
    /// `clock_hz` is the core clock; 0 keeps the speed that firmware has set. What has been received stays.
    MiniUart(std::uint64_t address, std::uint64_t clock_hz) : registers_{address - kOffsetInBlock} {
        registers_.write<Enables>(kEnableUart);
        registers_.write<Control>(0U);
        registers_.write<LineControl>(kEightBits);
        if (clock_hz != 0) {
            registers_.write<Divisor>(static_cast<std::uint32_t>(clock_hz / (8 * kBitsPerSecond) - 1));
        }
        registers_.write<InterruptEnable>(kReceiveInterrupt);
        registers_.write<Control>(kReceiverAndTransmitter);
    }

    [[nodiscard]] auto receive() const -> std::optional<std::uint8_t> {
        if (registers_.read<LineStatus>().get<LineStatus::ReceiveReady>() == 0) return std::nullopt;
        return static_cast<std::uint8_t>(registers_.read<Data>().raw());
    }

    [[nodiscard]] auto can_transmit() const -> bool {
        return registers_.read<LineStatus>().get<LineStatus::TransmitRoom>() != 0;
    }

    /// Only while `can_transmit`.
    void transmit(std::uint8_t byte) const { registers_.write<Data>(byte); }

    /// Whether room in the transmit FIFO raises the interrupt.
    void announce_room(bool on) const {
        registers_.write<InterruptEnable>(kReceiveInterrupt | (on ? kTransmitInterrupt : 0U));
    }

private:
    static constexpr std::uint64_t kOffsetInBlock = 0x40;

    struct Enables : base::Register<0x04, std::uint32_t> {};
    struct Data : base::Register<0x40, std::uint32_t> {};
    struct InterruptEnable : base::Register<0x44, std::uint32_t> {};
    struct LineControl : base::Register<0x4C, std::uint32_t> {};
    struct LineStatus : base::Register<0x54, std::uint32_t> {
        using ReceiveReady = Field<0>;
        using TransmitRoom = Field<5>;
    };
    struct Control : base::Register<0x60, std::uint32_t> {};
    struct Divisor : base::Register<0x68, std::uint32_t> {};

    // The manual has the two interrupt enables the wrong way round; these are as the chip has them. Bits 2
    // and 3 must be set for the receive interrupt to come, says its list of errors.
    static constexpr std::uint32_t kReceiveInterrupt = (1U << 0U) | (3U << 2U);
    static constexpr std::uint32_t kTransmitInterrupt = 1U << 1U;
    static constexpr std::uint32_t kEnableUart = 1U << 0U;
    static constexpr std::uint32_t kEightBits = 3U;
    static constexpr std::uint32_t kReceiverAndTransmitter = 3U;
    static constexpr std::uint64_t kBitsPerSecond = 115'200;

    base::RegisterBlock registers_;
};

} // namespace console
