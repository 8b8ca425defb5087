// SPDX-License-Identifier: MIT
/// The serial devices the console drives, and the one way it drives them: move bytes both ways after each
/// interrupt and after each change of the terminal.
#pragma once

#include "components/console/mini_uart.hpp"
#include "components/console/ns16550.hpp"
#include "components/console/pl011.hpp"
#include "components/console/terminal.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace console {

/// `receive` and `transmit` move one byte; neither waits.
template <typename T>
concept Uart = requires(T const& uart, std::uint8_t byte, bool on) {
    { uart.receive() } -> std::same_as<std::optional<std::uint8_t>>;
    { uart.can_transmit() } -> std::same_as<bool>;
    uart.transmit(byte);
    uart.announce_room(on);
};
static_assert(Uart<Pl011> && Uart<MiniUart> && Uart<Ns16550>);

using AnyUart = std::variant<Pl011, MiniUart, Ns16550>;

/// The driver for the device that the board file calls `compatible`; nothing when there is none.
[[nodiscard]] inline auto make_uart(std::string_view compatible, std::uint64_t address,
                                    std::uint64_t clock_hz) -> std::optional<AnyUart> {
    if (compatible == "arm,pl011") return AnyUart{Pl011{address, clock_hz}};
    if (compatible == "brcm,bcm2835-aux-uart") return AnyUart{MiniUart{address, clock_hz}};
    if (compatible == "ns16550a") return AnyUart{Ns16550{address, clock_hz}};
    return std::nullopt;
}

/// Bytes of input handed over at once, so that a line that never goes quiet cannot keep the console from its
/// sessions: what is left raises the interrupt again.
inline constexpr std::size_t kInputBurst = 64;

template <Uart Device>
void transmit_output(Device const& device, Terminal& terminal) {
    while (terminal.has_output() && device.can_transmit()) {
        if (auto const byte = terminal.next_output()) device.transmit(*byte);
        if (!terminal.has_output()) terminal.resume();
    }
    terminal.resume();
    device.announce_room(terminal.has_output());
}

/// What was typed before the driver was there. A device may have announced it already and not do so again, so
/// all of it is read, however much that is: this happens once, and takes a byte in less time than the line
/// does.
template <Uart Device>
void take_early_input(Device const& device, Terminal& terminal) {
    while (auto const byte = device.receive()) {
        terminal.receive(*byte);
    }
}

template <Uart Device>
void serve_interrupt(Device const& device, Terminal& terminal) {
    for (std::size_t count = 0; count < kInputBurst; ++count) {
        auto const byte = device.receive();
        if (!byte) break;
        terminal.receive(*byte);
    }
    transmit_output(device, terminal);
}

} // namespace console
