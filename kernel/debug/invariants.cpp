// SPDX-License-Identifier: MIT
#include "kernel/debug/invariants.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/debug/object_checks.hpp"

namespace kernel::debug {
namespace {

/// Objects with several capabilities are looked at where the first of them is.
auto first_of_object(Slot const& slot) -> bool {
    auto const* const previous = slot.previous();
    return previous == nullptr || !derivation::same_object(previous->capability(), slot.capability());
}

/// The slots of a CNode or TCB themselves; what is in them is in some list.
void check_slots(Checker& checker, Capability capability) {
    if (capability.is(abi::ObjectType::CNode)) {
        CNodeView const node{capability};
        for (std::uint64_t index = 0; index < node.slot_count(); ++index) {
            checker.slot(node.slots()[index]);
        }
    } else if (capability.is(abi::ObjectType::Tcb)) {
        for (auto const& slot : capability.object<Tcb>().slots) {
            checker.slot(slot);
        }
    }
}

void check_list_of(Checker& checker, Slot const& slot) {
    auto const* at = &slot;
    while (at->previous() != nullptr) {
        at = at->previous();
    }
    for (; at != nullptr; at = at->next()) {
        checker.slot(*at);
        if (!first_of_object(*at)) {
            continue;
        }
        checker.object(at->capability());
        check_slots(checker, at->capability());
    }
}

} // namespace

auto check_list(Slot const& slot) -> Findings {
    Checker checker;
    check_list_of(checker, slot);
    return checker.findings();
}

auto check_all(Capability cnode) -> Findings {
    Checker checker;
    CNodeView const node{cnode};
    for (std::uint64_t index = 0; index < node.slot_count(); ++index) {
        auto const& slot = node.slots()[index];
        checker.slot(slot);
        // The other capabilities of a list are met from its beginning.
        if (!slot.empty() && slot.previous() == nullptr) {
            check_list_of(checker, slot);
        }
    }
    return checker.findings();
}

auto count_violations() -> std::uint64_t {
    auto const* const thread = arch::Cpu::core().current();
    if (thread == nullptr || !thread->cspace().is(abi::ObjectType::CNode)) {
        return 0;
    }
    return check_all(thread->cspace()).violations;
}

} // namespace kernel::debug
