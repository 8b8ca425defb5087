// SPDX-License-Identifier: MIT
/// What the pager does about a fault: a decision without effects.
#pragma once

#include "base/address.hpp"
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "os/message.hpp"
#include "os/supervisor.hpp"

#include <optional>

namespace os {

/// The parts of the address space that fill with zeroed pages as they are used.
struct DemandRegions {
    base::VirtAddr stack_begin; ///< the stack may grow down to here
    base::VirtAddr stack_end;
    base::VirtAddr heap_begin;
    base::VirtAddr heap_end; ///< what the heap has claimed so far
};

/// A fault this far below the stack's limit is called a stack overflow, not a bad access.
inline constexpr std::uint64_t kStackGuardSize = 0x1'0000;

struct FaultDecision {
    /// The page to map, readable and writable. Nothing: the fault cannot be mended.
    std::optional<base::VirtAddr> page;
    supervisor::Reason reason{supervisor::Reason::BadAccess};
};

/// `message` is what the kernel sent for the faulting thread.
[[nodiscard]] constexpr auto decide(Message const& message, DemandRegions const& regions) -> FaultDecision {
    if (message.tag.label() != static_cast<std::uint64_t>(abi::FaultKind::VirtualMemory)) {
        return {};
    }
    base::VirtAddr const address{message.words[1]};
    if (arch::is_permission_fault(message.words[3])) {
        return {.page = {}, .reason = supervisor::Reason::NotAllowed};
    }
    if (address < regions.stack_begin && regions.stack_begin - address <= kStackGuardSize) {
        return {.page = {}, .reason = supervisor::Reason::StackOverflow};
    }
    auto const in_stack = address >= regions.stack_begin && address < regions.stack_end;
    auto const in_heap = address >= regions.heap_begin && address < regions.heap_end;
    // Demand-zero pages hold no instructions.
    if ((message.words[2] & abi::fault_access::kInstruction) != 0 || (!in_stack && !in_heap)) {
        return {};
    }
    return {.page = address.align_down(base::kPageBits)};
}

/// Whether a thread that has got nothing at `address` has come to the end of its stack.
[[nodiscard]] constexpr auto is_near_stack_pointer(std::uint64_t address, std::uint64_t stack_pointer)
    -> bool {
    // A little above: what a function saves when its frame has been made.
    return address < stack_pointer + base::kPageSize && stack_pointer <= address + kStackGuardSize;
}

} // namespace os
