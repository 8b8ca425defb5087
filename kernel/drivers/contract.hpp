// SPDX-License-Identifier: MIT
/// What the kernel asks of the devices it drives itself. A driver is a value: where its registers are mapped.
#pragma once

#include "kernel/arch/types.hpp"

#include <concepts>
#include <cstdint>

namespace kernel::drivers {

/// No line has this number.
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
        // On the core whose number is given:
        /// Its own lines masked.
        { device.initialise_core(core) } -> std::same_as<void>;
        { device.unmask_own(line, core) } -> std::same_as<void>;
        /// The next line that waits, or a number of no line. It does not fire again before `complete`.
        { device.claim(core) } -> std::same_as<std::uint32_t>;
        { device.complete(line) } -> std::same_as<void>;
        // On any core:
        /// Lines that all cores share are from `kFirstShared` up to but not including `end_of_shared`.
        requires std::same_as<decltype(T::kFirstShared), std::uint32_t const>;
        { device.end_of_shared() } -> std::same_as<std::uint32_t>;
        { device.mask(line) } -> std::same_as<void>;
        { device.unmask(line) } -> std::same_as<void>;
        { device.configure(line, trigger) } -> std::same_as<void>;
        /// Has a shared line interrupt that core and no other; false: this controller cannot.
        { device.route(line, core) } -> std::same_as<bool>;
        /// The line that cores raise on one another. To claim it ends it.
        requires std::same_as<decltype(T::kCallLine), std::uint32_t const>;
        { device.call(core) } -> std::same_as<void>;
    };

} // namespace kernel::drivers
