// SPDX-License-Identifier: MIT
/// From the device tree, or the board's facts, to ranges of free RAM.
#include "kernel/boot/memory_map.hpp"

#include "base/bits.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/boot.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/boot/device_tree.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace kernel::boot {

namespace {

/// No device tree is larger; QEMU's has 1 MiB.
constexpr std::uint64_t kMaxDeviceTree = 0x20'0000;

/// Bytes of RAM at `range`, which is mapped already.
auto bytes_at(drivers::Range range) -> std::span<std::byte const> {
    auto const address = arch::Memory::kernel_address(base::PhysAddr{range.base});
    // All RAM is mapped at a fixed distance.
    return {reinterpret_cast<std::byte const*>(address), range.size};
}

/// The device tree at `address`, mapped; nothing if there cannot be one.
auto find_device_tree(base::PhysAddr address) -> std::optional<drivers::Range> {
    constexpr unsigned kAlignment = 3;
    if (!board::kHasDeviceTree || !address.aligned(kAlignment)) {
        return std::nullopt;
    }
    for (drivers::Range const ram : board::kMemory) {
        if (address.value() < ram.base ||
            !base::fits(address.value() - ram.base, DeviceTree::kHeaderSize, ram.size)) {
            continue;
        }
        std::uint64_t const room = std::min(kMaxDeviceTree, ram.base + ram.size - address.value());
        base::PhysAddr const end = (address + room).align_up(arch::kMemoryBlockBits);
        if (arch::map_memory(address.align_down(arch::kMemoryBlockBits), end) < end) {
            return std::nullopt;
        }
        std::uint64_t const size =
            DeviceTree::stated_size(bytes_at({address.value(), DeviceTree::kHeaderSize}));
        if (size != 0 && size <= room) {
            return drivers::Range{address.value(), size};
        }
    }
    return std::nullopt;
}

auto overlaps(RangeSet const& set, drivers::Range range) -> bool {
    return std::ranges::any_of(set.ranges(), [range](drivers::Range const& other) {
        return other.base < range.base + range.size && range.base < other.base + other.size;
    });
}

/// What is in the tree, unless it leaves out the memory that the kernel itself is in. Then the board's facts
/// hold, and that is said.
auto read_tree(std::optional<drivers::Range> device_tree, drivers::Range image) -> TreeContents {
    TreeContents facts{};
    if (device_tree.has_value()) {
        auto const stated = DeviceTree{bytes_at(*device_tree)}.contents();
        if (stated.has_value() && overlaps(stated->memory, image)) {
            return *stated;
        }
        std::string_view const note = "kernel: the device tree makes no sense, the board file holds\n";
        std::ranges::for_each(note, arch::Console::put);
    }
    for (drivers::Range const range : board::kMemory) {
        facts.memory.add(range);
    }
    return facts;
}

} // namespace

auto map_memory(base::PhysAddr device_tree, drivers::Range image) -> MemoryMap {
    auto const tree = find_device_tree(device_tree);
    TreeContents const contents = read_tree(tree, image);
    MemoryMap map{{}, image, tree.value_or(drivers::Range{}), contents.processors};
    for (drivers::Range const range : contents.memory.ranges()) {
        base::PhysAddr const begin = base::PhysAddr{range.base}.align_up(arch::kMemoryBlockBits);
        base::PhysAddr const end = arch::map_memory(begin, base::PhysAddr{range.base + range.size});
        if (begin < end) {
            map.free.add({begin.value(), end - begin});
        }
    }
    map.free.subtract(page_aligned(image));
    map.free.subtract(page_aligned(map.device_tree));
    for (drivers::Range const range : board::kReserved) {
        map.free.subtract(page_aligned(range));
    }
    return map;
}

} // namespace kernel::boot
