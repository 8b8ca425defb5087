// SPDX-License-Identifier: MIT
/// ARM's PL011 UART: FIFOs of 16 or 32 bytes, an interrupt each for bytes received and room to transmit. Both
/// follow the FIFOs, so nothing is ever cleared after the start: what is left undone interrupts again. Only
/// what was received before the start does not, and has to be read until there is no more.
#pragma once

#include "base/register.hpp"

#include <cstdint>
#include <optional>

namespace console {

class Pl011 {
public:
    /// Registers at `address`. `clock_hz` is the UART's clock; 0 keeps the speed that firmware has set.
    /// What has been received stays in the FIFO if it was on.
    Pl011(std::uint64_t address, std::uint64_t clock_hz) : registers_{address} {
        registers_.write<Control>(0U);
        if (clock_hz != 0) set_speed(clock_hz);
        registers_.write<LineControl>(kEightBitsWithFifo);
        registers_.write<FifoLevels>(0U); // interrupt at one eighth
        registers_.write<InterruptClear>(kAllInterrupts);
        registers_.write<InterruptMask>(kReceiveInterrupts);
        registers_.write<Control>(kEnable);
    }

    [[nodiscard]] auto receive() const -> std::optional<std::uint8_t> {
        if (registers_.read<Flags>().get<Flags::ReceiveEmpty>() != 0) return std::nullopt;
        return static_cast<std::uint8_t>(registers_.read<Data>().raw());
    }

    [[nodiscard]] auto can_transmit() const -> bool {
        return registers_.read<Flags>().get<Flags::TransmitFull>() == 0;
    }

    /// Only while `can_transmit`.
    void transmit(std::uint8_t byte) const { registers_.write<Data>(byte); }

    /// Whether room in the transmit FIFO raises the interrupt.
    void announce_room(bool on) const {
        registers_.write<InterruptMask>(kReceiveInterrupts | (on ? kTransmitInterrupt : 0U));
    }

private:
    struct Data : base::Register<0x00, std::uint32_t> {};
    struct Flags : base::Register<0x18, std::uint32_t> {
        using ReceiveEmpty = Field<4>;
        using TransmitFull = Field<5>;
    };
    struct IntegerDivisor : base::Register<0x24, std::uint32_t> {};
    struct FractionalDivisor : base::Register<0x28, std::uint32_t> {};
    struct LineControl : base::Register<0x2C, std::uint32_t> {};
    struct Control : base::Register<0x30, std::uint32_t> {};
    struct FifoLevels : base::Register<0x34, std::uint32_t> {};
    struct InterruptMask : base::Register<0x38, std::uint32_t> {};
    struct InterruptClear : base::Register<0x44, std::uint32_t> {};

    static constexpr std::uint32_t kEightBitsWithFifo = (3U << 5U) | (1U << 4U);
    static constexpr std::uint32_t kEnable = (1U << 0U) | (1U << 8U) | (1U << 9U); ///< both directions
    static constexpr std::uint32_t kReceiveInterrupts = (1U << 4U) | (1U << 6U);   ///< level, time-out
    static constexpr std::uint32_t kTransmitInterrupt = 1U << 5U;
    static constexpr std::uint32_t kAllInterrupts = 0x7FF;
    static constexpr std::uint64_t kBitsPerSecond = 115'200;

    /// The divisor is the clock over 16 times the speed, with six fractional bits.
    void set_speed(std::uint64_t clock_hz) const {
        auto const divisor = (clock_hz * 4 + kBitsPerSecond / 2) / kBitsPerSecond;
        registers_.write<IntegerDivisor>(static_cast<std::uint32_t>(divisor >> 6U));
        registers_.write<FractionalDivisor>(static_cast<std::uint32_t>(divisor & 0x3FU));
    }

    base::RegisterBlock registers_;
};

} // namespace console
