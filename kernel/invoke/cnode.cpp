// SPDX-License-Identifier: MIT
/// The invocations of CNodes. The order of checks is destination, then source, then what is in it.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/invoke/lifecycle.hpp"
#include "kernel/object/derive.hpp"

#include "generated/kernel/cnode.hpp"

namespace kernel {
namespace {

using abi::ObjectType;
using lifecycle::Progress;
namespace method = invocation::cnode;

/// Numbers of the parameters that are capabilities, where they are not the same everywhere.
constexpr std::uint64_t kCopyRoot = 5;
constexpr std::uint64_t kMoveRoot = 4;
constexpr std::uint64_t kRotatePivotRoot = 6;
constexpr std::uint64_t kRotateSourceRoot = 9;

struct Place {
    abi::CPtr root;
    std::uint64_t position; ///< number of the parameter
    std::uint64_t index;
    unsigned depth;
};

auto find_source(Invocation const& invocation, Place const& place) -> Decoded<Slot*> {
    auto const* const root = TRY(find_argument(invocation, place.root, place.position, ObjectType::CNode));
    return find_slot(root->capability(), place.index, place.depth, Lookup::Source);
}

/// Zombies count as nothing: they are on their way out.
auto holds_something(Slot const& slot) -> Decoded<Slot const*> {
    if (slot.capability().type() == ObjectType::Null) {
        return refuse(abi::Error::FailedLookup, static_cast<std::uint64_t>(Lookup::Source));
    }
    return &slot;
}

enum class Change : std::uint8_t { Copy, Move };

/// `capability` with the badge, guard or highest priority that `data` means for its type; IllegalOperation
/// when it can have none. A copy of a CNode always gets the guard; otherwise `data` 0 changes nothing.
auto with_data(Slot const& slot, Capability capability, std::uint64_t data, Change change)
    -> Decoded<Capability> {
    constexpr unsigned kGuardBitsField = 6;
    auto const illegal = refuse(abi::Error::IllegalOperation);
    if (capability.is(ObjectType::CNode) && (data != 0 || change == Change::Copy)) {
        CNodeView const node{capability};
        auto const bits = static_cast<unsigned>(data & base::low_bits(kGuardBitsField));
        auto const guard = data >> kGuardBitsField;
        if (!node.guard_fits(guard, bits)) {
            return illegal;
        }
        return node.with_guard(guard, bits);
    }
    if (capability.is(ObjectType::CoreControl) && (data != 0 || change == Change::Copy)) {
        CoreControlView const control{capability};
        if (data > control.max_priority()) {
            return illegal;
        }
        return CoreControlView::make(control.core(), static_cast<std::uint8_t>(data), control.rights());
    }
    if (data == 0) {
        return capability;
    }
    if (!capability.is_endpoint() && !capability.is_notification()) {
        return illegal;
    }
    if (capability.badge() != 0) {
        return illegal;
    }
    // What was derived from it unbadged would no longer be.
    if (change == Change::Move && derivation::has_children(slot)) {
        return refuse(abi::Error::RevokeFirst);
    }
    return capability.with_data(data);
}

struct CopyPlan {
    Slot& source;
    Slot& destination;
    Capability capability;
};

auto commit(CopyPlan const& plan) noexcept -> Completion {
    derive::insert_copy(plan.source, plan.destination, plan.capability);
    return Completion::Done;
}

template <typename Method>
auto decode_copy(Invocation const& invocation, Method const& parameters) -> Decoded<CopyPlan> {
    auto* const destination = TRY(
        find_empty_slot(invocation.capability(), parameters.destination_index, parameters.destination_depth));
    auto* const source = TRY(find_source(
        invocation, {parameters.source_root, kCopyRoot, parameters.source_index, parameters.source_depth}));
    (void)TRY(holds_something(*source));
    auto const copy = derive::copy_of(*source, parameters.rights);
    if (!copy) {
        return refuse(copy.error());
    }
    return CopyPlan{*source, *destination, *copy};
}

auto mint(Invocation const& invocation, method::Mint const& parameters) -> Decoded<CopyPlan> {
    auto plan = decode_copy(invocation, parameters);
    if (plan) {
        plan->capability = TRY(with_data(plan->source, plan->capability, parameters.badge, Change::Copy));
    }
    return plan;
}

struct MovePlan {
    Slot& source;
    Slot& destination;
    Capability capability;
};

/// A capability that got its badge on the way is the first with it, and has its own children from now on.
void move_and_mark(Slot& source, Slot& destination, Capability capability) {
    auto const badged = (capability.is_endpoint() || capability.is_notification()) &&
                        capability.badge() != source.capability().badge();
    derivation::move(source, destination, capability);
    if (badged) {
        destination.set_flags(Slot::Flags::Original);
    }
}

auto commit(MovePlan const& plan) noexcept -> Completion {
    move_and_mark(plan.source, plan.destination, plan.capability);
    return Completion::Done;
}

template <typename Method>
auto decode_move(Invocation const& invocation, Method const& parameters, std::uint64_t badge)
    -> Decoded<MovePlan> {
    auto* const destination = TRY(
        find_empty_slot(invocation.capability(), parameters.destination_index, parameters.destination_depth));
    auto* const source = TRY(find_source(
        invocation, {parameters.source_root, kMoveRoot, parameters.source_index, parameters.source_depth}));
    (void)TRY(holds_something(*source));
    auto const capability = TRY(with_data(*source, source->capability(), badge, Change::Move));
    return MovePlan{*source, *destination, capability};
}

auto move(Invocation const& invocation, method::Move const& parameters) -> Decoded<MovePlan> {
    return decode_move(invocation, parameters, 0);
}

auto mutate(Invocation const& invocation, method::Mutate const& parameters) -> Decoded<MovePlan> {
    return decode_move(invocation, parameters, parameters.badge);
}

struct RotatePlan {
    Slot& source;
    Slot& pivot;
    Slot& destination; ///< may be the source: an exchange
    Capability at_pivot;
    Capability at_destination;
};

// NOLINTNEXTLINE(readability-function-size): TRY counts as several statements
auto rotate(Invocation const& invocation, method::Rotate const& parameters) -> Decoded<RotatePlan> {
    auto* const destination = TRY(find_slot(invocation.capability(), parameters.destination_index,
                                            parameters.destination_depth, Lookup::Destination));
    auto* const source = TRY(find_source(invocation, {parameters.source_root, kRotateSourceRoot,
                                                      parameters.source_index, parameters.source_depth}));
    auto* const pivot = TRY(find_source(invocation, {parameters.pivot_root, kRotatePivotRoot,
                                                     parameters.pivot_index, parameters.pivot_depth}));
    if (pivot == source || pivot == destination) {
        return refuse(abi::Error::IllegalOperation);
    }
    if (source != destination && !destination->empty()) {
        return refuse(abi::Error::DeleteFirst);
    }
    (void)TRY(holds_something(*source));
    (void)TRY(holds_something(*pivot));
    auto const at_pivot = TRY(with_data(*source, source->capability(), parameters.pivot_badge, Change::Move));
    auto const at_destination =
        TRY(with_data(*pivot, pivot->capability(), parameters.destination_badge, Change::Move));
    return RotatePlan{*source, *pivot, *destination, at_pivot, at_destination};
}

auto commit(RotatePlan const& plan) noexcept -> Completion {
    // Through a slot of its own, so that source and destination may be one. Nobody sees it.
    Slot between;
    move_and_mark(plan.pivot, between, plan.at_destination);
    move_and_mark(plan.source, plan.pivot, plan.at_pivot);
    derivation::move(between, plan.destination);
    return Completion::Done;
}

/// The slot that delete, revoke and cancel_badged_sends work on.
template <typename Method>
auto find_target(Invocation const& invocation, Method const& parameters) -> Decoded<Slot*> {
    return find_slot(invocation.capability(), parameters.index, parameters.depth, Lookup::Destination);
}

auto completion(Progress progress) -> Completion {
    return progress == Progress::Done ? Completion::Done : Completion::Preempted;
}

auto erase(Invocation const& invocation, method::Delete const& parameters) -> Outcome {
    return completion(lifecycle::delete_slot(*TRY(find_target(invocation, parameters))));
}

auto revoke(Invocation const& invocation, method::Revoke const& parameters) -> Outcome {
    return completion(lifecycle::revoke(*TRY(find_target(invocation, parameters))));
}

auto cancel_badged_sends(Invocation const& invocation, method::CancelBadgedSends const& parameters)
    -> Outcome {
    auto const* const slot = TRY(find_target(invocation, parameters));
    auto const capability = slot->capability();
    if (!capability.is_endpoint() || !capability.has_ipc_rights(abi::rights::kAll)) {
        return refuse(abi::Error::IllegalOperation);
    }
    return completion(lifecycle::cancel_badged_sends(capability.object<Endpoint>(), capability.badge()));
}

auto size_bits(Capability capability) -> unsigned {
    switch (capability.type()) {
    case ObjectType::Untyped: return UntypedView{capability}.size_bits();
    case ObjectType::CNode: return CNodeView{capability}.radix();
    case ObjectType::Frame: return FrameView{capability}.size_bits();
    default: return 0;
    }
}

auto rights(Capability capability) -> std::uint8_t {
    switch (capability.type()) {
    case ObjectType::Null: return 0;
    case ObjectType::Endpoint:
    case ObjectType::Notification: return capability.ipc_rights();
    case ObjectType::Frame: return FrameView{capability}.rights();
    case ObjectType::CoreControl: return CoreControlView{capability}.rights();
    default: return abi::rights::kAll;
    }
}

auto identify(Invocation const& invocation, method::Identify const& parameters) -> Outcome {
    auto const capability = TRY(find_target(invocation, parameters))->capability();
    return invocation.answer(method::IdentifyResult{
        .type = static_cast<std::uint8_t>(capability.type()),
        .rights = rights(capability),
        .size_bits = static_cast<std::uint8_t>(size_bits(capability)),
    });
}

} // namespace

auto invoke_cnode(Invocation const& invocation) -> Outcome {
    switch (invocation.tag.label()) {
    case method::Copy::kLabel: return perform<method::Copy>(invocation, decode_copy<method::Copy>);
    case method::Mint::kLabel: return perform<method::Mint>(invocation, mint);
    case method::Move::kLabel: return perform<method::Move>(invocation, move);
    case method::Mutate::kLabel: return perform<method::Mutate>(invocation, mutate);
    case method::Rotate::kLabel: return perform<method::Rotate>(invocation, rotate);
    case method::Delete::kLabel: return perform<method::Delete>(invocation, erase);
    case method::Revoke::kLabel: return perform<method::Revoke>(invocation, revoke);
    case method::CancelBadgedSends::kLabel:
        return perform<method::CancelBadgedSends>(invocation, cancel_badged_sends);
    case method::Identify::kLabel: return perform<method::Identify>(invocation, identify);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
