// SPDX-License-Identifier: MIT
/// The trap into the kernel on RISC-V; the register contract is that of `kernel/abi/syscall.hpp`.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "os/message.hpp"

namespace os::arch {

// NOLINTBEGIN(misc-const-correctness): the checker does not see that `asm` writes its operands.

/// Traps with the number in t0.
template <abi::Syscall kNumber>
[[gnu::always_inline]] inline auto trap(abi::CPtr capability, Message const& message) -> Received {
    static_assert(kNumber != abi::Syscall::SendRecv, "takes two capabilities: trap_send_receive");
    // The kernel reads and writes exactly these registers: only bound variables can name them.
    register std::uint64_t t0 asm("t0") = static_cast<std::uint16_t>(kNumber);
    register std::uint64_t a0 asm("a0") = capability;
    register std::uint64_t a1 asm("a1") = message.tag.raw();
    register std::uint64_t a2 asm("a2") = message.words[0];
    register std::uint64_t a3 asm("a3") = message.words[1];
    register std::uint64_t a4 asm("a4") = message.words[2];
    register std::uint64_t a5 asm("a5") = message.words[3];
    register std::uint64_t a6 asm("a6") = message.words[4];
    register std::uint64_t a7 asm("a7") = message.words[5];
    register std::uint64_t t1 asm("t1") = message.words[6];
    register std::uint64_t t2 asm("t2") = message.words[7];
    // "memory": other threads and address spaces may change shared memory before the call returns.
    asm volatile("ecall"
                 : "+r"(t0), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), "+r"(a7),
                   "+r"(t1), "+r"(t2)
                 :
                 : "t3", "t4", "t5", "t6", "memory");
    return Received{a0, Message{abi::MessageTag{a1}, abi::Words{a2, a3, a4, a5, a6, a7, t1, t2}}};
}

/// The one call with two capabilities: sends to the first, receives on the second.
[[gnu::always_inline]] inline auto trap_send_receive(abi::CPtr to, Message const& message, abi::CPtr from)
    -> Received {
    // As above, and the second capability.
    register std::uint64_t t0 asm("t0") = static_cast<std::uint16_t>(abi::Syscall::SendRecv);
    register std::uint64_t a0 asm("a0") = to;
    register std::uint64_t a1 asm("a1") = message.tag.raw();
    register std::uint64_t a2 asm("a2") = message.words[0];
    register std::uint64_t a3 asm("a3") = message.words[1];
    register std::uint64_t a4 asm("a4") = message.words[2];
    register std::uint64_t a5 asm("a5") = message.words[3];
    register std::uint64_t a6 asm("a6") = message.words[4];
    register std::uint64_t a7 asm("a7") = message.words[5];
    register std::uint64_t t1 asm("t1") = message.words[6];
    register std::uint64_t t2 asm("t2") = message.words[7];
    register std::uint64_t t3 asm("t3") = from;
    asm volatile("ecall"
                 : "+r"(t0), "+r"(a0), "+r"(a1), "+r"(a2), "+r"(a3), "+r"(a4), "+r"(a5), "+r"(a6), "+r"(a7),
                   "+r"(t1), "+r"(t2), "+r"(t3)
                 :
                 : "t4", "t5", "t6", "memory");
    return Received{a0, Message{abi::MessageTag{a1}, abi::Words{a2, a3, a4, a5, a6, a7, t1, t2}}};
}

// NOLINTEND(misc-const-correctness)

} // namespace os::arch
