// SPDX-License-Identifier: MIT
/// The trap on the development host: there is no kernel, a test says what it answers.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "os/message.hpp"

#include <functional>

namespace os::arch {

/// What stands for the kernel. Empty: every call is answered with zeroes.
using FakeKernel = std::function<Received(abi::Syscall, abi::CPtr, Message const&, abi::CPtr)>;
inline FakeKernel fake_kernel; // NOLINT(cppcoreguidelines-avoid-non-const-global-variables): as the real one

template <abi::Syscall kNumber>
auto trap(abi::CPtr capability, Message const& message) -> Received {
    return fake_kernel ? fake_kernel(kNumber, capability, message, abi::kNullCPtr) : Received{};
}

inline auto trap_send_receive(abi::CPtr to, Message const& message, abi::CPtr from) -> Received {
    return fake_kernel ? fake_kernel(abi::Syscall::SendRecv, to, message, from) : Received{};
}

} // namespace os::arch
