// SPDX-License-Identifier: MIT
/// Copies of capabilities: which ones there may be, and what they lose.
#pragma once

#include "kernel/abi/error.hpp"
#include "kernel/cap/slot.hpp"

#include <cstdint>
#include <expected>

namespace kernel::derive {

/// What a copy of the capability in `source` is, with at most `rights`.
/// RevokeFirst: untyped memory with children, which would give out the same memory twice. IllegalOperation:
/// there is only one of it.
[[nodiscard]] auto copy_of(Slot const& source, std::uint8_t rights) -> std::expected<Capability, abi::Error>;

/// Puts such a copy, perhaps with another badge or guard by now, into an empty slot.
void insert_copy(Slot& source, Slot& destination, Capability copy);

} // namespace kernel::derive
