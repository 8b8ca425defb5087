// SPDX-License-Identifier: MIT
/// The alarm of core 0, as a notification.
#pragma once

#include "rig.hpp"

namespace suite {

/// For CoreControl.set_alarm: a time that does not come.
inline constexpr std::uint64_t kNever = ~std::uint64_t{0};

struct Alarm {
    static constexpr std::uint64_t kBadge = 2;

    object::CoreControl core{0};
    object::IrqHandler handler{0};
    CPtr notification{}; ///< signalled with kBadge

    /// Waits until the counter has come to `deadline`, and makes ready for another wait.
    [[nodiscard]] auto wait_until(std::uint64_t deadline) const -> Outcome;
};

/// Pre: nobody else has its line.
[[nodiscard]] auto take_alarm(Rig& rig) -> Got<Alarm>;

} // namespace suite
