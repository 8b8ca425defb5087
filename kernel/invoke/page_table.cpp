// SPDX-License-Identifier: MIT
/// The invocations of page tables and address spaces.
#include "base/result.hpp"
#include "kernel/cap/derivation.hpp"
#include "kernel/invoke/invocation.hpp"
#include "kernel/object/vspace.hpp"

#include "generated/kernel/page_table.hpp"
#include "generated/kernel/vspace.hpp"

namespace kernel {
namespace {

using Format = arch::PageTableFormat;

/// RangeError: a page at `address` would not be the user's.
auto check_page(VSpace const& space, base::VirtAddr address) -> Decoded<base::VirtAddr> {
    if (!vspace::is_user(space, address, base::kPageBits)) {
        return out_of_range(0, vspace::last_address(space, base::kPageBits));
    }
    return address;
}

struct MapTablePlan {
    Slot& slot;
    vspace::Entry entry;
    Mapping mapping;
};

auto map_table(Invocation const& invocation, invocation::page_table::Map const& parameters)
    -> Decoded<MapTablePlan> {
    constexpr std::uint64_t kVSpaceParameter = 1;
    auto const* const target =
        TRY(find_argument(invocation, parameters.vspace, kVSpaceParameter, abi::ObjectType::VSpace));
    auto& space = target->capability().object<VSpace>();
    auto const address = TRY(check_page(space, base::VirtAddr{parameters.address}));
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
    auto& space = invocation.capability().object<VSpace>();
    auto const address = TRY(check_page(space, base::VirtAddr{parameters.address}));
    auto const entry = vspace::walk(space, address, vspace::kLastLevel);
    auto const is_missing = entry.level < vspace::kLastLevel && entry.empty();
    auto const missing = is_missing ? vspace::missing_level(space, entry) : 0;
    return invocation.answer(
        invocation::vspace::ProbeResult{.missing_level = static_cast<std::uint8_t>(missing)});
}

} // namespace

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
