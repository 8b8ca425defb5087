// SPDX-License-Identifier: MIT
/// The checks on image header and payload.
#include "kernel/boot/payload_view.hpp"

#include "base/bits.hpp"
#include "kernel/abi/object.hpp"
#include "kernel/arch/boot.hpp"
#include "kernel/arch/contract.hpp"
#include "kernel/arch/panic.hpp"

#include <algorithm>
#include <cstddef>

namespace kernel::boot {

namespace {

auto page_aligned_offset(std::uint64_t value) -> bool {
    return base::align_down(value, base::kPageBits) == value;
}

auto image_header() -> ImageHeader const& {
    // Part of the image, put there by the architecture's head file.
    return *reinterpret_cast<ImageHeader const*>(arch::image_address() + kImageHeaderOffset);
}

auto plausible(Segment const& segment, std::uint64_t payload_size) -> bool {
    return page_aligned_offset(segment.address) && page_aligned_offset(segment.offset) &&
           base::fits(segment.offset, segment.file_size, payload_size) &&
           segment.file_size <= segment.memory_size &&
           base::fits(segment.address, segment.memory_size, base::power_of_two(abi::kUserAddressBits));
}

} // namespace

auto image_extent() -> drivers::Range {
    auto const& header = image_header();
    bool const plausible_header =
        header.magic == ImageHeader::kMagic && page_aligned_offset(header.payload_offset) &&
        header.payload_offset >= arch::image_size() && header.payload_size >= sizeof(Payload) &&
        header.payload_offset < ~header.payload_size;
    if (!plausible_header) {
        panic("the kernel image has no payload");
    }
    return {arch::image_start().value(), header.payload_offset + header.payload_size};
}

// The composer laid it out as payload.hpp says; RAM is mapped at a fixed distance.
PayloadView::PayloadView(drivers::Range image)
    : start_{base::PhysAddr{image.base} + image_header().payload_offset},
      header_{reinterpret_cast<Payload const*>(arch::Memory::kernel_address(start_))} {
    constexpr std::uint32_t kVersion = 1;
    std::uint64_t const size = image_header().payload_size;
    bool const plausible_payload =
        header_->magic == Payload::kMagic && header_->version == kVersion &&
        header_->segment_count <= Payload::kMaxSegments && page_aligned_offset(header_->initfs_offset) &&
        base::fits(header_->initfs_offset, header_->initfs_size, size) &&
        std::ranges::all_of(segments(), [size](Segment const& segment) { return plausible(segment, size); });
    if (!plausible_payload) {
        panic("the payload is damaged");
    }
}

} // namespace kernel::boot
