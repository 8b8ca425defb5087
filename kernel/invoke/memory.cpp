// SPDX-License-Identifier: MIT
/// The invocations of frames, page tables and address spaces.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/object/vspace.hpp"

#include "generated/kernel/frame.hpp"
#include "generated/kernel/page_table.hpp"
#include "generated/kernel/vspace.hpp"

#include <algorithm>

namespace kernel {
namespace {

using abi::ObjectType;
using arch::MemoryKind;
using Format = arch::PageTableFormat;

auto not_user(VSpace const& space) -> std::unexpected<Refusal> {
    return out_of_range(0, space.space.end() - 1);
}

struct MapFramePlan {
    Slot& slot;
    VSpace& space;
    std::uint64_t* place; ///< the entry
    std::uint64_t leaf;   ///< what goes there
    Mapping mapping;
    bool replaces; ///< the frame is there already
};

/// How the frame is mapped with `attributes`; InvalidArgument for those that do not exist.
auto decode_kind(FrameView const& frame, std::uint8_t attributes) -> Decoded<MemoryKind> {
    constexpr std::uint8_t kUncached = 1U << 0U;
    constexpr std::uint64_t kAttributesParameter = 2;
    if ((attributes & ~kUncached) != 0) {
        return refuse(abi::Error::InvalidArgument, kAttributesParameter);
    }
    if (frame.device()) {
        return MemoryKind::Device;
    }
    return attributes == kUncached ? MemoryKind::Uncached : MemoryKind::Normal;
}

/// The lesser of what is wanted and what the capability allows. What page tables cannot say is left out:
/// memory that can be written and not read. Devices have no instructions.
auto mapped_rights(FrameView const& frame, std::uint8_t wanted) -> std::uint8_t {
    auto rights = static_cast<unsigned>(wanted & frame.rights());
    if ((rights & abi::rights::kRead) == 0) {
        rights &= ~unsigned{abi::rights::kWrite};
    }
    if (frame.device()) {
        rights &= ~unsigned{abi::rights::kExecute};
    }
    return static_cast<std::uint8_t>(rights);
}

/// The same as `vspace::walk`, in a straight line for pages below two tables that are there.
auto find_entry(VSpace& space, base::VirtAddr address, unsigned level) -> vspace::Entry {
    constexpr unsigned kFirst = vspace::kLastLevel - 2;
    if (level == vspace::kLastLevel && space.space.first_level() == kFirst) [[likely]] {
        vspace::Entry const first{vspace::place_in(space.root(), address, kFirst), kFirst};
        if (first.is_table()) [[likely]] {
            auto const second = first.below(address);
            return second.is_table() ? second.below(address) : second;
        }
    }
    return vspace::walk(space, address, level);
}

/// Can the frame go to `entry`, where a walk for its level ended? It may be there already.
auto check_entry(FrameView const& frame, VSpace const& space, vspace::Entry entry, unsigned level,
                 Mapping wanted) -> Decoded<bool> {
    constexpr std::uint64_t kAddressParameter = 4;
    // Looked for is a copy, made when it is needed: the view itself stays in registers.
    if (frame.mapping().mapped() && vspace::find_frame(FrameView{frame.capability()}).space != nullptr) {
        if (frame.mapping() != wanted) {
            return refuse(abi::Error::InvalidArgument, kAddressParameter);
        }
        return true;
    }
    if (!entry.empty()) {
        return refuse(abi::Error::DeleteFirst);
    }
    if (entry.level < level) {
        return refuse(abi::Error::FailedLookup, static_cast<std::uint64_t>(Lookup::Destination),
                      vspace::missing_level(space, entry));
    }
    return false;
}

auto commit(MapFramePlan const& plan) noexcept -> Completion {
    if (plan.replaces) {
        // The old entry goes first, so that no TLB ever holds two.
        Format::store(plan.place, 0);
        arch::Mmu::invalidate_page(plan.space.space, plan.mapping.address());
    }
    Format::store(plan.place, plan.leaf);
    plan.slot.set_capability(FrameView{plan.slot.capability()}.with_mapping(plan.mapping));
    return Completion::Done;
}

/// Commits at once: so the plan stays in registers.
auto map_frame(Invocation const& invocation, invocation::frame::Map const& parameters) -> Outcome {
    constexpr std::uint64_t kVSpaceParameter = 3;
    FrameView const frame{invocation.capability()};
    base::VirtAddr const address{parameters.address};
    auto const* const target =
        TRY(find_argument(invocation, parameters.vspace, kVSpaceParameter, ObjectType::VSpace));
    auto const kind = TRY(decode_kind(frame, parameters.attributes));
    auto& space = target->capability().object<VSpace>();
    if (!vspace::is_user(space, address, frame.size_bits())) {
        return not_user(space);
    }
    if (!address.aligned(frame.size_bits())) {
        return refuse(abi::Error::AlignmentError);
    }
    auto const mapping = Mapping::make(space.serial(), address);
    auto const level = vspace::level_of(frame.size_bits());
    auto const entry = find_entry(space, address, level);
    auto const replaces = TRY(check_entry(frame, space, entry, level, mapping));
    auto const rights = mapped_rights(frame, parameters.rights);
    auto const leaf = Format::leaf(arch::Memory::physical(frame.address()), level, rights, kind);
    return commit({invocation.slot, space, entry.place, leaf, mapping, replaces});
}

[[gnu::noinline]] auto invoke_map(Invocation const& invocation) -> Outcome {
    return perform<invocation::frame::Map>(invocation, map_frame);
}

auto unmap_frame(Invocation const& invocation) -> Outcome {
    FrameView const frame{invocation.capability()};
    vspace::unmap_frame(frame);
    invocation.slot.set_capability(frame.unmapped());
    return Completion::Done;
}

auto info(Invocation const& invocation) -> Outcome {
    FrameView const frame{invocation.capability()};
    auto const mapped = vspace::find_frame(frame).space != nullptr;
    return invocation.answer(invocation::frame::InfoResult{
        .size_bits = static_cast<std::uint8_t>(frame.size_bits()),
        .is_device = frame.device(),
        .physical_address = arch::Memory::physical(frame.address()).value(),
        .mapped_address = mapped ? frame.mapping().address().value() : 0,
    });
}

/// The part of a frame that a cache operation is for.
template <typename Method>
auto decode_range(Invocation const& invocation, Method const& parameters) -> Decoded<arch::MemoryRange> {
    FrameView const frame{invocation.capability()};
    if (frame.device()) {
        return refuse(abi::Error::IllegalOperation);
    }
    if (parameters.end > frame.size()) {
        return out_of_range(0, frame.size());
    }
    if (parameters.first >= parameters.end) {
        return out_of_range(0, parameters.end);
    }
    return arch::MemoryRange{frame.address() + parameters.first, frame.address() + parameters.end};
}

/// Does `operation` to the range, piece by piece. Begun again after an interrupt, it goes on where it was:
/// the first byte that is left takes the place of the parameter in the message of the caller.
auto maintain(Invocation const& invocation, Decoded<arch::MemoryRange> const& decoded,
              void (*operation)(arch::MemoryRange)) -> Outcome {
    constexpr std::uint64_t kPiece = 16 * base::kPageSize;
    constexpr std::size_t kFirstWord = 0;
    auto const range = TRY(decoded);
    auto at = range.begin;
    while (true) {
        auto const next = std::min(range.end, at + kPiece);
        operation({at, next});
        if (next == range.end) {
            return Completion::Done;
        }
        at = next;
        if (arch::Interrupts::pending()) {
            message::set_word(invocation.caller, kFirstWord,
                              at - FrameView{invocation.capability()}.address());
            return Completion::Preempted;
        }
    }
}

auto clean(Invocation const& invocation, invocation::frame::Clean const& parameters) -> Outcome {
    return maintain(invocation, decode_range(invocation, parameters), arch::Cache::clean);
}

auto clean_invalidate(Invocation const& invocation, invocation::frame::CleanInvalidate const& parameters)
    -> Outcome {
    return maintain(invocation, decode_range(invocation, parameters), arch::Cache::clean_invalidate);
}

auto unify(Invocation const& invocation, invocation::frame::Unify const& parameters) -> Outcome {
    return maintain(invocation, decode_range(invocation, parameters), arch::Cache::unify);
}

auto invalidate(Invocation const& invocation, invocation::frame::Invalidate const& parameters) -> Outcome {
    // It can bring back what the memory held before: for those only who could write it themselves.
    if ((FrameView{invocation.capability()}.rights() & abi::rights::kWrite) == 0) {
        return refuse(abi::Error::IllegalOperation);
    }
    return maintain(invocation, decode_range(invocation, parameters), arch::Cache::invalidate);
}

struct MapTablePlan {
    Slot& slot;
    vspace::Entry entry;
    Mapping mapping;
};

auto map_table(Invocation const& invocation, invocation::page_table::Map const& parameters)
    -> Decoded<MapTablePlan> {
    constexpr std::uint64_t kVSpaceParameter = 1;
    base::VirtAddr const address{parameters.address};
    auto const* const target =
        TRY(find_argument(invocation, parameters.vspace, kVSpaceParameter, ObjectType::VSpace));
    auto& space = target->capability().object<VSpace>();
    if (!vspace::is_user(space, address, base::kPageBits)) {
        return not_user(space);
    }
    if (vspace::find_table(invocation.capability()).space != nullptr) {
        return refuse(abi::Error::IllegalOperation);
    }
    // Another capability that remembers an old place of the table would not undo the new one.
    if (!derivation::is_final(invocation.slot)) {
        return refuse(abi::Error::RevokeFirst);
    }
    auto const entry = vspace::walk(space, address, vspace::kLastLevel);
    if (!entry.empty() || entry.level == vspace::kLastLevel) {
        return refuse(abi::Error::DeleteFirst);
    }
    auto const start = address.align_down(Format::shift(entry.level));
    return MapTablePlan{invocation.slot, entry, Mapping::make(space.serial(), start)};
}

auto commit(MapTablePlan const& plan) noexcept -> Completion {
    auto const capability = plan.slot.capability();
    // It was part of an address space that is gone, and still holds what was mapped there.
    if (capability.data() != 0) {
        vspace::clear_table(capability);
    }
    Format::store(plan.entry.place, Format::table(arch::Memory::physical(capability.address())));
    plan.slot.set_capability(capability.with_data(plan.mapping.data()));
    return Completion::Done;
}

auto unmap_table(Invocation const& invocation) -> Outcome {
    auto const capability = invocation.capability();
    if (!derivation::is_final(invocation.slot)) {
        return refuse(abi::Error::RevokeFirst);
    }
    vspace::unmap_table(capability);
    // Its memory may still be full of entries when its place was history.
    if (capability.data() != 0) {
        vspace::clear_table(capability);
    }
    invocation.slot.set_capability(capability.with_data(0));
    return Completion::Done;
}

auto probe(Invocation const& invocation, invocation::vspace::Probe const& parameters) -> Outcome {
    base::VirtAddr const address{parameters.address};
    auto& space = invocation.capability().object<VSpace>();
    if (!vspace::is_user(space, address, base::kPageBits)) {
        return not_user(space);
    }
    auto const entry = vspace::walk(space, address, vspace::kLastLevel);
    auto const is_missing = entry.level < vspace::kLastLevel && entry.empty();
    auto const missing = is_missing ? vspace::missing_level(space, entry) : 0;
    return invocation.answer(
        invocation::vspace::ProbeResult{.missing_level = static_cast<std::uint8_t>(missing)});
}

} // namespace

auto invoke_frame(Invocation const& invocation) -> Outcome {
    namespace method = invocation::frame;
    // What is done most comes first, and saves no registers but its own.
    if (invocation.tag.label() == method::Map::kLabel) [[likely]] {
        return invoke_map(invocation);
    }
    switch (invocation.tag.label()) {
    case method::Unmap::kLabel: return unmap_frame(invocation);
    case method::Info::kLabel: return info(invocation);
    case method::Clean::kLabel: return perform<method::Clean>(invocation, clean);
    case method::Invalidate::kLabel: return perform<method::Invalidate>(invocation, invalidate);
    case method::CleanInvalidate::kLabel:
        return perform<method::CleanInvalidate>(invocation, clean_invalidate);
    case method::Unify::kLabel: return perform<method::Unify>(invocation, unify);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

auto invoke_page_table(Invocation const& invocation) -> Outcome {
    namespace method = invocation::page_table;
    switch (invocation.tag.label()) {
    case method::Map::kLabel: return perform<method::Map>(invocation, map_table);
    case method::Unmap::kLabel: return unmap_table(invocation);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

auto invoke_vspace(Invocation const& invocation) -> Outcome {
    namespace method = invocation::vspace;
    switch (invocation.tag.label()) {
    case method::Probe::kLabel: return perform<method::Probe>(invocation, probe);
    default: return refuse(abi::Error::IllegalOperation);
    }
}

} // namespace kernel
