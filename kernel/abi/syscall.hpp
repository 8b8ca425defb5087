// SPDX-License-Identifier: MIT
/// The system calls. AArch64 traps with `svc #number`, RISC-V with `ecall` and the number in t0.
///
/// Registers (AArch64 / RISC-V):
///   x0      / a0        capability in, badge out
///   x1      / a1        message tag in and out
///   x2..x9  / a2..a7,t1,t2   message words 0..7 in and out
///   x10     / t3        SendRecv only: the capability to receive on
/// x10..x18 (t3..t6) and the condition flags come back as zero; every other register, t0 too, is preserved.
/// All eight words always travel: user code zeroes those it does not use.
#pragma once

#include <cstdint>

namespace abi {

enum class Syscall : std::uint16_t {
    Call = 0,      ///< Send and wait for the reply. On anything but an endpoint: an invocation of the object.
    ReplyRecv = 1, ///< Answer the caller, then receive on the endpoint in the capability register.
    Send = 2,      ///< Blocks until a receiver takes the message. On a notification: signal.
    NBSend = 3,    ///< Sends if a receiver waits, otherwise drops the message.
    Recv = 4,      ///< Blocks for a message, or for a signal when the capability is a notification.
    NBRecv = 5,    ///< Takes what is there; badge 0 and tag 0 when nothing is.
    SendRecv = 6,  ///< NBSend on the first capability and Recv on the second, as one step.
    Reply = 7,     ///< Answers the caller; does nothing when there is none.
    Yield = 8,     ///< Lets others of the same priority run.
};

inline constexpr std::uint16_t kSyscallCount = 9;

} // namespace abi
