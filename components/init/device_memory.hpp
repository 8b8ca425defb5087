// SPDX-License-Identifier: MIT
/// Finds the page of a device in the device memory the kernel gave to init.
///
/// Objects can only be made at the start of what is left of a block, so a block is halved until a half is the
/// page that is wanted; the other halves stay for later requests.
#pragma once

#include "base/address.hpp"
#include "base/result.hpp"
#include "components/init/failure.hpp"
#include "kernel/abi/message.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <expected>
#include <span>

namespace init {

class DeviceMemory {
public:
    static constexpr std::size_t kMaxBlocks = 512;

    /// Ignored when there are too many blocks: those devices cannot be given to anyone.
    void add(std::uint64_t address, abi::CPtr slot, unsigned size_bits) {
        if (count_ < kMaxBlocks) {
            blocks_[count_++] = {address, slot, size_bits, false};
        }
    }

    /// The untyped block of the page at `address`. Each page is given once.
    ///
    /// `halve(slot, bits)` makes two untyped blocks of 2^`bits` bytes each of the block in `slot` and returns
    /// the slot of the first; the second is in the next slot.
    template <typename Halve>
    auto take_page(std::uint64_t address, Halve& halve) -> Result<abi::CPtr> {
        Block* block = find(address);
        if (block == nullptr) {
            return std::unexpected{Failure{"the board has no device memory there"}};
        }
        if (block->taken) {
            return std::unexpected{Failure{"the device is given to someone else"}};
        }
        while (block->size_bits > base::kPageBits) {
            if (count_ == kMaxBlocks) {
                return std::unexpected{Failure{"there are too many pieces of device memory"}};
            }
            unsigned const bits = block->size_bits - 1;
            abi::CPtr const first = TRY(halve(block->slot, bits));
            std::uint64_t const middle = block->address + (std::uint64_t{1} << bits);
            Block& upper = blocks_[count_++];
            upper = {middle, first + 1, bits, false};
            *block = {block->address, first, bits, false};
            if (address >= middle) {
                block = &upper;
            }
        }
        block->taken = true;
        return block->slot;
    }

private:
    struct Block {
        std::uint64_t address;
        abi::CPtr slot;
        unsigned size_bits;
        bool taken; ///< as a page; only then `size_bits` is that of a page
    };

    auto find(std::uint64_t address) -> Block* {
        for (Block& block : std::span{blocks_}.first(count_)) {
            if (address >= block.address && (address - block.address) >> block.size_bits == 0) {
                return &block;
            }
        }
        return nullptr;
    }

    // Invariant: the first `count_` entries are blocks that do not overlap.
    std::array<Block, kMaxBlocks> blocks_{};
    std::size_t count_ = 0;
};

} // namespace init
