// SPDX-License-Identifier: MIT
#include "kernel/object/vspace.hpp"

namespace kernel::vspace {
namespace {

using Format = arch::PageTableFormat;

/// Finds address spaces by their serial number, so that a stale mapping is never followed. Its buckets are
/// lists: how long they get is bounded by the memory that their owners paid for.
struct Registry {
    static constexpr std::size_t kBuckets = 128;

    std::array<VSpace*, kBuckets> buckets;
    std::uint64_t last_serial;
    bool begun_anew; ///< all numbers have been given once

    [[nodiscard]] auto bucket(std::uint64_t serial) -> VSpace*& { return buckets[serial % kBuckets]; }
};

constinit Registry registry{};

} // namespace

auto unused_serial(std::uint64_t last) -> std::uint64_t {
    do {
        last = last < Mapping::kMaxSerial ? last + 1 : 1;
    } while (find(Mapping{last}) != nullptr);
    return last;
}

void create(VSpace& space, std::uint8_t extra_bits) {
    // Until all numbers have been given once nobody has the next one, and nothing has to be looked for.
    auto const serial = registry.begun_anew ? unused_serial(registry.last_serial) : registry.last_serial + 1;
    registry.begun_anew = registry.begun_anew || serial == Mapping::kMaxSerial;
    registry.last_serial = serial;
    space.doubled_serial = serial * 2;
    auto& bucket = registry.bucket(serial);
    space.next = bucket;
    bucket = &space;
    arch::Mmu::create(space.space, arch::Memory::physical(space.root()), extra_bits);
}

void destroy(VSpace& space) {
    auto* link = &registry.bucket(space.serial());
    while (*link != &space) {
        link = &(*link)->next;
    }
    *link = space.next;
    arch::Mmu::destroy(space.space);
}

auto find(Mapping mapping) -> VSpace* {
    auto* space = registry.bucket(mapping.serial());
    while (space != nullptr && space->serial() != mapping.serial()) {
        space = space->next;
    }
    return space;
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
    for (auto level = space->space.first_level(); level < kLastLevel; ++level) {
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
