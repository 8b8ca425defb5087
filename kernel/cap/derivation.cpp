// SPDX-License-Identifier: MIT
#include "kernel/cap/derivation.hpp"

#include "kernel/cap/views.hpp"

namespace kernel::derivation {
namespace {

using abi::ObjectType;

/// Does the memory of `untyped` hold the object, or the untyped memory, that `other` names?
auto contains(UntypedView const& untyped, Capability other) -> bool {
    switch (other.type()) {
    case ObjectType::IrqControl:
    case ObjectType::IrqHandler:
    case ObjectType::CoreControl:
    case ObjectType::DebugConsole: return false;
    case ObjectType::Untyped: {
        UntypedView const inner{other};
        return inner.base() >= untyped.base() && inner.size() <= untyped.size() &&
               inner.base() - untyped.base() <= untyped.size() - inner.size();
    }
    case ObjectType::Frame: return FrameView{other}.address() - untyped.base() < untyped.size();
    default: return other.address() - untyped.base() < untyped.size();
    }
}

/// Could `child` have been made from `parent`, as far as their objects go?
auto same_region(Capability parent, Capability child) -> bool {
    if (parent.is(ObjectType::Untyped)) {
        return !child.null() && contains(UntypedView{parent}, child);
    }
    if (parent.is(ObjectType::IrqControl)) {
        return child.is(ObjectType::IrqControl) || child.is(ObjectType::IrqHandler);
    }
    return same_object(parent, child);
}

void link(Slot* previous, Slot& slot, Slot* next) {
    slot.set_previous(previous);
    slot.set_next(next);
    if (previous != nullptr) {
        previous->set_next(&slot);
    }
    if (next != nullptr) {
        next->set_previous(&slot);
    }
}

} // namespace

auto same_object(Capability first, Capability second) -> bool {
    if (first.type() != second.type() || first.null() || first.is_zombie() || second.is_zombie()) {
        return false;
    }
    switch (first.type()) {
    case ObjectType::Untyped: return false;
    case ObjectType::Frame:
        return FrameView{first}.address() == FrameView{second}.address() &&
               FrameView{first}.size_bits() == FrameView{second}.size_bits();
    default: return first.address() == second.address();
    }
}

auto is_parent(Slot const& parent, Slot const& child) -> bool {
    if (!parent.revocable() || !same_region(parent.capability(), child.capability())) {
        return false;
    }
    auto const capability = parent.capability();
    if (!capability.is_endpoint() && !capability.is_notification()) {
        return true;
    }
    return capability.badge() == 0 ||
           (capability.badge() == child.capability().badge() && !child.first_badged());
}

auto has_children(Slot const& slot) -> bool {
    auto const* const next = slot.next();
    return next != nullptr && is_parent(slot, *next);
}

auto is_final(Slot const& slot) -> bool {
    auto const* const previous = slot.previous();
    auto const* const next = slot.next();
    return (previous == nullptr || !same_object(previous->capability(), slot.capability())) &&
           (next == nullptr || !same_object(slot.capability(), next->capability()));
}

void insert_root(Slot& slot, Capability capability) {
    slot.set_capability(capability);
    slot.set_flags(Slot::Flags::Original);
}

void insert_original(Slot& parent, Slot& slot, Capability capability) {
    slot.set_capability(capability);
    slot.set_flags(Slot::Flags::Original);
    link(&parent, slot, parent.next());
}

void insert_derived(Slot& source, Slot& destination, Capability capability) {
    auto const original = [&] {
        switch (capability.type()) {
        case ObjectType::Endpoint:
        case ObjectType::Notification: return capability.badge() != source.capability().badge();
        case ObjectType::IrqHandler: return source.capability().is(ObjectType::IrqControl);
        case ObjectType::Untyped: return true;
        default: return false;
        }
    }();
    destination.set_capability(capability);
    destination.set_flags(original ? Slot::Flags::Original : Slot::Flags::None);
    link(&source, destination, source.next());
}

void move(Slot& source, Slot& destination, Capability capability) {
    destination.set_capability(capability);
    destination.set_flags(source.flags());
    link(source.previous(), destination, source.next());
    source.clear();
}

void swap(Slot& first, Slot& second) {
    if (&first == &second) {
        return;
    }
    // A third slot makes neighbours no special case. It is in the list only until the end of this function.
    Slot between;
    if (!first.empty()) {
        move(first, between);
    }
    if (!second.empty()) {
        move(second, first);
    }
    if (!between.empty()) {
        move(between, second);
    }
}

void remove(Slot& slot) {
    if (slot.previous() != nullptr) {
        slot.previous()->set_next(slot.next());
    }
    if (slot.next() != nullptr) {
        slot.next()->set_previous(slot.previous());
    }
    slot.clear();
}

} // namespace kernel::derivation
