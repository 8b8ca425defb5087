// SPDX-License-Identifier: MIT
/// Faults as messages: the kernel calls the thread's fault endpoint on its behalf.
#pragma once

#include <cstdint>

namespace abi {

/// Label of a message that has `MessageTag::kFault` set. Word 0 is always the instruction pointer.
///
/// The handler answers with label 0 to let the thread go on, any other label leaves it suspended. After
/// `UnknownSyscall` and `UserException` the words of the answer, as many as its length says, replace the
/// instruction pointer, the stack pointer, the flags and the argument registers 0 to 4 (AArch64: x0 to x4,
/// RISC-V: a0 to a4), in this order. RISC-V has no flags: 0 is told, and what is answered is ignored.
enum class FaultKind : std::uint8_t {
    /// word 1: the CPtr; word 2: 1 if it happened while receiving
    Capability = 1,
    /// word 1: the number; 2: stack pointer; 3: flags; 4..7: argument registers 0..3
    UnknownSyscall = 2,
    /// word 1: exception class; 2: the architecture's code; 3: stack pointer; 4: flags
    UserException = 3,
    /// word 1: address; 2: `FaultAccess` bits; 3: the architecture's code
    VirtualMemory = 4,
    /// word 1: exception class; 2: the architecture's code; 3: stack pointer; 4: flags
    Debug = 5,
    /// word 1: badge of the scheduling context; 2: what it has consumed since that was last asked, in ticks
    Timeout = 6,
};

/// A handler that faults before it has answered is stopped until its own handler answers, and so on: this
/// many at most. The fault of the next one stops it as if it had no handler.
inline constexpr unsigned kMaxFaultDepth = 32;

/// Bits of word 2 of a `VirtualMemory` fault; none set means a data read.
namespace fault_access {
inline constexpr std::uint64_t kWrite = 1U << 0U;
inline constexpr std::uint64_t kInstruction = 1U << 1U;
} // namespace fault_access

} // namespace abi
