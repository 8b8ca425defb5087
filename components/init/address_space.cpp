// SPDX-License-Identifier: MIT
/// Mapping and filling pages.
#include "components/init/address_space.hpp"

#include "base/address.hpp"
#include "base/result.hpp"
#include "generated/object/frame.hpp"
#include "generated/object/page_table.hpp"
#include "os/startup_info.hpp"

#include <algorithm>
#include <cstring>

namespace init {
namespace {

/// Where init sees a page while it fills it.
constexpr std::uint64_t kFillAddress = os::kScratchAddress;
constexpr unsigned kTableLevels = 2;

} // namespace

auto AddressSpace::map(abi::CPtr frame, Placement const& where) -> Result<> {
    for (unsigned made = 0;; ++made) {
        auto const mapped = os::object::Frame{frame}.map(
            where.rights, static_cast<std::uint8_t>(where.caching), vspace_, where.address);
        if (mapped.has_value()) {
            return {};
        }
        if (mapped.error() != abi::Error::FailedLookup || made == kTableLevels) {
            return std::unexpected{Failure{"mapping a page", mapped.error()}};
        }
        abi::CPtr const table = TRY(objects_->make(owner_, abi::ObjectType::PageTable));
        TRY(naming("mapping a page table", os::object::PageTable{table}.map(vspace_, where.address)));
    }
}

auto AddressSpace::map_copy(abi::CPtr frame, Placement const& where) -> Result<> {
    abi::CPtr const copy = TRY(objects_->take_work_slots(1));
    TRY(naming("copying a frame",
               kRoot.copy(kDepth, kDepth, abi::rights::kAll, copy, kRoot.capability(), frame)));
    TRY(map(copy, where));
    return objects_->put_away(owner_, copy);
}

auto AddressSpace::load(elf::Segment const& segment) -> Result<> {
    for (std::uint64_t index = 0; index < segment.page_count;) {
        auto const count =
            static_cast<std::uint16_t>(std::min<std::uint64_t>(kBatch, segment.page_count - index));
        abi::CPtr const first = TRY(objects_->take_work_slots(count));
        TRY(objects_->make_in(first, owner_, abi::ObjectType::Frame, abi::kSmallFrameBits, count));
        for (abi::CPtr frame = first; frame < first + count; ++frame, ++index) {
            std::uint64_t const page = segment.first_page + index * base::kPageSize;
            TRY(fill(frame, page, segment));
            TRY(map(frame, {page, segment.rights}));
            TRY(objects_->put_away(owner_, frame));
        }
    }
    return {};
}

/// Copies the part of the segment's data that lies in `page`; the rest of a new frame is zero.
auto AddressSpace::fill(abi::CPtr frame, std::uint64_t page, elf::Segment const& segment) -> Result<> {
    std::uint64_t const begin = std::max(page, segment.address);
    std::uint64_t const end = std::min(page + base::kPageSize, segment.address + segment.data.size());
    if (begin >= end) {
        return {};
    }
    os::object::Frame const handle{frame};
    AddressSpace own{*objects_, kCommon, abi::init_slot::kVSpace};
    TRY(own.map(frame, {kFillAddress, abi::rights::kRead | abi::rights::kWrite}));
    // The kernel has mapped the page there, so it is memory that nothing else in init refers to.
    auto* const target = reinterpret_cast<std::byte*>(kFillAddress);
    std::memcpy(target + (begin - page), segment.data.data() + (begin - segment.address), end - begin);
    if ((segment.rights & abi::rights::kExecute) != 0) {
        TRY(naming("preparing code", handle.unify(0, base::kPageSize)));
    }
    return naming("unmapping a page", handle.unmap());
}

} // namespace init
