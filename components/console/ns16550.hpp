// SPDX-License-Identifier: MIT
/// The NS16550 UART with its FIFOs of 16 bytes, registers of a byte each, one after the other.
#pragma once

#include "base/register.hpp"

#include <cstdint>
#include <optional>

namespace console {

class Ns16550 {
public:
    /// Registers at `address`; `clock_hz` 0 keeps the speed that firmware has set. What has been received,
    /// and what is being sent, stays in the FIFOs if they were on.
    Ns16550(std::uint64_t address, std::uint64_t clock_hz) : registers_{address} {
        registers_.write<InterruptEnable>(std::uint8_t{0});
        if (clock_hz != 0) set_speed(clock_hz);
        registers_.write<LineControl>(kEightBits);
        registers_.write<FifoControl>(kFifos);
        registers_.write<ModemControl>(kInterruptsOut);
        registers_.write<InterruptEnable>(kReceiveInterrupt);
    }

    [[nodiscard]] auto receive() const -> std::optional<std::uint8_t> {
        if (registers_.read<LineStatus>().get<LineStatus::ReceiveReady>() == 0) return std::nullopt;
        return registers_.read<Data>().raw();
    }

    /// The device says only that the whole FIFO is empty.
    [[nodiscard]] auto can_transmit() const -> bool {
        return registers_.read<LineStatus>().get<LineStatus::TransmitEmpty>() != 0;
    }

    /// Only while `can_transmit`.
    void transmit(std::uint8_t byte) const { registers_.write<Data>(byte); }

    /// Whether room in the transmit FIFO raises the interrupt.
    void announce_room(bool on) const {
        registers_.write<InterruptEnable>(on ? kReceiveInterrupt | kTransmitInterrupt : kReceiveInterrupt);
    }

private:
    struct Data : base::Register<0, std::uint8_t> {};
    struct InterruptEnable : base::Register<1, std::uint8_t> {};
    struct FifoControl : base::Register<2, std::uint8_t> {};
    struct LineControl : base::Register<3, std::uint8_t> {};
    struct ModemControl : base::Register<4, std::uint8_t> {};
    struct LineStatus : base::Register<5, std::uint8_t> {
        using ReceiveReady = Field<0>;
        using TransmitEmpty = Field<5>;
    };
    // While the divisor latch is selected.
    struct DivisorLow : base::Register<0, std::uint8_t> {};
    struct DivisorHigh : base::Register<1, std::uint8_t> {};

    static constexpr std::uint8_t kReceiveInterrupt = 1U << 0U;
    static constexpr std::uint8_t kTransmitInterrupt = 1U << 1U;
    static constexpr std::uint8_t kEightBits = 3U;
    static constexpr std::uint8_t kDivisorLatch = 1U << 7U;
    static constexpr std::uint8_t kFifos = 1U; ///< on; a byte received interrupts
    static constexpr std::uint8_t kInterruptsOut = 1U << 3U;
    static constexpr std::uint64_t kBitsPerSecond = 115'200;

    void set_speed(std::uint64_t clock_hz) const {
        auto const divisor = (clock_hz + kBitsPerSecond * 8) / (kBitsPerSecond * 16);
        registers_.write<LineControl>(kDivisorLatch);
        registers_.write<DivisorLow>(static_cast<std::uint8_t>(divisor));
        registers_.write<DivisorHigh>(static_cast<std::uint8_t>(divisor >> 8U));
    }

    base::RegisterBlock registers_;
};

} // namespace console
