// SPDX-License-Identifier: MIT
/// The slot in which a capability arrives that is sent to the calling thread. Each thread has its own; one
/// that never calls `prepare` is sent none.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"
#include "os/capability.hpp"

#include <cstdint>
#include <expected>
#include <optional>

namespace os::receive_slot {

/// The slot that the thread's TCB names, empty or with what has arrived; null when there is none.
// Written here so that `prepare` is inline.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
extern constinit thread_local abi::CPtr armed;

/// Has the thread's TCB name a slot. Pre: it names none. Errors: RangeError, no slots are left.
[[nodiscard]] auto arm() -> std::expected<void, abi::Error>;

/// Makes sure that the thread has an empty slot to receive in. Errors: RangeError, no slots are left.
[[nodiscard]] inline auto prepare() -> std::expected<void, abi::Error> {
    if (armed != abi::kNullCPtr) [[likely]] {
        return {};
    }
    return arm();
}

/// Takes over the slot, and the capability that has arrived in it; the next one needs `prepare` again.
[[nodiscard]] auto take() -> abi::CPtr;

/// Deletes the capability that has arrived; the slot remains for the next.
void discard();

/// Gives the slot back, for a thread that ends.
void give_back();

/// True if the slot holds an object of this type with at least these rights.
[[nodiscard]] auto holds(abi::ObjectType type, std::uint8_t rights) -> bool;

/// Takes the capability that has arrived, if it is an `Object` with at least these rights; else deletes it.
template <typename Object>
[[nodiscard]] auto take_if(abi::ObjectType type, std::uint8_t rights) -> std::optional<Cap<Object>> {
    if (!holds(type, rights)) {
        discard();
        return std::nullopt;
    }
    return Cap<Object>{take()};
}

} // namespace os::receive_slot
