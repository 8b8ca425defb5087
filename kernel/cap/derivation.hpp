// SPDX-License-Identifier: MIT
/// The derivation tree: who was made from whom. Knows capabilities and slots, and of no object more than
/// where it is.
#pragma once

#include "kernel/cap/slot.hpp"

namespace kernel::derivation {

/// Do both name the same object? Untyped memory is never the same as anything.
[[nodiscard]] auto same_object(Capability first, Capability second) -> bool;

/// Is `child`, which follows `parent` somewhere in its list, derived from it?
[[nodiscard]] auto is_parent(Slot const& parent, Slot const& child) -> bool;

[[nodiscard]] auto has_children(Slot const& slot) -> bool;

/// Is there no other capability to its object? Those that name one object are neighbours.
[[nodiscard]] auto is_final(Slot const& slot) -> bool;

/// Puts a capability that stems from no other into an empty slot.
void insert_root(Slot& slot, Capability capability);

/// Puts the first capability to a new object into an empty slot, as a child of `parent`.
void insert_original(Slot& parent, Slot& slot, Capability capability);

/// Puts a capability that was made from the one in `source` into the empty slot `destination`.
void insert_derived(Slot& source, Slot& destination, Capability capability);

/// Moves the content of `source`, as `capability`, to the empty slot `destination`. Its place in the tree
/// stays.
void move(Slot& source, Slot& destination, Capability capability);
inline void move(Slot& source, Slot& destination) { move(source, destination, source.capability()); }

/// Exchanges what is in two slots, places in the tree included. Either may be empty.
void swap(Slot& first, Slot& second);

/// Empties a slot. What was derived from it counts as derived from its parent.
void remove(Slot& slot);

} // namespace kernel::derivation
