// SPDX-License-Identifier: MIT
/// The devices that count time and interrupt when it has come.
#pragma once

#include "components/timer/deadline_queue.hpp"
#include "components/timer/goldfish_rtc.hpp"
#include "components/timer/system_timer.hpp"
#include "generated/object/core_control.hpp"
#include "os/device.hpp"
#include "os/startup_info.hpp"
#include "os/time.hpp"

#include <concepts>
#include <cstdint>
#include <optional>
#include <variant>

namespace timer {

/// `arm` makes the device interrupt at a deadline, or before it, kNever is none; false says that the deadline
/// has passed and that an interrupt may not come.
template <typename T>
concept AlarmSource = requires(T const& source, std::uint64_t deadline) {
    { source.frequency() } -> std::same_as<std::uint64_t>;
    { source.count() } -> std::same_as<std::uint64_t>;
    { source.arm(deadline) } -> std::same_as<bool>;
};

/// The counter of the processor, and the alarm of the core this runs on. The alarm's line stays up while its
/// deadline has passed, so none is missed.
class GenericTimer {
public:
    [[nodiscard]] static auto frequency() -> std::uint64_t { return os::ticks_per_second(); }
    [[nodiscard]] static auto count() -> std::uint64_t { return os::now_ticks(); }
    [[nodiscard]] static auto arm(std::uint64_t deadline) -> bool {
        (void)set_alarm(deadline); // refused only without the right, and `permitted` has found that
        return true;
    }
    /// Whether the composition has given the right to the alarm.
    [[nodiscard]] static auto permitted() -> bool { return set_alarm(kNever); }

private:
    static auto set_alarm(std::uint64_t deadline) -> bool {
        return os::object::CoreControl{os::slot::kCoreControl}.set_alarm(deadline).has_value();
    }
};

static_assert(AlarmSource<GenericTimer> && AlarmSource<GoldfishRtc> && AlarmSource<SystemTimer>);

using AnyAlarmSource = std::variant<GenericTimer, GoldfishRtc, SystemTimer>;

/// The driver for a device; nothing when there is none, or when it may not do its work.
[[nodiscard]] inline auto make_alarm_source(os::Device const& device) -> std::optional<AnyAlarmSource> {
    if (device.compatible() == "arm,armv8-timer" && GenericTimer::permitted()) {
        return AnyAlarmSource{GenericTimer{}};
    }
    if (device.compatible() == "google,goldfish-rtc") {
        return AnyAlarmSource{GoldfishRtc{device.registers().address()}};
    }
    if (device.compatible() == "brcm,bcm2835-system-timer") {
        return AnyAlarmSource{SystemTimer{device.registers().address(), device.clock_hz()}};
    }
    return std::nullopt;
}

} // namespace timer
