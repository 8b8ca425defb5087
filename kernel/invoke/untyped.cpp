// SPDX-License-Identifier: MIT
/// Untyped.retype: memory becomes objects.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/object/create.hpp"

#include "generated/kernel/untyped.hpp"

#include <algorithm>

namespace kernel {
namespace {

using abi::ObjectType;
using invocation::untyped::Retype;

/// Numbers of the parameters, for InvalidArgument and InvalidCapability.
constexpr std::uint64_t kTypeParameter = 1;
constexpr std::uint64_t kSizeParameter = 2;
constexpr std::uint64_t kRootParameter = 5;

struct RetypePlan {
    Slot& source;
    create::Kind kind;
    unsigned bits; ///< log2 of the bytes each object takes
    std::uint64_t count;
    Slot* destination;  ///< the first of `count` empty slots
    std::uint64_t used; ///< bytes of the untyped memory that are given out
};

/// log2 of the bytes that an object takes; its type and size are checked.
auto decode_bits(Retype const& parameters) -> Decoded<unsigned> {
    auto const sizes = create::sizes(static_cast<ObjectType>(parameters.type));
    if (!sizes.can_make()) {
        return refuse(abi::Error::InvalidArgument, kTypeParameter);
    }
    if (sizes.fixed()) {
        return sizes.bits;
    }
    auto const is_space = static_cast<ObjectType>(parameters.type) == ObjectType::VSpace;
    auto const largest = is_space ? arch::Mmu::extra_bits() : sizes.largest;
    if (parameters.size_bits < sizes.smallest || parameters.size_bits > largest) {
        return out_of_range(sizes.smallest, largest);
    }
    if ((parameters.size_bits - sizes.smallest) % sizes.step != 0) {
        return refuse(abi::Error::InvalidArgument, kSizeParameter);
    }
    return sizes.bits + (is_space ? 0U : parameters.size_bits);
}

/// The CNode that takes the capabilities.
auto decode_node(Invocation const& invocation, Retype const& parameters) -> Decoded<CNodeView> {
    auto const* const root =
        TRY(find_argument(invocation, parameters.root, kRootParameter, ObjectType::CNode));
    auto node = root->capability();
    if (parameters.node_depth != 0) {
        auto const* const slot =
            TRY(find_slot(node, parameters.node_index, parameters.node_depth, Lookup::Destination));
        node = slot->capability();
    }
    if (!node.is(ObjectType::CNode)) {
        return refuse(abi::Error::FailedLookup, static_cast<std::uint64_t>(Lookup::Destination));
    }
    return CNodeView{node};
}

/// The empty slots `[offset, offset + count)` of a CNode.
auto decode_window(CNodeView const& node, Retype const& parameters) -> Decoded<Slot*> {
    auto const slots = node.slot_count();
    if (parameters.node_offset >= slots) {
        return out_of_range(0, slots - 1);
    }
    if (parameters.count < 1 || parameters.count > abi::kMaxRetypeCount) {
        return out_of_range(1, abi::kMaxRetypeCount);
    }
    auto const room = slots - parameters.node_offset;
    if (parameters.count > room) {
        return out_of_range(1, room);
    }
    auto* const first = node.slots() + parameters.node_offset;
    for (std::uint64_t index = 0; index < parameters.count; ++index) {
        if (!first[index].empty()) {
            return refuse(abi::Error::DeleteFirst);
        }
    }
    return first;
}

auto decode(Invocation const& invocation, Retype const& parameters) -> Decoded<RetypePlan> {
    UntypedView const untyped{invocation.capability()};
    auto const type = static_cast<ObjectType>(parameters.type);
    auto const bits = TRY(decode_bits(parameters));
    auto const node = TRY(decode_node(invocation, parameters));
    auto* const destination = TRY(decode_window(node, parameters));
    auto const used = derivation::has_children(invocation.slot) ? untyped.free_offset() : 0;
    auto const left = untyped.size() - used;
    // The end of the memory is aligned to every size that fits, so whole objects are lost to alignment only.
    if (bits > untyped.size_bits() || left >> bits < parameters.count) {
        return refuse(abi::Error::NotEnoughMemory, 0, left);
    }
    if (untyped.device() && type != ObjectType::Frame && type != ObjectType::Untyped) {
        return refuse(abi::Error::InvalidArgument, kTypeParameter);
    }
    create::Kind const kind{type, untyped.device(), parameters.size_bits};
    return Decoded<RetypePlan>{std::in_place,    invocation.slot, kind, bits,
                               parameters.count, destination,     used};
}

/// Zeroes what the objects will take, from the watermark on. What is zero stays known in the capability, so
/// that this can be preempted and goes on.
auto clear_memory(UntypedView& untyped, Slot& source, std::uint64_t end, ObjectType type) -> Completion {
    constexpr std::uint64_t kChunk = base::kPageSize;
    auto const used = untyped.free_offset();
    auto const known = untyped.cleared();
    auto at = used + known;
    // A frame can be read past the cache. So can one that is made of what was cleared for something else:
    // more than one piece may be left behind half done.
    auto const to_memory = type == ObjectType::Frame || base::align_down(end - 1, base::kPageBits) > at;
    while (at < end) {
        auto const next = std::min(end, base::align_down(at, base::kPageBits) + kChunk);
        arch::MemoryRange const range{untyped.base() + at, untyped.base() + next};
        arch::Memory::clear(range);
        if (to_memory) {
            arch::Cache::clean(range);
        }
        at = next;
        untyped.set_cleared(at - used);
        source.set_capability(untyped.capability());
        auto const progress = untyped.cleared() != known;
        if (progress && at < end && arch::Interrupts::pending()) {
            return Completion::Preempted;
        }
    }
    return Completion::Done;
}

auto commit(RetypePlan const& plan) noexcept -> Completion {
    UntypedView untyped{plan.source.capability()};
    auto const bits = plan.bits;
    auto const first = base::align_up(plan.used, bits);
    auto const end = first + (plan.count << bits);
    if (plan.used != untyped.free_offset()) {
        untyped.set_free_offset(plan.used);
    }
    auto const clean = plan.kind.device || plan.kind.type == ObjectType::Untyped;
    if (!clean && clear_memory(untyped, plan.source, end, plan.kind.type) == Completion::Preempted) {
        return Completion::Preempted;
    }
    auto const known_zero = untyped.free_offset() + untyped.cleared();
    untyped.set_free_offset(end);
    if (known_zero > end) {
        untyped.set_cleared(known_zero - end);
    }
    plan.source.set_capability(untyped.capability());
    for (std::uint64_t index = 0; index < plan.count; ++index) {
        auto const address = untyped.base() + first + (index << bits);
        derivation::insert_original(plan.source, plan.destination[index], create::object(plan.kind, address));
    }
    return Completion::Done;
}

} // namespace

auto invoke_untyped(Invocation const& invocation) -> Outcome {
    if (invocation.tag.label() != Retype::kLabel) {
        return refuse(abi::Error::IllegalOperation);
    }
    return perform<Retype>(invocation, decode);
}

} // namespace kernel
