// SPDX-License-Identifier: MIT
/// Retype and revoke.
#include "components/memory/untyped_capabilities.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/untyped.hpp"
#include "os/slots.hpp"
#include "os/startup_info.hpp"

namespace memory {

auto UntypedCapabilities::split(Slot whole, unsigned bits) -> std::expected<Slot, Refusal> {
    return retype(whole, abi::ObjectType::Untyped, bits, 2);
}

void UntypedCapabilities::merge(Slot whole, Slot first) { reset(whole, first, 2); }

/// A client gets a child even where it gets untyped memory: the kernel clears a block when something new is
/// made of it.
auto UntypedCapabilities::make(Slot whole, Kind kind, unsigned bits) -> std::expected<Slot, Refusal> {
    return retype(whole, kind == Kind::Frame ? abi::ObjectType::Frame : abi::ObjectType::Untyped, bits, 1);
}

void UntypedCapabilities::destroy(Slot whole, Slot object) { reset(whole, object, 1); }

auto UntypedCapabilities::retype(Slot whole, abi::ObjectType type, unsigned bits, std::uint16_t count)
    -> std::expected<Slot, Refusal> {
    auto const first = os::allocate_slot(count);
    if (!first.has_value()) {
        return std::unexpected{Refusal::Exhausted};
    }
    auto const made =
        os::object::Untyped{whole}.retype(static_cast<std::uint8_t>(type), static_cast<std::uint8_t>(bits), 0,
                                          count, os::slot::kCNode, 0, *first);
    if (!made.has_value()) {
        os::free_slot(*first, count);
        return std::unexpected{Refusal::Exhausted};
    }
    return *first;
}

void UntypedCapabilities::reset(Slot whole, Slot first, std::uint16_t count) {
    // The slot is the server's own and holds an untyped capability: this cannot fail.
    (void)os::object::CNode{os::slot::kCNode}.revoke(os::kSlotDepth, whole);
    os::free_slot(first, count);
}

} // namespace memory
