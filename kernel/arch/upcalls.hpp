// SPDX-License-Identifier: MIT
/// The only calls that go from entry code up into the generic kernel.
///
/// Each is called with interrupts masked, on the core's kernel stack, with the registers of `core.current()`
/// saved in its TCB. Each returns the thread to run next, or null when there is none: entry code then waits
/// for an interrupt and calls `handle_interrupt`. Entry code alone switches threads: it calls
/// `core.set_current`, loads the address space, the TLS base and the registers of the thread it was given,
/// and lets it use the floating-point unit only if it is `core.fp_owner()`.
#pragma once

#include "kernel/abi/fault.hpp"

#include <array>
#include <cstdint>

namespace kernel {

class Core;
struct Notification;
struct Tcb;

/// What entry code knows about a fault; the rest of the message is filled in from the registers.
struct Fault {
    abi::FaultKind kind;
    /// VirtualMemory: address, `abi::fault_access` bits, the architecture's code.
    /// UserException and Debug: exception class, the architecture's code, 0.
    std::array<std::uint64_t, 3> details;
};

/// A system call of the current thread, known or not.
[[nodiscard]] auto handle_syscall(Core& core, std::uint64_t number) -> Tcb*;

/// The current thread cannot go on at its program counter.
[[nodiscard]] auto handle_fault(Core& core, Fault const& fault) -> Tcb*;

/// An interrupt is pending. There may be no current thread.
[[nodiscard]] auto handle_interrupt(Core& core) -> Tcb*;

/// What is to be signalled: with a word, or nothing at all.
struct Signal {
    Notification* notification; ///< null: nothing
    std::uint64_t word;
};
/// The same in two steps, for entry code that does the second one itself when that is easy: what the
/// interrupt signals, and what runs when that has been done.
extern "C" auto take_interrupt(Core& core) -> Signal;
[[nodiscard]] auto handle_signal(Core& core, Signal const& sent) -> Tcb*;

/// The current thread used the floating-point unit without owning it. `exception` is what it amounts to when
/// the thread may not use it at all.
[[nodiscard]] auto handle_fp_access(Core& core, Fault const& exception) -> Tcb*;

/// For the architecture itself, from anywhere below these: brings every other core into the kernel, until
/// this one leaves it. None of them uses an address space then.
void hold_other_cores();

/// Words of the core's that are the architecture's, for its entry code: at kCoreEntryData in offsets.inc.
using EntryData = std::array<std::uint64_t, 2>;
[[nodiscard]] auto entry_data(Core& core) -> EntryData&;

} // namespace kernel
