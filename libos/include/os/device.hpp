// SPDX-License-Identifier: MIT
/// A device that the component drives: its registers and its interrupt.
#pragma once

#include "base/register.hpp"
#include "os/startup_info.hpp"

#include <string_view>

namespace os {

/// A value; copies name the same device.
class Device {
public:
    constexpr Device(DeviceInfo const& info, std::string_view name, std::string_view compatible)
        : info_{info}, name_{name}, compatible_{compatible} {}

    [[nodiscard]] constexpr auto name() const -> std::string_view { return name_; }
    /// Which of the kinds in component.yaml it is, as the board file has it.
    [[nodiscard]] constexpr auto compatible() const -> std::string_view { return compatible_; }

    /// The device's registers. Pre: it has some.
    [[nodiscard]] auto registers() const -> base::RegisterBlock;
    [[nodiscard]] constexpr auto size() const -> std::uint64_t { return info_.size; }
    /// What is programmed into other devices, for direct memory access.
    [[nodiscard]] constexpr auto physical_address() const -> std::uint64_t { return info_.physical_address; }
    /// Ticks a second of what feeds the device; 0 when the board file does not say.
    [[nodiscard]] constexpr auto clock_hz() const -> std::uint64_t { return info_.clock_hz; }

    [[nodiscard]] constexpr auto has_interrupt() const -> bool { return info_.irq_handler != 0; }
    /// The bit of the component's notification that an interrupt raises; 0 without interrupt.
    [[nodiscard]] constexpr auto interrupt_badge() const -> std::uint64_t { return info_.irq_badge; }
    /// Null without interrupt.
    [[nodiscard]] constexpr auto interrupt_handler() const -> abi::CPtr { return info_.irq_handler; }
    /// Lets the next interrupt come: it is masked from when it fires until this. Does nothing without one.
    void acknowledge_interrupt() const;

private:
    DeviceInfo info_;
    std::string_view name_;
    std::string_view compatible_;
};

} // namespace os
