// SPDX-License-Identifier: MIT
/// What a component says to init through `slot::kSupervisor`, beside the faults that the kernel sends there.
#pragma once

#include "kernel/abi/fault.hpp"
#include "kernel/abi/message.hpp"

#include <cstdint>

namespace os::supervisor {

/// Labels. Below `Text` they are `abi::FaultKind`: a fault that the component's own pager could not mend,
/// forwarded with `Call`. Label and words 0 to 3 are the kernel's (the flag `kFault` is not there, only the
/// kernel can set it); for `Capability` and `VirtualMemory` the other words are those of `FaultReport`. As
/// with any fault, the answer's label 0 lets the thread go on and any other leaves it suspended.
enum class Label : std::uint8_t {
    /// Send. A piece of a report: the bytes of all words, padded with zeroes. A line ends with '\n'.
    Text = 64,
    /// Call. The component is done: word 0 is its status, 0 for success. It is not started again.
    Exited = 65,
    /// Call. The component has given up (an assertion, abort): its restart policy applies.
    Failed = 66,
};

/// Why a component's pager did not mend a fault.
enum class Reason : std::uint8_t {
    BadAccess = 0,     ///< nothing is to be found at the address
    StackOverflow = 1, ///< just below the stack's limit
    OutOfMemory = 2,   ///< the address is good, but the component's untyped memory is used up
    OutOfSlots = 3,    ///< the address is good, but the component's CNode is full
    NotAllowed = 4,    ///< the page is there, but not for this: constants, code, data that is no code
};

/// Words 4 to 7 of a forwarded `Capability` or `VirtualMemory` fault.
struct FaultReport {
    std::uint64_t stack_pointer;
    std::uint64_t return_address;
    Reason reason;
    std::uint64_t thread; ///< slot of its TCB in the component's CSpace

    constexpr void write_to(abi::Words& words) const {
        words[4] = stack_pointer;
        words[5] = return_address;
        words[6] = static_cast<std::uint64_t>(reason);
        words[7] = thread;
    }
};

/// What a person is told about a reason; `value` is word 6 of a report.
[[nodiscard]] constexpr auto describe(std::uint64_t value) -> char const* {
    switch (static_cast<Reason>(value)) {
    case Reason::BadAccess: return "nothing is mapped there";
    case Reason::StackOverflow: return "the stack is full";
    case Reason::OutOfMemory: return "the component's memory is used up";
    case Reason::OutOfSlots: return "the component's capability slots are used up";
    case Reason::NotAllowed: return "the page does not allow that";
    }
    return "unknown reason";
}

} // namespace os::supervisor
