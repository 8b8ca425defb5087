// SPDX-License-Identifier: MIT
#include "kernel/object/vspace.hpp"

namespace kernel::vspace {
namespace {

using Format = arch::PageTableFormat;

/// Finds address spaces by their serial number, so that a stale mapping is never followed.
struct Registry {
    /// A list.
    struct Bucket {
        VSpace* first;
        std::size_t size;
    };

    std::array<Bucket, kBuckets> buckets{};
    std::size_t size{}; ///< of all buckets
    std::uint64_t last_serial{};
    std::uint64_t end_of_new{Mapping::kMaxSerial + 1}; ///< none of the next numbers below it is in use

    [[nodiscard]] auto bucket(std::uint64_t serial) -> Bucket& { return buckets[serial % kBuckets]; }
    /// Is the bucket of this number longer than twice the average? Whoever makes many spaces and keeps those
    /// of one bucket would make that one very long. There are always many that are shorter.
    [[nodiscard]] auto is_full(std::uint64_t serial) -> bool {
        return bucket(serial).size > size / kBuckets * 2;
    }
};

constinit Registry registry{};

} // namespace

auto unused_serial(std::uint64_t last) -> std::uint64_t {
    do {
        last = last < Mapping::kMaxSerial ? last + 1 : 1;
    } while (registry.is_full(last) || find(Mapping{last}) != nullptr);
    return last;
}

void create(VSpace& space, std::uint8_t extra_bits) {
    auto serial = registry.last_serial + 1;
    if (serial >= registry.end_of_new || registry.is_full(serial)) [[unlikely]] {
        serial = unused_serial(registry.last_serial);
        if (serial <= registry.last_serial) {
            registry.end_of_new = 0;
        }
    }
    registry.last_serial = serial;
    space.doubled_serial = serial * 2;
    auto& bucket = registry.bucket(serial);
    space.next = bucket.first;
    bucket.first = &space;
    ++bucket.size;
    ++registry.size;
    arch::Mmu::create(space.space, arch::Memory::physical(space.root()), extra_bits);
}

void destroy(VSpace& space) {
    auto& bucket = registry.bucket(space.serial());
    auto* link = &bucket.first;
    while (*link != &space) {
        link = &(*link)->next;
    }
    *link = space.next;
    --bucket.size;
    --registry.size;
    arch::Mmu::destroy(space.space);
}

auto find(Mapping mapping) -> VSpace* {
    auto* space = registry.bucket(mapping.serial()).first;
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
