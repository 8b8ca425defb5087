// SPDX-License-Identifier: MIT
/// Retyping on behalf of init and of the components it makes.
#include "components/init/objects.hpp"

#include "base/assert.hpp"
#include "base/result.hpp"
#include "generated/object/untyped.hpp"

#include <algorithm>
#include <bit>
#include <optional>

namespace init {
namespace {

using abi::ObjectType;

/// log2 of an object's size in bytes.
auto object_bits(ObjectType type, unsigned size_bits) -> unsigned {
    switch (type) {
    case ObjectType::CNode: return size_bits + abi::kSlotBits;
    case ObjectType::Tcb: return abi::kTcbBits;
    case ObjectType::SchedContext: return abi::kSchedContextBits;
    case ObjectType::Endpoint: return abi::kEndpointBits;
    case ObjectType::Notification: return abi::kNotificationBits;
    case ObjectType::Reply: return abi::kReplyBits;
    case ObjectType::VSpace: return abi::kVSpaceBits;
    case ObjectType::PageTable: return abi::kPageTableBits;
    default: return size_bits;
    }
}

auto retype(abi::CPtr untyped, ObjectType type, unsigned size_bits, std::uint16_t count, abi::CPtr first)
    -> Result<> {
    return naming("making a kernel object",
                  os::object::Untyped{untyped}.retype(static_cast<std::uint8_t>(type),
                                                      static_cast<std::uint8_t>(size_bits), 0, count,
                                                      kRoot.capability(), 0, first));
}

} // namespace

Objects::Objects(abi::BootInfo const& boot)
    : next_slot_{boot.free_slots.first}, end_of_slots_{boot.free_slots.end} {
    auto const count = std::min<std::uint64_t>(boot.untyped_count, boot.untyped.size());
    for (auto const& block : std::span{boot.untyped}.first(count)) {
        if (block.is_device != 0) {
            devices_.add(block.physical_address, block.slot, block.size_bits);
        } else {
            (void)pool_.add(kCommon, block.slot, block.size_bits); // has room for all of a BootInfo
        }
    }
}

auto Objects::take_slots(std::size_t count) -> Result<abi::CPtr> {
    if (count > end_of_slots_ - next_slot_) {
        return std::unexpected{Failure{"init has no slots left"}};
    }
    next_slot_ += count;
    return next_slot_ - count;
}

auto Objects::take_work_slots(std::size_t count) -> Result<abi::CPtr> {
    if (work_slots_ == abi::kNullCPtr) {
        work_slots_ = TRY(take_slots(kWorkSlots));
    }
    ASSERT(count <= kWorkSlots);
    // A failure may have left something behind.
    for (abi::CPtr slot = work_slots_; slot < work_slots_ + count; ++slot) {
        TRY(naming("clearing a slot", kRoot.delete_(kDepth, slot)));
    }
    return work_slots_;
}

auto Objects::make(Owner owner, ObjectType type, unsigned size_bits, std::uint16_t count)
    -> Result<abi::CPtr> {
    bool const is_owned = owner != kCommon && count == 1;
    abi::CPtr const first = TRY(is_owned ? take_owned_slot(owner) : take_slots(count));
    TRY(make_in(first, owner, type, size_bits, count));
    return first;
}

auto Objects::take_owned_slot(Owner owner) -> Result<abi::CPtr> {
    auto const known = std::span{owned_slots_}.first(owned_count_);
    auto const empty = std::ranges::find(known, kCommon, &OwnedSlot::owner);
    if (empty != known.end()) {
        empty->owner = owner;
        return empty->slot;
    }
    if (owned_count_ == kMaxOwnedSlots) {
        return std::unexpected{Failure{"the components have too many objects"}};
    }
    abi::CPtr const slot = TRY(take_slots());
    owned_slots_[owned_count_++] = {owner, slot};
    return slot;
}

auto Objects::make_in(abi::CPtr first, Owner owner, ObjectType type, unsigned size_bits, std::uint16_t count)
    -> Result<> {
    abi::CPtr const untyped = TRY(find_memory(owner, object_bits(type, size_bits), count));
    return retype(untyped, type, size_bits, count, first);
}

auto Objects::find_memory(Owner owner, unsigned bits, std::uint16_t count) -> Result<abi::CPtr> {
    if (auto const untyped = pool_.take(owner, bits, count)) {
        return *untyped;
    }
    if (owner != kCommon) {
        unsigned const wanted = bits + static_cast<unsigned>(std::bit_width(count - 1U));
        unsigned const block_bits = std::max(kBlockBits, wanted);
        abi::CPtr const block = TRY(make(kCommon, ObjectType::Untyped, block_bits));
        if (!pool_.add(owner, block, block_bits)) {
            return std::unexpected{Failure{"there are too many blocks of memory"}};
        }
        if (auto const untyped = pool_.take(owner, bits, count)) {
            return *untyped;
        }
    }
    return std::unexpected{Failure{"the machine has no memory left"}};
}

auto Objects::make_block(Owner owner, unsigned size_bits) -> Result<abi::CPtr> {
    if (auto const earlier = pool_.give_again(owner, size_bits)) {
        return *earlier;
    }
    abi::CPtr const block = TRY(make(kCommon, ObjectType::Untyped, size_bits));
    if (!pool_.add_given(owner, block, size_bits)) {
        return std::unexpected{Failure{"there are too many blocks of memory"}};
    }
    return block;
}

auto Objects::device_frame(Owner owner, std::uint64_t address) -> Result<abi::CPtr> {
    auto const known = std::span{device_frames_}.first(device_frame_count_);
    auto const made = std::ranges::find(known, address, &DeviceFrame::address);
    if (made != known.end() && made->owner == owner) {
        return made->slot;
    }
    if (device_frame_count_ == kMaxDeviceFrames) {
        return std::unexpected{Failure{"the components have too many devices"}};
    }
    auto const halve = [this](abi::CPtr slot, unsigned bits) -> Result<abi::CPtr> {
        abi::CPtr const first = TRY(take_slots(2));
        TRY(retype(slot, ObjectType::Untyped, bits, 2, first));
        return first;
    };
    abi::CPtr const untyped = TRY(devices_.take_page(address, halve));
    abi::CPtr const frame = TRY(take_slots());
    TRY(retype(untyped, ObjectType::Frame, abi::kSmallFrameBits, 1, frame));
    device_frames_[device_frame_count_++] = {owner, address, frame};
    return frame;
}

auto Objects::put_away(Owner owner, abi::CPtr slot) -> Result<> {
    Store& store = stores_[owner];
    if (store.used % (std::uint64_t{1} << kStoreBits) == 0) {
        store = {.cnode = TRY(make(owner, ObjectType::CNode, kStoreBits)), .used = 0};
    }
    TRY(naming("putting a capability away", os::object::CNode{store.cnode}.move(
                                                kStoreBits, kDepth, store.used, kRoot.capability(), slot)));
    ++store.used;
    return {};
}

void Objects::destroy(Owner owner) {
    for (UntypedBlock const& block : pool_.blocks()) {
        // An error would mean that the block is gone, and with it what was made of it.
        if (block.owner == owner) {
            (void)kRoot.revoke(kDepth, block.slot);
        }
    }
    pool_.reset(owner);
    // The tables that held what was put away are gone, and so are the objects in the owned slots.
    stores_[owner] = {};
    for (OwnedSlot& owned : std::span{owned_slots_}.first(owned_count_)) {
        if (owned.owner == owner) {
            owned.owner = kCommon;
        }
    }
}

} // namespace init
