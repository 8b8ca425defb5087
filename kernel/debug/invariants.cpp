// SPDX-License-Identifier: MIT
#include "kernel/debug/invariants.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/debug/object_checks.hpp"

namespace kernel::debug {
namespace {

/// Checks everything that the slots of a CNode lead to.
class Walk {
public:
    explicit Walk(CNodeView node) : first_{node.slots()}, end_{first_ + node.slot_count()} {}

    auto findings() -> Findings {
        for (auto const* at = first_; at != end_; ++at) {
            checker_.slot(*at);
            if (at->empty()) {
                continue;
            }
            // Its list may begin elsewhere: that of a component's objects does, where its memory came from.
            if (first_of_object(*at) || !is_own(*at->previous())) {
                object(at->capability());
            }
            if (at->previous() == nullptr) {
                list(*at);
            }
        }
        return checker_.findings();
    }

private:
    [[nodiscard]] auto is_own(Slot const& slot) const -> bool { return &slot >= first_ && &slot < end_; }

    /// Objects with several capabilities are looked at where the first of them is.
    static auto first_of_object(Slot const& slot) -> bool {
        auto const* const previous = slot.previous();
        return previous == nullptr || !derivation::same_object(previous->capability(), slot.capability());
    }

    /// An object; of CNodes and TCBs the slots too, but what is in them is in some list.
    void object(Capability capability) {
        checker_.object(capability);
        if (capability.is(abi::ObjectType::CNode)) {
            CNodeView const node{capability};
            for (std::uint64_t index = 0; index < node.slot_count(); ++index) {
                checker_.slot(node.slots()[index]);
            }
        } else if (capability.is(abi::ObjectType::Tcb)) {
            for (auto const& slot : capability.object<Tcb>().slots) {
                checker_.slot(slot);
            }
        }
    }

    /// The rest of a list, from its beginning.
    void list(Slot const& slot) {
        for (auto const* at = &slot; at != nullptr; at = at->next()) {
            checker_.slot(*at);
            if (first_of_object(*at) && !is_own(*at)) {
                object(at->capability());
            }
        }
    }

    Checker checker_;
    Slot const* first_;
    Slot const* end_;
};

} // namespace

auto check_all(Capability cnode) -> Findings { return Walk{CNodeView{cnode}}.findings(); }

auto count_violations() -> std::uint64_t {
    auto const* const thread = arch::Cpu::core().current();
    if (thread == nullptr || !thread->cspace().is(abi::ObjectType::CNode)) {
        return 0;
    }
    return check_all(thread->cspace()).violations;
}

} // namespace kernel::debug
