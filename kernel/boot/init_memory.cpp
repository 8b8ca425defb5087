// SPDX-License-Identifier: MIT
/// Mapping init and its files, and turning the rest of memory into untypeds.
#include "kernel/boot/init_memory.hpp"

#include "base/bits.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/cap/views.hpp"

#include <algorithm>

namespace kernel::boot {

namespace {

/// Slots that init finds empty, at least.
constexpr std::uint64_t kFreeSlots = 4096;
constexpr unsigned kMinRadix = 13;
/// Entries of the BootInfo page that are for RAM, at most; the others are for devices.
constexpr std::size_t kMostRam = 96;

auto page_count(std::uint64_t bytes) -> std::uint64_t {
    return base::align_up(bytes, base::kPageBits) >> base::kPageBits;
}

/// Maps a segment where it lies in the image; pages beyond the file's part are fresh.
void map_segment(InitSpace& space, BootMemory& memory, Segment const& segment, base::PhysAddr location) {
    base::VirtAddr const begin{segment.address};
    space.make_tables(begin, segment.memory_size);
    auto const rights = static_cast<std::uint8_t>(segment.rights);
    std::uint64_t const size = base::align_up(segment.memory_size, base::kPageBits);
    for (std::uint64_t offset = 0; offset < size; offset += base::kPageSize) {
        bool const in_file = offset < segment.file_size;
        base::PhysAddr const page = in_file ? location + offset : memory.allocate(base::kPageBits);
        space.add(space.map(page, begin + offset, rights));
    }
    // Its instructions came through the data cache, if not from a device.
    std::uint64_t const address = arch::Memory::kernel_address(location);
    if ((rights & abi::rights::kExecute) != 0) {
        arch::Cache::unify({address, address + segment.file_size});
    }
}

void map_stack(InitSpace& space, BootMemory& memory) {
    base::VirtAddr const begin{abi::kInitStackTop - abi::kInitStackSize};
    space.make_tables(begin, abi::kInitStackSize);
    for (std::uint64_t offset = 0; offset < abi::kInitStackSize; offset += base::kPageSize) {
        constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
        space.add(space.map(memory.allocate(base::kPageBits), begin + offset, kReadWrite));
    }
}

auto map_initfs(InitSpace& space, drivers::Range initfs) -> abi::SlotRange {
    abi::CPtr const first = space.next_slot();
    for (std::uint64_t offset = 0; offset < initfs.size; offset += base::kPageSize) {
        space.add(space.map(base::PhysAddr{initfs.base + offset},
                            base::VirtAddr{abi::kInitfsAddress + offset}, abi::rights::kRead));
    }
    return {first, space.next_slot()};
}

/// The registers that user code may have, and the device tree, which is nobody's working memory.
auto device_ranges(drivers::Range device_tree) -> RangeSet {
    RangeSet devices;
    for (drivers::Range const range : board::kDevices) {
        devices.add(page_aligned(range));
    }
    devices.add(page_aligned(device_tree));
    // Whoever drives the interrupt controller has the machine: that is the kernel alone.
    devices.subtract(page_aligned({board::kInterrupts.first, 1}));
    devices.subtract(page_aligned({board::kInterrupts.second, 1}));
    return devices;
}

enum class MemoryType : std::uint8_t { Ram, Device };

/// Hands out all of `ranges` as untyped memory, in blocks as large as their place allows. Where they would be
/// too many for the page that tells them, the smallest are left out.
void add_untyped(InitSpace& space, abi::BootInfo& info, RangeSet& ranges, MemoryType type) {
    bool const device = type == MemoryType::Device;
    // Of devices there is nothing too small, and the board file has few of them.
    std::size_t const most = device ? abi::BootInfo::kMaxUntyped - info.untyped_count : kMostRam;
    unsigned const bits = ranges.bits_for(most, base::kPageBits, abi::kMaxUntypedBits);
    while (auto const block = ranges.take_first(bits, abi::kMaxUntypedBits)) {
        info.untyped[info.untyped_count++] = {block->address.value(),
                                              space.next_slot(),
                                              static_cast<std::uint8_t>(block->bits),
                                              static_cast<std::uint8_t>(device),
                                              {}};
        space.add(UntypedView::make(arch::Memory::kernel_address(block->address), block->bits, device));
    }
}

} // namespace

auto cnode_radix(PayloadView const& payload) -> unsigned {
    // Page tables: one for each block of 2 MiB at most, and a few on the way.
    constexpr std::uint64_t kTables = 32;
    std::uint64_t pages = page_count(payload.initfs().size) + page_count(abi::kInitStackSize);
    for (Segment const& segment : payload.segments()) {
        pages += page_count(segment.memory_size);
    }
    std::uint64_t const tables = kTables + (pages >> 9U);
    return std::max(kMinRadix, base::log2_ceiling(pages + tables + abi::BootInfo::kMaxUntyped + kFreeSlots));
}

void map_init(InitSpace& space, BootMemory& memory, PayloadView const& payload, abi::BootInfo& info) {
    info.image_frames.first = space.next_slot();
    for (Segment const& segment : payload.segments()) {
        map_segment(space, memory, segment, payload.location(segment));
    }
    map_stack(space, memory);
    // All tables before the initfs, so that its frames are one range of slots.
    drivers::Range const initfs = payload.initfs();
    space.make_tables(base::VirtAddr{abi::kInitfsAddress}, initfs.size);
    info.image_frames.end = space.next_slot();
    info.initfs_frames = map_initfs(space, initfs);
    info.initfs_address = abi::kInitfsAddress;
    info.initfs_size = initfs.size;
}

void hand_out_memory(InitSpace& space, MemoryMap& map, abi::BootInfo& info) {
    add_untyped(space, info, map.free, MemoryType::Ram);
    RangeSet devices = device_ranges(map.device_tree);
    add_untyped(space, info, devices, MemoryType::Device);
}

} // namespace kernel::boot
