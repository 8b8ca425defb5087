// SPDX-License-Identifier: MIT
/// Prepares a thread that is to run.
#pragma once

#include "components/init/failure.hpp"
#include "kernel/abi/message.hpp"

#include <cstdint>

namespace init {

struct ThreadPlan {
    abi::CPtr tcb = abi::kNullCPtr;
    abi::CPtr context = abi::kNullCPtr;
    abi::CPtr cspace = abi::kNullCPtr;
    abi::CPtr vspace = abi::kNullCPtr;
    abi::CPtr faults = abi::kNullCPtr; ///< endpoint; none: a fault stops it
    std::uint64_t entry = 0;
    std::uint64_t stack_top = 0;
    std::uint64_t argument = 0;
    std::uint8_t core = 0;
    std::uint8_t priority = 0;
    std::uint64_t budget = 0; ///< ticks
    std::uint64_t period = 0; ///< ticks; 0: takes turns with others, each for its budget
};

/// Afterwards the thread runs as soon as it is resumed.
auto prepare(ThreadPlan const& plan) -> Result<>;

} // namespace init
