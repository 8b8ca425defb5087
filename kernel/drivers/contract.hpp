// SPDX-License-Identifier: MIT
/// What the kernel asks of the devices it drives itself. A driver is a value: where its registers are mapped.
#pragma once

#include "kernel/arch/types.hpp"

#include <concepts>
#include <cstdint>

namespace kernel::drivers {

/// `InterruptDriver::claim` answers this when no interrupt waits.
inline constexpr std::uint32_t kNoLine = ~std::uint32_t{0};

template <typename T>
concept ConsoleDriver = requires(T const device, char character) {
    { device.initialise() } -> std::same_as<void>;
    /// Waits until the device takes the character.
    { device.put(character) } -> std::same_as<void>;
};

template <typename T>
concept InterruptDriver = requires(T const device, std::uint32_t line, arch::Trigger trigger) {
    /// All lines masked, level triggered where that can be chosen, routed to core 0.
    { device.initialise() } -> std::same_as<void>;
    /// The next line that waits, or kNoLine. It does not fire again before `complete`.
    { device.claim() } -> std::same_as<std::uint32_t>;
    { device.complete(line) } -> std::same_as<void>;
    { device.mask(line) } -> std::same_as<void>;
    { device.unmask(line) } -> std::same_as<void>;
    { device.configure(line, trigger) } -> std::same_as<void>;
};

} // namespace kernel::drivers
