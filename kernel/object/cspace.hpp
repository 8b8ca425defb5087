// SPDX-License-Identifier: MIT
/// Addresses of capabilities: guarded tables of slots, several levels deep.
#pragma once

#include "kernel/abi/message.hpp"
#include "kernel/cap/capability.hpp"
#include "kernel/cap/slot.hpp"
#include "kernel/cap/views.hpp"

#include <cstdint>
#include <expected>

namespace kernel::cspace {

/// How many bits of the index could not be resolved.
struct Unresolved {
    unsigned bits_left;
};

/// Resolves all of the `depth` (1..64) low bits of `index`, most significant first, from `root`. Takes at
/// most 64 steps: every level resolves a bit.
[[nodiscard]] auto resolve(Capability root, std::uint64_t index, unsigned depth)
    -> std::expected<Slot*, Unresolved>;

/// The slot at `pointer`, all of whose bits are resolved; null when there is none.
[[nodiscard]] auto find(Capability root, abi::CPtr pointer) -> Slot*;

/// The slot that a thread with the root CNode `root` means by `pointer`; null when there is none.
[[nodiscard]] inline auto lookup(Capability root, abi::CPtr pointer) -> Slot* {
    CNodeView const node{root};
    // Most roots resolve all bits at once.
    if (root.is(abi::ObjectType::CNode) && node.resolves_as_index(pointer)) [[likely]] {
        return node.slots() + pointer;
    }
    // A copy, made here: the root itself stays in registers.
    return find({root.reference(), root.data()}, pointer);
}

} // namespace kernel::cspace
