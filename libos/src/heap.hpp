// SPDX-License-Identifier: MIT
/// The allocator behind malloc: blocks with boundary tags, free ones in lists by size.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace os {

/// Grows at its end only, so all of it is one run of blocks:
///
/// ```
///            +----------------+---------+--------------------------------+
///  block     | previous size  | size|P|U| payload, or two links if free  |  ... next block ...
///            +----------------+---------+--------------------------------+
///             valid if P is 0            <- 16-byte aligned
/// ```
/// U: the block is in use. P: the block before it is. Two free blocks are never neighbours. The run ends with
/// a header of size 0 that is in use.
///
/// Not for several threads at once. Nothing is checked that a wrong program could break: a damaged heap is
/// found by the tests on the host, not here.
class Heap {
public:
    /// Appends at least `size` bytes to the heap and says how many, a multiple of 16; 0: there are none left.
    /// What it appends lies directly behind what it appended before and is aligned to 16.
    struct Source {
        void* context;
        auto (*grow)(void* context, std::size_t size, std::byte*& begin) -> std::size_t;
    };

    explicit constexpr Heap(Source source) : source_{source} {}
    Heap(Heap const&) = delete;
    auto operator=(Heap const&) -> Heap& = delete;
    ~Heap() = default;

    static constexpr std::size_t kAlignment = 16;

    /// Null when there is no room. `alignment` is a power of two.
    [[nodiscard]] auto allocate(std::size_t size, std::size_t alignment = kAlignment) -> void*;
    /// `pointer` is null or came from this heap.
    void free(void* pointer);
    /// As the C function: keeps the contents, may move. Null: no room, the old block is still there.
    [[nodiscard]] auto reallocate(void* pointer, std::size_t size) -> void*;
    /// Bytes that fit in the block at `pointer`.
    [[nodiscard]] static auto usable_size(void const* pointer) -> std::size_t;

    /// Walks all blocks and checks every tag and list; false: something is damaged.
    [[nodiscard]] auto consistent() const -> bool;

private:
    struct Block;
    /// Four lists for each power of two: at most a fifth of a block is wasted by taking the first that fits.
    static constexpr std::size_t kLists = std::size_t{64} * 4;

    static auto list_of(std::size_t size) -> std::size_t;
    auto find(std::size_t size) -> Block*;
    auto extend(std::size_t size) -> Block*;
    void insert(Block& block);
    void remove(Block& block);
    void take(Block& block, std::size_t size);
    auto split_front(Block& block, std::size_t alignment) -> Block*;
    void release(Block& block);

    Source source_;
    Block* first_{};
    Block* end_{}; ///< the header of size 0
    std::array<Block*, kLists> lists_{};
    std::array<std::uint64_t, kLists / 64> occupied_{}; ///< bit set: that list is not empty
};

} // namespace os
