// SPDX-License-Identifier: MIT
/// The empty slots of the component's own CNode.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/abi/message.hpp"

#include <cstddef>
#include <expected>

namespace os {

/// Bits of a slot's index when it is looked up from `slot::kCNode`: a CPtr with all its bits.
inline constexpr std::uint8_t kSlotDepth = 64;

/// The component's CNode may have more slots; libos hands out those below.
inline constexpr std::size_t kMaxSlots = 32768;

/// Takes `count` consecutive empty slots; the first of them. Error: RangeError, none are left. Any thread may
/// call this, it takes no lock.
[[nodiscard]] auto allocate_slot(std::size_t count = 1) -> std::expected<abi::CPtr, abi::Error>;

/// Gives slots back. Pre: they are empty and came from `allocate_slot`.
void free_slot(abi::CPtr first, std::size_t count = 1);

/// Deletes the capability in a slot; an empty slot is fine.
void delete_capability(abi::CPtr slot);

/// Slots left.
[[nodiscard]] auto free_slots() -> std::size_t;

} // namespace os
