// SPDX-License-Identifier: MIT
/// Threads that fault, again and again, for tests of what their handlers do.
#pragma once

#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "rig.hpp"

#include "os/syscall.hpp"

#include <atomic>
#include <cstdint>

namespace suite {

inline std::atomic<unsigned> passed; ///< how often a victim came past its fault

/// Faults by reading nothing, again and again.
inline void read_for_ever(std::uint64_t address) {
    while (true) {
        (void)*reinterpret_cast<std::uint64_t volatile*>(address);
        ++passed;
    }
}
inline void be_undefined_for_ever(std::uint64_t /*argument*/) {
    while (true) {
        instruction::undefined();
        ++passed;
    }
}

/// A thread whose first fault has been received by this test's thread.
struct Victim {
    CPtr faults;
    Thread thread;
    os::Message fault;
};

inline auto is_fault(os::Message const& received, abi::FaultKind kind) -> bool {
    return received.tag.flags() == abi::MessageTag::kFault &&
           received.tag.label() == static_cast<std::uint64_t>(kind);
}

/// Starts a thread that is to fault in this way, and receives that.
inline auto start_victim(Rig& rig, void (*run)(std::uint64_t), abi::FaultKind kind) -> Got<Victim> {
    passed = 0;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread = TRY(rig.start({.run = run, .argument = kFreeAddress, .fault_endpoint = faults}));
    auto const fault = os::receive(faults).message;
    REQUIRE(is_fault(fault, kind) && thread.state() == state::kAwaitingReply);
    return Victim{faults, thread, fault};
}

} // namespace suite
