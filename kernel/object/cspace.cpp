// SPDX-License-Identifier: MIT
#include "kernel/object/cspace.hpp"

#include "kernel/cap/views.hpp"

namespace kernel::cspace {

auto resolve(Capability root, std::uint64_t index, unsigned depth) -> std::expected<Slot*, Unresolved> {
    auto node = root;
    auto left = depth;
    while (node.is(abi::ObjectType::CNode)) {
        CNodeView const view{node};
        auto const guard_bits = view.guard_bits();
        auto const level_bits = guard_bits + view.radix();
        if (level_bits > left) {
            break;
        }
        // A guard of no bits: the shift could be by 64.
        auto const found = guard_bits == 0 ? 0 : (index >> (left - guard_bits)) & base::low_bits(guard_bits);
        if (found != view.guard()) {
            break;
        }
        left -= level_bits;
        auto& slot = view.slots()[(index >> left) & base::low_bits(view.radix())];
        if (left == 0) {
            return &slot;
        }
        node = slot.capability();
    }
    return std::unexpected(Unresolved{left});
}

auto find(Capability root, abi::CPtr pointer) -> Slot* {
    return resolve(root, pointer, 64).value_or(nullptr);
}

} // namespace kernel::cspace
