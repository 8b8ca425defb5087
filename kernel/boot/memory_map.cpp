// SPDX-License-Identifier: MIT
/// From the device tree, or the board's facts, to ranges of free RAM.
#include "kernel/boot/memory_map.hpp"

#include "base/bits.hpp"
#include "generated/board_facts.hpp"
#include "kernel/arch/boot.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/panic.hpp"
#include "kernel/boot/device_tree.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace kernel::boot {

namespace {

/// No device tree is larger: QEMU's has 1 MiB, and twice that if it was written to a file and read again.
constexpr std::uint64_t kMaxDeviceTree = 0x40'0000;

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

auto overlap(drivers::Range one, drivers::Range other) -> bool {
    return one.base < other.base + other.size && other.base < one.base + one.size;
}

/// What device trees call an interrupt controller that there is a driver for.
constexpr auto names_of(drivers::InterruptDevice device) -> std::array<std::string_view, 2> {
    switch (device) {
    case drivers::InterruptDevice::GicV2: return {"arm,cortex-a15-gic", "arm,gic-400"};
    case drivers::InterruptDevice::Bcm2836: return {"brcm,bcm2836-l1-intc", {}};
    default: return {"sifive,plic-1.0.0", "riscv,plic0"};
    }
}

/// What is in the tree; nothing if there is none, or if it is damaged.
auto read(std::optional<drivers::Range> device_tree) -> std::optional<TreeContents> {
    if (!device_tree.has_value()) {
        return std::nullopt;
    }
    return DeviceTree{bytes_at(*device_tree)}.contents(
        {.address = board::kInterrupts.first, .names = names_of(board::kInterrupts.device)});
}

/// Nothing makes sense that leaves out the memory which the kernel itself is in.
auto holds(RangeSet const& memory, drivers::Range image) -> bool {
    return std::ranges::any_of(memory.ranges(),
                               [image](drivers::Range range) { return overlap(range, image); });
}

/// All RAM but what firmware keeps. It has a kernel address then.
auto free_memory(TreeContents const& contents) -> RangeSet {
    RangeSet free;
    for (drivers::Range const range : contents.memory.ranges()) {
        drivers::Range const blocks = whole_blocks(range, arch::kMemoryBlockBits);
        base::PhysAddr const begin{blocks.base};
        base::PhysAddr const end = arch::map_memory(begin, begin + blocks.size);
        if (begin < end) {
            free.add({begin.value(), end - begin});
        }
    }
    for (drivers::Range const range : contents.reserved.ranges()) {
        free.subtract(page_aligned(range));
    }
    return free;
}

} // namespace

auto map_memory(base::PhysAddr device_tree, drivers::Range image) -> MemoryMap {
    auto tree = find_device_tree(device_tree);
    bool const is_there = tree.has_value();
    // It is handed out to be read, so nothing of the kernel's may be in it.
    if (is_there && overlap(*tree, image)) {
        tree.reset();
    }
    auto contents = read(tree);
    if (!contents.has_value() || !holds(contents->memory, image)) {
        if (is_there) {
            std::string_view const note = "kernel: the device tree makes no sense, the board file holds\n";
            std::ranges::for_each(note, arch::Console::put);
        }
        contents.emplace();
        contents->has_expected = true;
        for (drivers::Range const range : board::kMemory) {
            contents->memory.add(range);
        }
    }
    // Another one would not be touched without harm, and no interrupt of a device would ever come.
    if (!contents->has_expected) {
        panic("the device tree has no interrupt controller as the board file's");
    }
    MemoryMap map{free_memory(*contents), image, tree.value_or(drivers::Range{}), contents->processors};
    map.free.subtract(page_aligned(image));
    map.free.subtract(page_aligned(map.device_tree));
    for (drivers::Range const range : board::kReserved) {
        map.free.subtract(page_aligned(range));
    }
    return map;
}

} // namespace kernel::boot
