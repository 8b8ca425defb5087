// SPDX-License-Identifier: MIT
/// What the composer appends to the kernel: init, ready to map, and the initfs (codegen/system/image.py).
///
/// ```
/// +--------------+ 0   kernel.bin, first the architecture's image header
/// | ImageHeader  | 64  the composer fills in where the payload is
/// |    ...       |
/// +--------------+ ImageHeader::payload_offset, page aligned
/// | Payload      |
/// | segments     |     each page aligned
/// | initfs       |     page aligned, a cpio archive (newc)
/// +--------------+
/// ```
/// So the kernel needs to know neither ELF nor cpio.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace kernel::boot {

inline constexpr std::uint64_t kImageHeaderOffset = 64;

struct ImageHeader {
    static constexpr std::uint64_t kMagic = 0x4547'414D'494E'5254; ///< the bytes "TRNIMAGE"

    std::uint64_t magic;
    std::uint64_t payload_offset; ///< from the start of the image; 0 in a kernel without payload
    std::uint64_t payload_size;   ///< bytes, a multiple of the page size
};

struct Segment {
    std::uint64_t address; ///< where init wants it, page aligned
    std::uint64_t memory_size;
    std::uint64_t offset; ///< from the start of the payload, page aligned
    std::uint64_t file_size;
    std::uint64_t rights; ///< abi::rights: read, write, execute
};

struct Payload {
    static constexpr std::uint64_t kMagic = 0x4C59'4150'4E52'4154; ///< the bytes "TARNPAYL"
    static constexpr std::size_t kMaxSegments = 4;

    std::uint64_t magic;
    std::uint32_t version; ///< 1
    std::uint32_t segment_count;
    std::uint64_t entry;
    std::uint64_t initfs_offset; ///< from the start of the payload, page aligned
    std::uint64_t initfs_size;   ///< bytes
    std::uint64_t core_count;    ///< how many cores the composition asks for
    std::array<Segment, kMaxSegments> segments;
};
static_assert(sizeof(Payload) == 48 + 4 * 40);

} // namespace kernel::boot
