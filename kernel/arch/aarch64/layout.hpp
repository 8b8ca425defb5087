// SPDX-License-Identifier: MIT
/// Where things are in the kernel's half of the address space (TTBR1, 39 bits, 4 KiB pages).
///
/// ```
/// FFFF'FF80'0000'0000  all RAM, at physical address + this; never executable; the kernel's own text and
///                      constants are read-only here too
/// FFFF'FFFF'C000'0000  the kernel image (kernel.ld), 4 KiB pages: text RX, constants R, data RW
/// FFFF'FFFF'C020'0000  registers of the devices the kernel keeps, a page each
/// ```
#pragma once

#include <cstdint>

namespace kernel::arch {

inline constexpr std::uint64_t kPhysicalMapBase = 0xFFFF'FF80'0000'0000;
/// Physical addresses below this have a kernel address.
inline constexpr std::uint64_t kPhysicalMapSize = std::uint64_t{1} << 38U;
inline constexpr std::uint64_t kImageBase = 0xFFFF'FFFF'C000'0000;
inline constexpr std::uint64_t kDeviceBase = 0xFFFF'FFFF'C020'0000;

inline constexpr unsigned kGigabyteBits = 30; ///< what an entry of a root table covers
inline constexpr std::size_t kTableEntries = 512;

inline constexpr unsigned kKernelAddressBits = 39;

/// Index of `address` in a table whose entries cover 2^`shift` bytes.
constexpr auto table_index(std::uint64_t address, unsigned shift) -> std::size_t {
    return (address >> shift) % kTableEntries;
}

} // namespace kernel::arch
