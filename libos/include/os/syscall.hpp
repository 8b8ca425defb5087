// SPDX-License-Identifier: MIT
/// The system calls of `kernel/abi/syscall.hpp` as functions. They are inline: in the common case the words
/// of a message never leave the registers.
#pragma once

#include "kernel/abi/syscall.hpp"
#include "os/arch/trap.hpp"
#include "os/message.hpp"

namespace os {

/// Sends and waits for the reply. A reply with `MessageTag::kKernel` comes from the kernel: the answer to an
/// invocation, or the `abi::Error` why the call went wrong.
[[nodiscard]] inline auto call(abi::CPtr capability, Message const& message) -> Message {
    return arch::trap<abi::Syscall::Call>(capability, message).message;
}

/// Answers the caller, then waits for the next message on `endpoint`.
[[nodiscard]] inline auto reply_receive(abi::CPtr endpoint, Message const& reply) -> Received {
    return arch::trap<abi::Syscall::ReplyRecv>(endpoint, reply);
}

/// Waits for a message on an endpoint, or for a signal on a notification.
[[nodiscard]] inline auto receive(abi::CPtr capability) -> Received {
    return arch::trap<abi::Syscall::Recv>(capability, Message{});
}

/// Takes a message or a signal that is there already; badge and tag are 0 when there is none.
[[nodiscard]] inline auto try_receive(abi::CPtr capability) -> Received {
    return arch::trap<abi::Syscall::NBRecv>(capability, Message{});
}

/// Blocks until a receiver takes the message.
inline void send(abi::CPtr capability, Message const& message) {
    (void)arch::trap<abi::Syscall::Send>(capability, message); // nothing comes back
}

/// Sends if a receiver waits, otherwise drops the message.
inline void try_send(abi::CPtr capability, Message const& message) {
    (void)arch::trap<abi::Syscall::NBSend>(capability, message); // nothing comes back
}

/// `try_send` to the first and `receive` on the second capability, as one step.
[[nodiscard]] inline auto send_receive(abi::CPtr to, Message const& message, abi::CPtr from) -> Received {
    return arch::trap_send_receive(to, message, from);
}

/// Answers the caller; does nothing when there is none.
inline void reply(Message const& message) {
    (void)arch::trap<abi::Syscall::Reply>(abi::kNullCPtr, message); // nothing comes back
}

/// Lets other threads of the same priority run.
inline void yield() {
    (void)arch::trap<abi::Syscall::Yield>(abi::kNullCPtr, Message{}); // nothing comes back
}

/// Adds the capability's badge to the notification's word and wakes a waiter.
inline void signal(abi::CPtr notification) { send(notification, Message{}); }

/// Waits until the notification's word is not zero; takes it.
[[nodiscard]] inline auto wait(abi::CPtr notification) -> std::uint64_t {
    return receive(notification).badge;
}

} // namespace os
