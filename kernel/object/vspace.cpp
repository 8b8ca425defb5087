// SPDX-License-Identifier: MIT
#include "kernel/object/vspace.hpp"

namespace kernel::vspace {
namespace {

using Format = arch::PageTableFormat;

/// Finds address spaces by their physical page, so that a stale mapping is never followed. Its buckets are
/// lists: how long they get is bounded by the memory that their owners paid for.
struct Registry {
    static constexpr std::size_t kBuckets = 128;

    std::array<VSpace*, kBuckets> buckets;
    std::uint64_t next_serial;

    [[nodiscard]] auto bucket(std::uint64_t kernel_address) -> VSpace*& {
        return buckets[(kernel_address >> base::kPageBits) % kBuckets];
    }
};

constinit Registry registry{};

} // namespace

void create(VSpace& space) {
    // Mappings keep the serial number modulo 2^10 and need one that is not 0 there.
    do {
        ++registry.next_serial;
    } while ((registry.next_serial & Mapping::Serial::kMax) == 0);
    space.doubled_serial = registry.next_serial * 2;
    auto& bucket = registry.bucket(space.root());
    space.next = bucket;
    bucket = &space;
    arch::Mmu::create(space.space, arch::Memory::physical(space.root()));
}

void destroy(VSpace& space) {
    auto* link = &registry.bucket(space.root());
    while (*link != &space) {
        link = &(*link)->next;
    }
    *link = space.next;
    arch::Mmu::destroy(space.space);
}

auto find(Mapping mapping) -> VSpace* {
    if (!mapping.mapped()) {
        return nullptr;
    }
    auto const root = arch::Memory::kernel_address(mapping.space());
    auto* space = registry.bucket(root);
    while (space != nullptr && space->root() != root) {
        space = space->next;
    }
    auto const same = space != nullptr && (space->serial() & Mapping::Serial::kMax) == mapping.serial();
    return same ? space : nullptr;
}

auto find_frame(FrameView frame) -> Place {
    auto* const space = find(frame.mapping());
    if (space == nullptr) {
        return {};
    }
    auto const level = level_of(frame.size_bits());
    auto const entry = walk(*space, frame.mapping().address(), level);
    auto const there = entry.level == level && !entry.is_table() && entry.leads_to(frame.address());
    return there ? Place{space, entry} : Place{};
}

auto find_table(Capability table) -> Place {
    Mapping const mapping{table.data()};
    auto* const space = find(mapping);
    if (space == nullptr) {
        return {};
    }
    for (unsigned level = 0; level < kLastLevel; ++level) {
        auto const entry = walk(*space, mapping.address(), level);
        if (entry.level < level) {
            break;
        }
        if (entry.is_table() && entry.leads_to(table.address())) {
            return {space, entry};
        }
    }
    return {};
}

void unmap_frame(FrameView frame) {
    auto const place = find_frame(frame);
    if (place.space == nullptr) {
        return;
    }
    Format::store(place.entry.place, 0);
    arch::Mmu::invalidate_page(place.space->space, frame.mapping().address());
}

void unmap_table(Capability table) {
    auto const place = find_table(table);
    if (place.space == nullptr) {
        return;
    }
    Format::store(place.entry.place, 0);
    arch::Mmu::invalidate_all(place.space->space);
}

void clear_table(Capability table) {
    arch::Memory::clear({table.address(), table.address() + base::power_of_two(abi::kPageTableBits)});
}

} // namespace kernel::vspace
