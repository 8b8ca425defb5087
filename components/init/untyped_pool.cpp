// SPDX-License-Identifier: MIT
/// The arithmetic of untyped blocks.
#include "components/init/untyped_pool.hpp"

#include "kernel/abi/object.hpp"

#include <algorithm>
#include <tuple>

namespace init {

auto UntypedBlock::gap(unsigned bits) const -> std::uint64_t {
    std::uint64_t const size = std::uint64_t{1} << bits;
    return (size - used % size) % size;
}

auto UntypedBlock::fits(unsigned bits, std::uint64_t count) const -> bool {
    if (bits > size_bits) {
        return false;
    }
    std::uint64_t const lost = gap(bits);
    return lost <= left() && count <= (left() - lost) >> bits;
}

void UntypedBlock::take(unsigned bits, std::uint64_t count) { used += gap(bits) + (count << bits); }

auto UntypedBlock::largest() const -> std::optional<unsigned> {
    for (unsigned bits = size_bits; bits > 0; --bits) {
        if (fits(bits, 1)) {
            return bits;
        }
    }
    return std::nullopt;
}

auto UntypedPool::add(Owner owner, abi::CPtr slot, unsigned size_bits) -> bool {
    if (count_ == kMaxBlocks || size_bits > abi::kMaxUntypedBits) {
        return false;
    }
    blocks_[count_++] = {
        .owner = owner, .slot = slot, .used = 0, .size_bits = static_cast<std::uint8_t>(size_bits)};
    return true;
}

auto UntypedPool::add_given(Owner owner, abi::CPtr slot, unsigned size_bits) -> bool {
    if (!add(owner, slot, size_bits)) {
        return false;
    }
    UntypedBlock& block = blocks_[count_ - 1];
    block.used = std::uint64_t{1} << size_bits;
    block.given = true;
    return true;
}

auto UntypedPool::give_again(Owner owner, unsigned size_bits) -> std::optional<abi::CPtr> {
    for (UntypedBlock& block : std::span{blocks_}.first(count_)) {
        if (block.owner == owner && block.given && block.used == 0 && block.size_bits == size_bits) {
            block.used = std::uint64_t{1} << size_bits;
            return block.slot;
        }
    }
    return std::nullopt;
}

void UntypedPool::reset(Owner owner) {
    for (UntypedBlock& block : std::span{blocks_}.first(count_)) {
        if (block.owner == owner) {
            block.used = 0;
        }
    }
}

auto UntypedPool::take(Owner owner, unsigned bits, std::uint64_t count) -> std::optional<abi::CPtr> {
    UntypedBlock* best = nullptr;
    for (UntypedBlock& block : std::span{blocks_}.first(count_)) {
        if (block.owner == owner && !block.given && block.fits(bits, count) &&
            (best == nullptr ||
             std::tuple{block.gap(bits), block.left()} < std::tuple{best->gap(bits), best->left()})) {
            best = &block;
        }
    }
    if (best == nullptr) {
        return std::nullopt;
    }
    best->take(bits, count);
    return best->slot;
}

auto UntypedPool::largest() const -> std::optional<unsigned> {
    std::optional<unsigned> best;
    for (UntypedBlock const& block : blocks()) {
        if (block.owner == kCommon) {
            best = std::max(best, block.largest());
        }
    }
    return best;
}

auto UntypedPool::left() const -> std::uint64_t {
    std::uint64_t sum = 0;
    for (UntypedBlock const& block : blocks()) {
        sum += block.owner == kCommon ? block.left() : 0;
    }
    return sum;
}

auto UntypedPool::held(Owner owner) const -> std::uint64_t {
    std::uint64_t sum = 0;
    for (UntypedBlock const& block : blocks()) {
        sum += block.owner == owner ? std::uint64_t{1} << block.size_bits : 0;
    }
    return sum;
}

} // namespace init
