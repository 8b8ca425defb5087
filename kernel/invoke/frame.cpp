// SPDX-License-Identifier: MIT
/// The invocations of frames, but for those that are about caches.
#include "base/result.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/object/vspace.hpp"

#include "generated/kernel/frame.hpp"

namespace kernel {
namespace {

using abi::ObjectType;
using arch::MemoryKind;
using Format = arch::PageTableFormat;

struct MapFramePlan {
    Slot& slot;
    VSpace& space;
    std::uint64_t* place{}; ///< the entry
    std::uint64_t leaf{};   ///< what goes there
    Mapping mapping{0};
    bool replaces{}; ///< the frame is there already
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

/// Another core that uses the page meanwhile notices nothing, unless the kind of memory changes: then it may
/// find the page missing.
[[gnu::cold]] void replace(VSpace& space, base::VirtAddr address, std::uint64_t* place, std::uint64_t leaf) {
    if (!Format::may_replace(*place, leaf)) {
        Format::store(place, 0);
        arch::Mmu::invalidate_page(space.space, address);
    }
    Format::store(place, leaf);
    arch::Mmu::invalidate_page(space.space, address);
}

auto commit(MapFramePlan const& plan) noexcept -> Completion {
    if (plan.replaces) {
        replace(plan.space, plan.mapping.address(), plan.place, plan.leaf);
    } else {
        Format::store(plan.place, plan.leaf);
    }
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
        return out_of_range(0, vspace::last_address(space, frame.size_bits()));
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
    default: return invoke_frame_cache(invocation);
    }
}

} // namespace kernel
