// SPDX-License-Identifier: MIT
/// Decides of which untyped block an object is made. Knows blocks and their use; the kernel knows what is
/// really free, and is asked.
#pragma once

#include "base/bits.hpp"
#include "kernel/abi/error.hpp"
#include "kernel/abi/object.hpp"
#include "os/capability.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>

namespace os {

/// What is to be made; `size_bits` as `Untyped.retype` wants it.
struct ObjectRequest {
    abi::ObjectType type;
    unsigned size_bits;
    std::size_t count;

    /// log2 of the bytes of one object; 0 for a type that is not made of memory.
    [[nodiscard]] constexpr auto object_bits() const -> unsigned {
        switch (type) {
        case abi::ObjectType::Untyped:
        case abi::ObjectType::Frame: return size_bits;
        case abi::ObjectType::CNode: return size_bits + abi::kSlotBits;
        case abi::ObjectType::Tcb: return abi::kTcbBits;
        case abi::ObjectType::SchedContext: return abi::kSchedContextBits;
        case abi::ObjectType::Endpoint: return abi::kEndpointBits;
        case abi::ObjectType::Notification: return abi::kNotificationBits;
        case abi::ObjectType::Reply: return abi::kReplyBits;
        case abi::ObjectType::VSpace: return abi::kVSpaceBits;
        case abi::ObjectType::PageTable: return abi::kPageTableBits;
        default: return 0;
        }
    }
};

/// ```
///  root block (slot::kUntyped)
///  |-- block for pages   |-- frame |-- page table |-- block for small objects |-- endpoint |-- TCB ...
///  |-- block for pages   ...
/// ```
/// The kernel uses a block from its beginning to its end, and again from the beginning when all that was made
/// of it is gone. So a block is worth as much as its objects have a common end: pages and small objects are
/// kept apart, and blocks are a fraction of the root, so that one long-lived object does not hold up all.
///
/// Used by one thread at a time. `Kernel` has
/// `retype(abi::CPtr untyped, ObjectRequest, abi::CPtr first_slot) -> std::expected<void, abi::Error>`,
/// `allocate_slot(count) -> std::expected<abi::CPtr, abi::Error>` and `free_slot(first, count)`.
template <typename Kernel>
class ObjectAllocator {
public:
    static constexpr std::size_t kMaxBlocks = 128;
    /// Number 0 means no block, so that a `Cap` can say it has none.
    static constexpr MemoryBlock kRoot = 1;

    constexpr ObjectAllocator() = default;
    constexpr ObjectAllocator(Kernel kernel, abi::CPtr root, unsigned root_bits)
        : kernel_{kernel}, count_{1} {
        blocks_[0] = Block{.untyped = root, .bits = root_bits, .use = Use::Root};
    }

    struct Made {
        abi::CPtr first_slot;
        MemoryBlock block;
    };

    [[nodiscard]] auto make(ObjectRequest const& request) -> std::expected<Made, abi::Error> {
        if (request.object_bits() == 0 || request.count == 0 || request.count > abi::kMaxRetypeCount) {
            return std::unexpected(abi::Error::InvalidArgument);
        }
        auto const slots = kernel_.allocate_slot(request.count);
        if (!slots) {
            return std::unexpected(slots.error());
        }
        auto const block = make_in_slots(request, *slots);
        if (!block) {
            kernel_.free_slot(*slots, request.count);
            return std::unexpected(block.error());
        }
        return Made{*slots, *block};
    }

    /// More memory: an untyped that nothing was made of.
    [[nodiscard]] auto add(abi::CPtr untyped, unsigned bits) -> std::expected<void, abi::Error> {
        if (count_ == kMaxBlocks) {
            return std::unexpected(abi::Error::NotEnoughMemory);
        }
        blocks_[count_] = Block{.untyped = untyped, .bits = bits, .use = Use::Pages};
        ++count_;
        return {};
    }

    /// `count` objects of a block are gone. Pre: they came from `make`.
    void release(MemoryBlock number, std::size_t count) {
        auto& block = at(number);
        block.live -= count;
        if (block.live == 0) {
            block.full_for = 0;
        }
    }

    [[nodiscard]] auto live(MemoryBlock number) const -> std::size_t { return blocks_[number - 1U].live; }
    [[nodiscard]] auto block_count() const -> std::size_t { return count_; }

private:
    enum class Use : std::uint8_t { Root, Pages, Small };

    struct Block {
        abi::CPtr untyped{};
        unsigned bits{};
        std::size_t live{};  ///< objects made of it that are still there
        unsigned full_for{}; ///< the smallest size (log2) that found no room; 0: none yet
        Use use{Use::Root};
    };

    using Outcome = std::expected<MemoryBlock, abi::Error>;

    [[nodiscard]] auto at(MemoryBlock number) -> Block& { return blocks_[number - 1U]; }

    /// log2 of the bytes that all objects of a request take.
    static constexpr auto total_bits(ObjectRequest const& request) -> unsigned {
        return request.object_bits() + base::log2_ceiling(request.count);
    }

    [[nodiscard]] auto make_in_slots(ObjectRequest const& request, abi::CPtr slots) -> Outcome {
        auto const use = total_bits(request) < abi::kSmallFrameBits ? Use::Small : Use::Pages;
        for (auto number = static_cast<MemoryBlock>(count_); number > kRoot; --number) {
            if (at(number).use != use) {
                continue;
            }
            auto const made = make_of(number, request, slots);
            if (made || made.error() != abi::Error::NotEnoughMemory) {
                return made;
            }
        }
        if (auto const fresh = add_block(use, total_bits(request))) {
            auto const made = make_of(*fresh, request, slots);
            if (made || made.error() != abi::Error::NotEnoughMemory) {
                return made;
            }
        }
        return make_of(kRoot, request, slots);
    }

    [[nodiscard]] auto make_of(MemoryBlock number, ObjectRequest const& request, abi::CPtr slots) -> Outcome {
        auto& block = at(number);
        auto const size = total_bits(request);
        auto const full = block.full_for != 0 && size >= block.full_for;
        if (full || size > block.bits) {
            return std::unexpected(abi::Error::NotEnoughMemory);
        }
        auto const made = kernel_.retype(block.untyped, request, slots);
        if (!made) {
            if (made.error() == abi::Error::NotEnoughMemory) {
                block.full_for = size;
            }
            return std::unexpected(made.error());
        }
        block.live += request.count;
        return number;
    }

    /// A new block with room for 2^`bits` bytes: one page for small objects, for pages a 64th of the root or,
    /// when that is not left, less.
    [[nodiscard]] auto add_block(Use use, unsigned bits) -> Outcome {
        if (count_ == kMaxBlocks) {
            return std::unexpected(abi::Error::NotEnoughMemory);
        }
        auto const slot = kernel_.allocate_slot(1);
        if (!slot) {
            return std::unexpected(slot.error());
        }
        auto const size = use == Use::Small ? make_small_block(*slot) : make_page_block(*slot, bits);
        if (!size) {
            kernel_.free_slot(*slot, 1);
            return std::unexpected(size.error());
        }
        blocks_[count_] = Block{.untyped = *slot, .bits = *size, .use = use};
        ++count_;
        return static_cast<MemoryBlock>(count_);
    }

    [[nodiscard]] auto make_small_block(abi::CPtr slot) -> std::expected<unsigned, abi::Error> {
        auto const made = make_in_slots({abi::ObjectType::Untyped, abi::kSmallFrameBits, 1}, slot);
        if (!made) {
            return std::unexpected(made.error());
        }
        return abi::kSmallFrameBits;
    }

    [[nodiscard]] auto make_page_block(abi::CPtr slot, unsigned bits) -> std::expected<unsigned, abi::Error> {
        constexpr unsigned kSmallestFraction = 6;
        auto const root_bits = at(kRoot).bits;
        auto const wanted = root_bits > kSmallestFraction ? root_bits - kSmallestFraction : 0;
        auto size = wanted > kMinPageBlockBits ? wanted : kMinPageBlockBits;
        for (size = size > bits ? size : bits; size >= bits && size > abi::kSmallFrameBits; --size) {
            auto const made = make_of(kRoot, {abi::ObjectType::Untyped, size, 1}, slot);
            if (made) {
                return size;
            }
            if (made.error() != abi::Error::NotEnoughMemory) {
                return std::unexpected(made.error());
            }
        }
        return std::unexpected(abi::Error::NotEnoughMemory);
    }

    static constexpr unsigned kMinPageBlockBits = 14;

    Kernel kernel_{};
    std::array<Block, kMaxBlocks> blocks_{}; ///< the first count_ are in use; the first is the root
    std::size_t count_{};
};

} // namespace os
