// SPDX-License-Identifier: MIT
#include "kernel/object/derive.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"

namespace kernel::derive {
namespace {

using abi::ObjectType;

auto masked(Capability capability, std::uint8_t rights) -> Capability {
    switch (capability.type()) {
    case ObjectType::Endpoint:
    case ObjectType::Notification: {
        auto const kept = capability.ipc_rights() & rights;
        return {(capability.reference() & ~Capability::kRightsMask) | static_cast<std::uint64_t>(kept),
                capability.data()};
    }
    case ObjectType::Frame: {
        FrameView const frame{capability};
        return FrameView{frame.unmapped()}.with_rights(frame.rights() & rights);
    }
    case ObjectType::CoreControl: {
        CoreControlView const control{capability};
        return CoreControlView::make(control.core(), control.max_priority(), control.rights() & rights);
    }
    default: return capability;
    }
}

} // namespace

auto copy_of(Slot const& source, std::uint8_t rights) -> std::expected<Capability, abi::Error> {
    auto const capability = source.capability();
    switch (capability.type()) {
    case ObjectType::Null: return std::unexpected(abi::Error::IllegalOperation);
    case ObjectType::Untyped:
        if (derivation::has_children(source)) {
            return std::unexpected(abi::Error::RevokeFirst);
        }
        break;
    case ObjectType::PageTable:
        // Two capabilities to a table could otherwise link it twice.
        if (capability.data() == 0) {
            return std::unexpected(abi::Error::IllegalOperation);
        }
        break;
    default: break;
    }
    return masked(capability, rights);
}

void insert_copy(Slot& source, Slot& destination, Capability copy) {
    derivation::insert_derived(source, destination, copy);
    if (copy.is(ObjectType::Untyped)) {
        // From now on the copy gives the memory out; the source can again when the copy is gone.
        UntypedView full{source.capability()};
        full.set_free_offset(full.size());
        source.set_capability(full.capability());
    }
}

} // namespace kernel::derive
