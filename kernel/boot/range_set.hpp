// SPDX-License-Identifier: MIT
/// A set of physical addresses as a few ranges: what is memory, minus what is taken.
#pragma once

#include "base/address.hpp"
#include "kernel/drivers/facts.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace kernel::boot {

/// Up to `kCapacity` ranges, sorted and apart from one another. What does not fit any more is left out of the
/// set: memory may be lost by that, but is never given out twice.
class RangeSet {
public:
    static constexpr std::size_t kCapacity = 64;

    /// `range` may overlap what is in the set; one that wraps around is ignored.
    void add(drivers::Range range);
    void subtract(drivers::Range range);
    /// Takes out the lowest block of 2^`bits` bytes, aligned to its size.
    auto take(unsigned bits) -> std::optional<base::PhysAddr>;
    /// Takes out the largest aligned block at the lowest address. `bits` of it is at most `max_bits`, at
    /// least `min_bits`: what is smaller is dropped on the way.
    struct Block {
        base::PhysAddr address;
        unsigned bits{};
    };
    auto take_first(unsigned min_bits, unsigned max_bits) -> std::optional<Block>;
    /// The least `min_bits`, from what is given on, with which `take_first` takes out no more than `most`
    /// blocks. 64: there is none.
    [[nodiscard]] auto bits_for(std::size_t most, unsigned min_bits, unsigned max_bits) const -> unsigned;

    [[nodiscard]] auto ranges() const -> std::span<drivers::Range const> {
        return std::span{ranges_}.first(count_);
    }

private:
    void insert(std::size_t index, drivers::Range range);
    void erase(std::size_t index);

    std::array<drivers::Range, kCapacity> ranges_{};
    std::size_t count_{};
};

/// The pages that `range` touches.
constexpr auto page_aligned(drivers::Range range) -> drivers::Range {
    std::uint64_t const begin = base::PhysAddr{range.base}.align_down(base::kPageBits).value();
    std::uint64_t const end = base::PhysAddr{range.base + range.size}.align_up(base::kPageBits).value();
    return {begin, end - begin};
}

/// The blocks of 2^`bits` bytes that are whole in `range`, which does not wrap around; size 0: none.
constexpr auto whole_blocks(drivers::Range range, unsigned bits) -> drivers::Range {
    std::uint64_t const begin = base::PhysAddr{range.base}.align_up(bits).value();
    std::uint64_t const end = base::PhysAddr{range.base + range.size}.align_down(bits).value();
    // At the upper end of all addresses the next block is the first one.
    bool const wraps = begin < range.base;
    return wraps || end <= begin ? drivers::Range{} : drivers::Range{begin, end - begin};
}

} // namespace kernel::boot
