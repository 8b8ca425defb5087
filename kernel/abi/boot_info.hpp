// SPDX-License-Identifier: MIT
/// What the kernel tells the first thread, in a page mapped read-only at `kBootInfoAddress`.
#pragma once

#include "kernel/abi/message.hpp"

#include <array>
#include <cstdint>

namespace abi {

/// Where the kernel puts things in init's CSpace. Slots from `BootInfo::free_slots.first` on are empty.
namespace init_slot {
inline constexpr CPtr kTcb = 1;
inline constexpr CPtr kCNode = 2;
inline constexpr CPtr kVSpace = 3;
inline constexpr CPtr kSchedContext = 4;
inline constexpr CPtr kIrqControl = 5;
inline constexpr CPtr kDebugConsole = 6;
inline constexpr CPtr kBootInfoFrame = 7;
inline constexpr CPtr kFirstCoreControl = 8; ///< one for each core, at most eight
inline constexpr CPtr kFirstFree = 16;
} // namespace init_slot

/// Init's address space: its image where its ELF file says, these pages, and a stack of `kInitStackSize`
/// bytes that ends at `kInitStackTop`. The initfs is mapped read-only from `kInitfsAddress` on.
inline constexpr std::uint64_t kBootInfoAddress = 0x0010'0000;
inline constexpr std::uint64_t kInitStackTop = 0x20'0000'0000;
inline constexpr std::uint64_t kInitStackSize = 0x1'0000;
inline constexpr std::uint64_t kInitfsAddress = 0x30'0000'0000;

/// Slots `first` up to and not including `end`.
struct SlotRange {
    CPtr first;
    CPtr end;
};

struct UntypedDescription {
    std::uint64_t physical_address;
    CPtr slot;
    std::uint8_t size_bits;
    std::uint8_t is_device; ///< 1: memory-mapped registers, only frames and untypeds can be made of it
    std::array<std::uint8_t, 6> padding;
};
static_assert(sizeof(UntypedDescription) == 24);

struct BootInfo {
    static constexpr std::uint64_t kMagic = 0x544F'4F42'4E52'4154; ///< "TARNBOOT", little endian
    static constexpr std::uint32_t kVersion = 1;
    static constexpr std::size_t kMaxUntyped = 128;

    std::uint64_t magic;
    std::uint32_t version;
    std::uint32_t core_count;
    std::array<char, 32> board;    ///< name of the board file, zero-terminated
    std::uint64_t timer_frequency; ///< ticks a second of the counter that user code can read
    std::uint64_t initfs_address;
    std::uint64_t initfs_size; ///< bytes
    SlotRange initfs_frames;
    SlotRange image_frames; ///< init's own segments, its stack and the page tables
    SlotRange free_slots;
    std::uint64_t device_tree_physical; ///< 0 when the board has none
    std::uint64_t device_tree_size;     ///< bytes
    std::uint64_t entry_ticks;          ///< what the counter stood at when the kernel began; 0: not known
    std::uint64_t untyped_count;
    std::array<UntypedDescription, kMaxUntyped>
        untyped; ///< sorted by address; device entries follow the others
};
static_assert(sizeof(BootInfo) <= 4096);

} // namespace abi
