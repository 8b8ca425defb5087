// SPDX-License-Identifier: MIT
#include "kernel/invoke/invocation.hpp"

#include "base/result.hpp"

namespace kernel {

auto check_depth(unsigned depth) -> Decoded<unsigned> {
    constexpr unsigned kMaxDepth = 64;
    if (depth < 1 || depth > kMaxDepth) {
        return out_of_range(1, kMaxDepth);
    }
    return depth;
}

auto find_slot(Capability root, std::uint64_t index, unsigned depth, Lookup which) -> Decoded<Slot*> {
    (void)TRY(check_depth(depth));
    auto const slot = cspace::resolve(root, index, depth);
    if (!slot) {
        return refuse(abi::Error::FailedLookup, static_cast<std::uint64_t>(which), slot.error().bits_left);
    }
    return *slot;
}

auto find_empty_slot(Capability root, std::uint64_t index, unsigned depth) -> Decoded<Slot*> {
    auto const slot = find_slot(root, index, depth, Lookup::Destination);
    if (slot && !(*slot)->empty()) {
        return refuse(abi::Error::DeleteFirst);
    }
    return slot;
}

} // namespace kernel
