// SPDX-License-Identifier: MIT
/// A device that raises its interrupt line when a test wants it: what each board has.
#pragma once

#include "os/device.hpp"

#include <cstdint>

namespace suite {

class RaisedLine {
public:
    explicit RaisedLine(os::Device const& device)
        : address_{device.registers().address()},
          kind_{device.compatible() == "arm,pl061"                   ? Kind::Pl061
                : device.compatible() == "brcm,bcm2835-system-timer" ? Kind::BcmTimer
                                                                     : Kind::Goldfish} {}

    /// Whether the board's interrupt controller can have it interrupt any core: the BCM2836's cannot.
    [[nodiscard]] auto can_be_routed() const -> bool { return kind_ != Kind::BcmTimer; }

    /// Now, or very soon; until `quiet`.
    void raise() const {
        switch (kind_) {
        case Kind::Pl061: // an input that is low
            at(kPl061Sense) = 1;
            at(kPl061Event) = 0;
            at(kPl061Enable) = 1;
            break;
        case Kind::BcmTimer: at(kBcmCompare) = at(kBcmCount) + kMicroseconds; break;
        case Kind::Goldfish: // a moment that is past
            at(kGoldfishEnable) = 1;
            at(kGoldfishAlarmHigh) = 0;
            at(kGoldfishAlarmLow) = 0;
            break;
        }
    }
    void quiet() const {
        switch (kind_) {
        case Kind::Pl061: at(kPl061Enable) = 0; break;
        case Kind::BcmTimer: at(kBcmStatus) = 1U << 1U; break;
        case Kind::Goldfish: at(kGoldfishClear) = 1; break;
        }
    }

private:
    enum class Kind : std::uint8_t { Pl061, BcmTimer, Goldfish };

    static constexpr std::uint64_t kPl061Sense = 0x404;
    static constexpr std::uint64_t kPl061Event = 0x40C;
    static constexpr std::uint64_t kPl061Enable = 0x410;
    static constexpr std::uint64_t kBcmStatus = 0x00;
    static constexpr std::uint64_t kBcmCount = 0x04;
    static constexpr std::uint64_t kBcmCompare = 0x10; ///< of channel 1
    static constexpr std::uint32_t kMicroseconds = 20;
    static constexpr std::uint64_t kGoldfishAlarmLow = 0x08;
    static constexpr std::uint64_t kGoldfishAlarmHigh = 0x0C;
    static constexpr std::uint64_t kGoldfishEnable = 0x10;
    static constexpr std::uint64_t kGoldfishClear = 0x1C;

    [[nodiscard]] auto at(std::uint64_t offset) const -> std::uint32_t volatile& {
        return *reinterpret_cast<std::uint32_t volatile*>(address_ + offset);
    }

    std::uint64_t address_;
    Kind kind_;
};

} // namespace suite
