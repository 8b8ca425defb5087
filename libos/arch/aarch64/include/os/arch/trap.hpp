// SPDX-License-Identifier: MIT
/// The trap into the kernel on AArch64; the register contract is that of `kernel/abi/syscall.hpp`.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "os/message.hpp"

namespace os::arch {

// NOLINTBEGIN(misc-const-correctness): the checker does not see that `asm` writes its operands.

/// Traps with `svc #number`.
template <abi::Syscall kNumber>
[[gnu::always_inline]] inline auto trap(abi::CPtr capability, Message const& message) -> Received {
    static_assert(kNumber != abi::Syscall::SendRecv, "takes two capabilities: trap_send_receive");
    // The kernel reads and writes exactly these registers: only bound variables can name them.
    register std::uint64_t x0 asm("x0") = capability;
    register std::uint64_t x1 asm("x1") = message.tag.raw();
    register std::uint64_t x2 asm("x2") = message.words[0];
    register std::uint64_t x3 asm("x3") = message.words[1];
    register std::uint64_t x4 asm("x4") = message.words[2];
    register std::uint64_t x5 asm("x5") = message.words[3];
    register std::uint64_t x6 asm("x6") = message.words[4];
    register std::uint64_t x7 asm("x7") = message.words[5];
    register std::uint64_t x8 asm("x8") = message.words[6];
    register std::uint64_t x9 asm("x9") = message.words[7];
    // "memory": other threads and address spaces may change shared memory before the call returns.
    asm volatile("svc %[number]"
                 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7), "+r"(x8),
                   "+r"(x9)
                 : [number] "i"(static_cast<std::uint16_t>(kNumber))
                 : "x10", "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "cc", "memory");
    return Received{x0, Message{abi::MessageTag{x1}, abi::Words{x2, x3, x4, x5, x6, x7, x8, x9}}};
}

/// The one call with two capabilities: sends to the first, receives on the second.
[[gnu::always_inline]] inline auto trap_send_receive(abi::CPtr to, Message const& message, abi::CPtr from)
    -> Received {
    // As above, and the second capability.
    register std::uint64_t x0 asm("x0") = to;
    register std::uint64_t x1 asm("x1") = message.tag.raw();
    register std::uint64_t x2 asm("x2") = message.words[0];
    register std::uint64_t x3 asm("x3") = message.words[1];
    register std::uint64_t x4 asm("x4") = message.words[2];
    register std::uint64_t x5 asm("x5") = message.words[3];
    register std::uint64_t x6 asm("x6") = message.words[4];
    register std::uint64_t x7 asm("x7") = message.words[5];
    register std::uint64_t x8 asm("x8") = message.words[6];
    register std::uint64_t x9 asm("x9") = message.words[7];
    register std::uint64_t x10 asm("x10") = from;
    asm volatile("svc %[number]"
                 : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7), "+r"(x8),
                   "+r"(x9), "+r"(x10)
                 : [number] "i"(static_cast<std::uint16_t>(abi::Syscall::SendRecv))
                 : "x11", "x12", "x13", "x14", "x15", "x16", "x17", "x18", "cc", "memory");
    return Received{x0, Message{abi::MessageTag{x1}, abi::Words{x2, x3, x4, x5, x6, x7, x8, x9}}};
}

// NOLINTEND(misc-const-correctness)

} // namespace os::arch
