// SPDX-License-Identifier: MIT
/// What the parts of libos know of the program they are in. Filled in once at the start, by one thread.
#pragma once

#include "kernel/abi/boot_info.hpp"
#include "os/startup_info.hpp"

#include <cstdint>

namespace os {

/// A component's start-up page or init's boot information, in the same words.
struct Runtime {
    abi::CPtr core_control{};
    abi::CPtr debug_console{};   ///< the slot may be empty
    abi::CPtr supervisor{};      ///< 0: there is none, this is init
    std::uint64_t stack_limit{}; ///< bytes
    std::uint8_t priority{};     ///< of the main thread
};

/// `slot::kTcb`, `kCNode`, `kVSpace` and `kSchedContext` are in init's table too, in the same places.
static_assert(slot::kTcb == abi::init_slot::kTcb && slot::kCNode == abi::init_slot::kCNode &&
              slot::kVSpace == abi::init_slot::kVSpace &&
              slot::kSchedContext == abi::init_slot::kSchedContext);

extern constinit Runtime runtime;

} // namespace os
