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
concept InterruptDriver =
    requires(T const device, std::uint32_t line, arch::Trigger trigger, std::uint32_t core) {
        /// All shared lines masked, level triggered where that can be chosen, routed to core 0.
        { device.initialise() } -> std::same_as<void>;
        /// On each core: its own lines masked. Everything below is done on the core whose number it is given.
        { device.initialise_core(core) } -> std::same_as<void>;
        /// The next line that waits, or kNoLine. It does not fire again before `complete`.
        { device.claim(core) } -> std::same_as<std::uint32_t>;
        { device.complete(line) } -> std::same_as<void>;
        { device.mask(line, core) } -> std::same_as<void>;
        { device.unmask(line, core) } -> std::same_as<void>;
        { device.configure(line, trigger) } -> std::same_as<void>;
        /// The line that cores raise on one another. To claim it ends it.
        requires std::same_as<decltype(T::kCallLine), std::uint32_t const>;
        { device.call(core) } -> std::same_as<void>; ///< any core
    };

} // namespace kernel::drivers
