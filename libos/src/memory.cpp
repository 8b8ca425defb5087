// SPDX-License-Identifier: MIT
/// Slots, objects and mappings, as components ask for them.
#include "os/memory.hpp"

#include "base/assert.hpp"
#include "base/atomic_bitmap.hpp"
#include "base/result.hpp"
#include "heap_region.hpp"
#include "memory_manager.hpp"
#include "resources.hpp"

#include <utility>

namespace os {
namespace {

/// Pages of scratch address space that `Mapping` may take.
constexpr std::size_t kScratchPages = 16384;

constinit base::AtomicBitmap<kMaxSlots> slots;
constinit base::AtomicBitmap<kScratchPages> scratch_pages;

/// A mapping has an unmapped page before and one behind it.
constexpr std::size_t kGuardPages = 2;

auto allocate_addresses(std::size_t pages) -> std::expected<base::VirtAddr, abi::Error> {
    auto const first = scratch_pages.take(pages + kGuardPages);
    if (!first) {
        return std::unexpected(abi::Error::RangeError);
    }
    return base::VirtAddr{kScratchAddress + (*first + 1) * base::kPageSize};
}

void free_addresses(base::VirtAddr address, std::size_t pages) {
    auto const first = (address.value() - kScratchAddress) / base::kPageSize - 1;
    scratch_pages.give(first, pages + kGuardPages);
}

} // namespace

void add_free_slots(abi::SlotRange range) {
    auto const end = range.end < kMaxSlots ? range.end : kMaxSlots;
    if (range.first < end) {
        slots.give(range.first, end - range.first);
    }
    scratch_pages.give(0, kScratchPages);
}

auto allocate_slot(std::size_t count) -> std::expected<abi::CPtr, abi::Error> {
    auto const first = slots.take(count);
    if (!first) {
        return std::unexpected(abi::Error::RangeError);
    }
    return *first;
}

void free_slot(abi::CPtr first, std::size_t count) { slots.give(first, count); }

auto free_slots() -> std::size_t { return slots.free_count(); }

void delete_capability(abi::CPtr slot) {
    // An empty slot is fine, and the component's own CNode cannot be missing.
    (void)object::CNode{slot::kCNode}.delete_(kSlotDepth, slot);
}

auto make_objects(abi::ObjectType type, unsigned size_bits, std::size_t count)
    -> std::expected<NewObjects, abi::Error> {
    auto const made =
        TRY(ask_memory_manager(MemoryRequest::Make, {static_cast<std::uint64_t>(type), size_bits, count}));
    return NewObjects{made.words[0], static_cast<MemoryBlock>(made.words[1])};
}

void release_memory(MemoryBlock block, std::size_t count) {
    (void)ask_memory_manager(MemoryRequest::Release, {block, count}); // never refused
}

auto add_memory(Cap<object::Untyped> memory, unsigned size_bits) -> std::expected<void, abi::Error> {
    TRY(ask_memory_manager(MemoryRequest::AddMemory, {memory.slot(), size_bits}));
    (void)memory.release(); // the manager's from now on
    return {};
}

auto map_frame(object::Frame frame, base::VirtAddr address, std::uint8_t rights, Caching caching)
    -> std::expected<void, abi::Error> {
    auto const map = [&] {
        return frame.map(rights, static_cast<std::uint8_t>(caching), slot::kVSpace, address.value());
    };
    auto mapped = map();
    // A table of each level below the root can be missing.
    for (int level = 0; level < 2 && !mapped && mapped.error() == abi::Error::FailedLookup; ++level) {
        TRY(ask_memory_manager(MemoryRequest::AddTable, {address.value()}));
        mapped = map();
    }
    return mapped;
}

auto Mapping::allocate(std::size_t size) -> std::expected<Mapping, abi::Error> {
    auto const pages = base::align_up(size, base::kPageBits) / base::kPageSize;
    if (pages == 0 || pages > abi::kMaxRetypeCount) {
        return std::unexpected(abi::Error::InvalidArgument);
    }
    auto const frames = TRY(make_objects(abi::ObjectType::Frame, abi::kSmallFrameBits, pages));
    auto const address = allocate_addresses(pages);
    // From here on the destructor gives back what there is.
    Mapping mapping{address ? *address : base::VirtAddr{}, pages, frames.first_slot, frames.block};
    if (!address) {
        return std::unexpected(address.error());
    }
    TRY(mapping.map_all(abi::rights::kRead | abi::rights::kWrite));
    return mapping;
}

auto Mapping::of(Cap<object::Frame> frame, std::uint8_t rights) -> std::expected<Mapping, abi::Error> {
    auto const address = TRY(allocate_addresses(1));
    Mapping mapping{address, 1, frame.release(), 0};
    TRY(mapping.map_all(rights));
    return mapping;
}

auto Mapping::map_all(std::uint8_t rights) const -> std::expected<void, abi::Error> {
    for (std::size_t page = 0; page < pages_; ++page) {
        TRY(map_frame(frame(page), address_ + page * base::kPageSize, rights));
    }
    return {};
}

Mapping::Mapping(Mapping&& other) noexcept
    : address_{other.address_},
      pages_{std::exchange(other.pages_, 0)},
      first_frame_{other.first_frame_},
      block_{other.block_} {}

auto Mapping::operator=(Mapping&& other) noexcept -> Mapping& {
    if (this != &other) {
        reset();
        address_ = other.address_;
        pages_ = std::exchange(other.pages_, 0);
        first_frame_ = other.first_frame_;
        block_ = other.block_;
    }
    return *this;
}

Mapping::~Mapping() { reset(); }

auto Mapping::bytes() const -> std::span<std::byte> {
    // The pages are mapped there, and nothing else in the program knows the address.
    return {reinterpret_cast<std::byte*>(address_.value()), size()};
}

void Mapping::reset() {
    if (pages_ == 0) {
        return;
    }
    // Deleting the last capability to a frame unmaps it.
    for (std::size_t page = 0; page < pages_; ++page) {
        delete_capability(first_frame_ + page);
    }
    free_slot(first_frame_, pages_);
    if (block_ != 0) {
        release_memory(block_, pages_);
    }
    if (address_ != base::VirtAddr{}) {
        free_addresses(address_, pages_);
    }
    pages_ = 0;
}

auto memory_left() -> MemoryLeft { return {.slots = free_slots(), .heap = heap_region.left()}; }

} // namespace os
