// SPDX-License-Identifier: MIT
/// Finding what the composer appended to the kernel, and believing nothing of it unchecked.
#pragma once

#include "base/address.hpp"
#include "kernel/boot/payload.hpp"
#include "kernel/drivers/facts.hpp"

#include <span>

namespace kernel::boot {

/// Physical memory that kernel and payload lie in. Panics if the image has no payload.
[[nodiscard]] auto image_extent() -> drivers::Range;

/// The payload of the image at `image`, which has a kernel address by now.
class PayloadView {
public:
    /// Panics if the payload is damaged: after this, every segment and the initfs lie within the payload.
    explicit PayloadView(drivers::Range image);

    /// How many cores the composition asks for.
    [[nodiscard]] auto core_count() const -> std::uint64_t { return header_->core_count; }
    [[nodiscard]] auto entry() const -> base::VirtAddr { return base::VirtAddr{header_->entry}; }
    [[nodiscard]] auto segments() const -> std::span<Segment const> {
        return std::span{header_->segments}.first(header_->segment_count);
    }
    /// Where the bytes of a segment are; page aligned.
    [[nodiscard]] auto location(Segment const& segment) const -> base::PhysAddr {
        return start_ + segment.offset;
    }
    [[nodiscard]] auto initfs() const -> drivers::Range {
        return {(start_ + header_->initfs_offset).value(), header_->initfs_size};
    }

private:
    base::PhysAddr start_;
    Payload const* header_;
};

} // namespace kernel::boot
