// SPDX-License-Identifier: MIT
/// What a device tree says of a machine's processors, for the architecture to take over what it can use.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace kernel::arch {

inline constexpr unsigned kMaxCores = 8;

struct StatedProcessor {
    std::uint64_t number{};       ///< as the hardware counts them: `reg`
    std::string_view translation; ///< `mmu-type`, in the tree's own memory; empty: it does not say
};

struct StatedProcessors {
    std::uint64_t timer_frequency{}; ///< ticks a second; 0: the tree does not say
    std::size_t count{};             ///< 0: the tree does not say
    /// In the tree's order, without those that are disabled, and no more than there is room for.
    std::array<StatedProcessor, kMaxCores> all{};
};

} // namespace kernel::arch
