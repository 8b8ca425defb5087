// SPDX-License-Identifier: MIT
/// Many threads at little cost: no stacks.
#pragma once

#include "operations.hpp"

namespace worst_case {

/// What main has, and the first of the priorities above.
inline constexpr std::uint8_t kMainPriority = 70;
inline constexpr std::size_t kCrowd = 100;

struct Member {
    object::Tcb thread{0};
    object::SchedContext context{0};
};

/// A thread that runs at once, with `argument` and `second` in the registers that threads.S says.
auto start(Rig& rig, void (*run)(std::uint64_t), std::uint64_t argument, std::uint8_t priority,
           std::uint64_t second = 0) -> Got<Member>;
/// kCrowd of them, each with another priority, the lowest first.
auto start_crowd(Rig& rig, void (*run)(std::uint64_t), std::uint64_t argument) -> Outcome;

} // namespace worst_case
