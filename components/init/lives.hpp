// SPDX-License-Identifier: MIT
/// How often a component that fails is started again.
#pragma once

#include <cstdint>

namespace init {

/// One component's starts and failures.
class Lives {
public:
    /// It runs from `now` on. Times are in ticks of any one clock.
    void begin(std::uint64_t now) { begun_ = now; }

    /// It has failed at `now`: whether it is started again. It is, `allowed` times; a life of at least
    /// `good_life` ticks makes up for all failures before.
    [[nodiscard]] auto another(std::uint8_t allowed, std::uint64_t now, std::uint64_t good_life) -> bool {
        if (now - begun_ >= good_life) {
            failures_ = 0;
        }
        if (failures_ >= allowed) {
            return false;
        }
        ++failures_;
        return true;
    }

    /// Failures since the last good life that it has been started again after.
    [[nodiscard]] auto failures() const -> std::uint8_t { return failures_; }

private:
    std::uint64_t begun_ = 0;
    std::uint8_t failures_ = 0;
};

} // namespace init
