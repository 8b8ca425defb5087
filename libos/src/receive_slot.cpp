// SPDX-License-Identifier: MIT
/// Keeps each thread's receive slot empty.
#include "os/receive_slot.hpp"

#include "os/slots.hpp"
#include "os/startup_info.hpp"
#include "os/thread.hpp"

#include "generated/object/cnode.hpp"
#include "generated/object/tcb.hpp"

#include <utility>

namespace os::receive_slot {

constinit thread_local abi::CPtr armed = abi::kNullCPtr;

auto arm() -> std::expected<void, abi::Error> {
    auto const slot = allocate_slot();
    if (!slot) {
        return std::unexpected(slot.error());
    }
    auto const set = object::Tcb{current_tcb()}.set_receive_slot(kSlotDepth, slot::kCNode, *slot);
    if (!set) {
        free_slot(*slot);
        return set;
    }
    armed = *slot;
    return {};
}

auto take() -> abi::CPtr { return std::exchange(armed, abi::kNullCPtr); }

void discard() {
    if (armed != abi::kNullCPtr) {
        delete_capability(armed);
    }
}

void give_back() {
    discard();
    if (auto const slot = take(); slot != abi::kNullCPtr) {
        free_slot(slot);
    }
}

auto holds(abi::ObjectType type, std::uint8_t rights) -> bool {
    if (armed == abi::kNullCPtr) {
        return false;
    }
    auto const found = object::CNode{slot::kCNode}.identify(kSlotDepth, armed);
    return found && found->type == std::to_underlying(type) && (found->rights & rights) == rights;
}

} // namespace os::receive_slot
