// SPDX-License-Identifier: MIT
/// A buddy allocator over untyped capabilities. Knows sizes and slots, makes no system call itself.
///
/// Blocks are powers of two. A block that is larger than wanted is split in halves, each an untyped
/// capability of its own. Halves are merged again only when a larger block is wanted: merging means revoking
/// the whole, and the kernel then clears all of it.
#pragma once

#include "components/memory/untyped.hpp"

#include <cstddef>
#include <cstdint>
#include <expected>
#include <vector>

namespace memory {

class Buddy {
public:
    /// A block that is in use.
    using Block = std::uint32_t;

    explicit Buddy(UntypedOperations& operations) : operations_{operations} {}

    /// Prepares for `count` blocks, in use or not: up to there the allocator takes no more memory of its own.
    void reserve(std::size_t count) { nodes_.reserve(count); }

    /// Gives the allocator a block of 2^`bits` bytes.
    void add(Slot slot, unsigned bits);

    /// A block of 2^`bits` bytes, from the smallest free one that is large enough.
    auto allocate(unsigned bits) -> std::expected<Block, Refusal>;

    /// Pre: `block` came from `allocate`, and nothing is made of it any more.
    void release(Block block);

    [[nodiscard]] auto slot(Block block) const -> Slot { return nodes_[block].slot; }
    [[nodiscard]] auto bits(Block block) const -> unsigned { return nodes_[block].bits; }
    [[nodiscard]] auto free_bytes() const -> std::uint64_t { return free_bytes_; }

private:
    using Index = std::uint32_t;
    static constexpr Index kNone = ~Index{0};
    static constexpr unsigned kSizes = 48;

    enum class State : std::uint8_t { Free, Used, Split };

    /// A node of a binary tree. The two children of a split node are `child` and `child + 1`.
    struct Node {
        Slot slot;
        Index child;    ///< when it is split
        Index next;     ///< in the list of free nodes of its size; of unused pairs
        Index previous; ///< likewise
        std::uint8_t bits;
        State state;
    };

    void link(Index index);
    void unlink(Index index);
    auto take_pair() -> Index;
    auto split(Index index) -> std::expected<void, Refusal>;
    auto find_free(unsigned bits) const -> Index;
    /// Whether everything below `index` is free.
    [[nodiscard]] auto wholly_free(Index index) const -> bool;
    /// Pre: `wholly_free(index)`.
    void merge(Index index);
    /// Makes one free block of at least 2^`bits` bytes by merging; whether there was one to make.
    auto merge_one(unsigned bits) -> bool;
    auto merge_below(Index index, unsigned bits) -> bool;

    UntypedOperations& operations_;
    // Invariant: the free lists hold exactly the nodes that are Free, by size; `free_bytes_` is their sum.
    std::vector<Node> nodes_;
    std::vector<Index> roots_;
    std::vector<Index> free_ = std::vector<Index>(kSizes, kNone);
    Index unused_pairs_ = kNone;
    std::uint64_t free_bytes_ = 0;
};

} // namespace memory
