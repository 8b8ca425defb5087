// SPDX-License-Identifier: MIT
/// Blocks with boundary tags.
#include "heap.hpp"

#include "base/bits.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace os {

struct Heap::Block {
    static constexpr std::size_t kInUse = 1;
    static constexpr std::size_t kPreviousInUse = 2;
    static constexpr std::size_t kFlags = kInUse | kPreviousInUse;
    static constexpr std::size_t kHeaderSize = 16;
    static constexpr std::size_t kMinSize = 32; ///< header and two links

    std::size_t previous_size;
    std::size_t size_and_flags; ///< size with the header
    Block* next_free;           ///< from here on payload when in use
    Block* previous_free;

    [[nodiscard]] auto size() const -> std::size_t { return size_and_flags & ~kFlags; }
    [[nodiscard]] auto in_use() const -> bool { return (size_and_flags & kInUse) != 0; }
    [[nodiscard]] auto previous_in_use() const -> bool { return (size_and_flags & kPreviousInUse) != 0; }

    // Blocks lie in one run of bytes: the neighbours are found by arithmetic on addresses.
    [[nodiscard]] auto address() const -> std::uintptr_t { return reinterpret_cast<std::uintptr_t>(this); }
    static auto at(std::uintptr_t address) -> Block* { return reinterpret_cast<Block*>(address); }
    [[nodiscard]] auto next() const -> Block* { return at(address() + size()); }
    [[nodiscard]] auto previous() const -> Block* { return at(address() - previous_size); }
    [[nodiscard]] auto payload() const -> void* { return reinterpret_cast<void*>(address() + kHeaderSize); }
    static auto of(void const* payload) -> Block* {
        return at(reinterpret_cast<std::uintptr_t>(payload) - kHeaderSize);
    }

    void set_size(std::size_t size) { size_and_flags = size | (size_and_flags & kFlags); }

    /// Writes what the block behind this one knows about it.
    void set_in_use(bool used) {
        size_and_flags = (size_and_flags & ~kInUse) | (used ? kInUse : 0);
        auto& behind = *next();
        behind.size_and_flags = (behind.size_and_flags & ~kPreviousInUse) | (used ? kPreviousInUse : 0);
        if (!used) {
            behind.previous_size = size();
        }
    }
};

auto Heap::list_of(std::size_t size) -> std::size_t {
    auto const power = base::log2_floor(size);
    auto const quarter = (size >> (power - 2)) & 3U;
    return std::size_t{power} * 4 + quarter;
}

void Heap::insert(Block& block) {
    auto const list = list_of(block.size());
    block.previous_free = nullptr;
    block.next_free = lists_[list];
    if (block.next_free != nullptr) {
        block.next_free->previous_free = &block;
    }
    lists_[list] = &block;
    occupied_[list / 64] |= std::uint64_t{1} << (list % 64);
}

void Heap::remove(Block& block) {
    auto const list = list_of(block.size());
    if (block.next_free != nullptr) {
        block.next_free->previous_free = block.previous_free;
    }
    if (block.previous_free != nullptr) {
        block.previous_free->next_free = block.next_free;
        return;
    }
    lists_[list] = block.next_free;
    if (lists_[list] == nullptr) {
        occupied_[list / 64] &= ~(std::uint64_t{1} << (list % 64));
    }
}

/// A free block of at least `size` bytes, out of its list; null: there is none.
auto Heap::find(std::size_t size) -> Block* {
    auto const own = list_of(size);
    // In the list of this very size not every block is large enough: a few tries.
    auto* candidate = lists_[own];
    for (int tries = 4; candidate != nullptr && tries > 0; --tries, candidate = candidate->next_free) {
        if (candidate->size() >= size) {
            remove(*candidate);
            return candidate;
        }
    }
    auto const start = own + 1;
    for (auto word = start / 64; word < occupied_.size(); ++word) {
        auto const skip = word == start / 64 ? static_cast<unsigned>(start % 64) : 0;
        auto const lists = occupied_[word] & ~base::low_bits(skip);
        if (lists == 0) {
            continue;
        }
        candidate = lists_[word * 64 + static_cast<std::size_t>(std::countr_zero(lists))];
        remove(*candidate);
        return candidate;
    }
    return nullptr;
}

/// A free block of at least `size` bytes at the end of the heap, in no list.
auto Heap::extend(std::size_t size) -> Block* {
    std::byte* begin = nullptr;
    auto const grown = source_.grow(source_.context, size + Block::kHeaderSize, begin);
    if (grown == 0) {
        return nullptr;
    }
    auto const start = reinterpret_cast<std::uintptr_t>(begin);
    if (end_ == nullptr) {
        first_ = Block::at(start);
        first_->size_and_flags = Block::kPreviousInUse;
        first_->set_size(grown - Block::kHeaderSize);
        end_ = first_->next();
        end_->size_and_flags = Block::kInUse;
        first_->set_in_use(false);
        return first_;
    }
    // The old end becomes a block, together with the free one before it.
    auto* block = end_;
    block->set_size(grown);
    if (!block->previous_in_use()) {
        block = block->previous();
        remove(*block);
        block->set_size(block->size() + grown);
    }
    end_ = block->next();
    end_->size_and_flags = Block::kInUse;
    block->set_in_use(false);
    return block;
}

/// Uses the first `size` bytes of a free block that is in no list; the rest becomes a free block.
void Heap::take(Block& block, std::size_t size) {
    auto const rest_size = block.size() - size;
    if (rest_size >= Block::kMinSize) {
        block.set_size(size);
        auto& rest = *block.next();
        rest.size_and_flags = rest_size;
        block.set_in_use(true);
        rest.set_in_use(false);
        insert(rest);
    } else {
        block.set_in_use(true);
    }
}

/// Cuts off the front of a free block (in no list) so that the payload of what is left is aligned. The block
/// is larger than it needs to be by `alignment` and a minimal block.
auto Heap::split_front(Block& block, std::size_t alignment) -> Block* {
    auto const bits = base::log2_floor(alignment);
    auto payload = base::align_up(block.address() + Block::kHeaderSize, bits);
    if (payload == block.address() + Block::kHeaderSize) {
        return &block;
    }
    if (payload - Block::kHeaderSize - block.address() < Block::kMinSize) {
        payload += alignment;
    }
    auto& aligned = *Block::at(payload - Block::kHeaderSize);
    auto const front_size = aligned.address() - block.address();
    aligned.size_and_flags = block.size() - front_size;
    block.set_size(front_size);
    block.set_in_use(false);
    insert(block);
    aligned.set_in_use(false);
    return &aligned;
}

auto Heap::allocate(std::size_t size, std::size_t alignment) -> void* {
    constexpr std::size_t kLargest = std::size_t{1} << 46U; // far above any address space, far below overflow
    if (size > kLargest || alignment > kLargest) {
        return nullptr;
    }
    auto const block_size =
        std::max(Block::kMinSize, base::align_up(size + Block::kHeaderSize, base::log2_floor(kAlignment)));
    auto const slack = alignment > kAlignment ? alignment + Block::kMinSize : 0;
    auto* block = find(block_size + slack);
    if (block == nullptr) {
        block = extend(block_size + slack);
    }
    if (block == nullptr) {
        return nullptr;
    }
    if (slack != 0) {
        block = split_front(*block, alignment);
    }
    take(*block, block_size);
    return block->payload();
}

/// Frees a block and joins it with its free neighbours.
void Heap::release(Block& block) {
    auto* joined = &block;
    auto* const behind = block.next();
    if (!behind->in_use()) {
        remove(*behind);
        joined->set_size(joined->size() + behind->size());
    }
    if (!joined->previous_in_use()) {
        auto* const before = joined->previous();
        remove(*before);
        before->set_size(before->size() + joined->size());
        joined = before;
    }
    joined->set_in_use(false);
    insert(*joined);
}

void Heap::free(void* pointer) {
    if (pointer != nullptr) {
        release(*Block::of(pointer));
    }
}

auto Heap::reallocate(void* pointer, std::size_t size) -> void* {
    if (pointer == nullptr) {
        return allocate(size);
    }
    auto const usable = usable_size(pointer);
    if (size <= usable && size >= usable / 2) {
        return pointer;
    }
    auto* const moved = allocate(size);
    if (moved == nullptr) {
        return size <= usable ? pointer : nullptr;
    }
    std::memcpy(moved, pointer, std::min(size, usable));
    free(pointer);
    return moved;
}

auto Heap::usable_size(void const* pointer) -> std::size_t {
    return Block::of(pointer)->size() - Block::kHeaderSize;
}

auto Heap::consistent() const -> bool {
    std::size_t free_blocks = 0;
    auto previous_used = true;
    for (auto const* block = first_; block != end_; block = block->next()) {
        if (block->size() < Block::kMinSize || block->previous_in_use() != previous_used) {
            return false;
        }
        if (!block->in_use()) {
            if (!previous_used || block->next()->previous_size != block->size()) {
                return false;
            }
            ++free_blocks;
        }
        previous_used = block->in_use();
    }
    if (end_ != nullptr && end_->previous_in_use() != previous_used) {
        return false;
    }
    for (std::size_t list = 0; list < kLists; ++list) {
        for (auto const* block = lists_[list]; block != nullptr; block = block->next_free) {
            if (block->in_use() || list_of(block->size()) != list || free_blocks == 0) {
                return false;
            }
            --free_blocks;
        }
    }
    return free_blocks == 0;
}

} // namespace os
