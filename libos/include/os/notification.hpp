// SPDX-License-Identifier: MIT
/// Notifications and endpoints: the kernel objects that are used by system calls, not by invocations.
#pragma once

#include "os/syscall.hpp"

namespace os::object {

/// A word of bits that signals set and a waiter takes.
class Notification {
public:
    explicit constexpr Notification(abi::CPtr capability) : capability_{capability} {}
    [[nodiscard]] constexpr auto capability() const -> abi::CPtr { return capability_; }

    /// Adds this capability's badge (0 if it has none) to the word and wakes one waiter.
    void signal() const { os::signal(capability_); }
    /// Blocks until the word is not zero, takes it.
    [[nodiscard]] auto wait() const -> std::uint64_t { return os::wait(capability_); }
    /// Takes the word; 0 when nothing was signalled.
    [[nodiscard]] auto poll() const -> std::uint64_t { return try_receive(capability_).badge; }

private:
    abi::CPtr capability_;
};

/// Where calls and messages meet: see os/syscall.hpp.
class Endpoint {
public:
    explicit constexpr Endpoint(abi::CPtr capability) : capability_{capability} {}
    [[nodiscard]] constexpr auto capability() const -> abi::CPtr { return capability_; }

private:
    abi::CPtr capability_;
};

} // namespace os::object
