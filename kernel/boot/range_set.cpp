// SPDX-License-Identifier: MIT
/// Arithmetic of sorted ranges.
#include "kernel/boot/range_set.hpp"

#include "base/bits.hpp"

#include <algorithm>
#include <bit>

namespace kernel::boot {

namespace {

auto end_of(drivers::Range range) -> std::uint64_t { return range.base + range.size; }

} // namespace

void RangeSet::insert(std::size_t index, drivers::Range range) {
    if (count_ == kCapacity) {
        return;
    }
    for (std::size_t at = count_; at > index; --at) {
        ranges_[at] = ranges_[at - 1];
    }
    ranges_[index] = range;
    ++count_;
}

void RangeSet::erase(std::size_t index) {
    --count_;
    for (std::size_t at = index; at < count_; ++at) {
        ranges_[at] = ranges_[at + 1];
    }
}

void RangeSet::add(drivers::Range range) {
    if (range.size == 0 || range.base > ~range.size) {
        return;
    }
    // Swallows every range that it touches, then takes their place.
    std::size_t index = 0;
    while (index < count_ && end_of(ranges_[index]) < range.base) {
        ++index;
    }
    while (index < count_ && ranges_[index].base <= end_of(range)) {
        std::uint64_t const begin = std::min(ranges_[index].base, range.base);
        std::uint64_t const end = std::max(end_of(ranges_[index]), end_of(range));
        range = {begin, end - begin};
        erase(index);
    }
    insert(index, range);
}

void RangeSet::subtract(drivers::Range range) {
    if (range.size == 0 || range.base > ~range.size) {
        return;
    }
    std::size_t index = 0;
    while (index < count_) {
        drivers::Range const old = ranges_[index];
        if (end_of(old) <= range.base || end_of(range) <= old.base) {
            ++index;
            continue;
        }
        erase(index);
        if (old.base < range.base) {
            insert(index++, {old.base, range.base - old.base});
        }
        if (end_of(range) < end_of(old)) {
            insert(index++, {end_of(range), end_of(old) - end_of(range)});
        }
    }
}

auto RangeSet::take(unsigned bits) -> std::optional<base::PhysAddr> {
    std::uint64_t const size = base::power_of_two(bits);
    for (drivers::Range const range : ranges()) {
        std::uint64_t const begin = base::align_up(range.base, bits);
        if (begin < range.base || !base::fits(begin, size, end_of(range))) {
            continue;
        }
        subtract({begin, size});
        return base::PhysAddr{begin};
    }
    return std::nullopt;
}

auto RangeSet::take_first(unsigned min_bits, unsigned max_bits) -> std::optional<Block> {
    while (count_ != 0) {
        drivers::Range& range = ranges_.front();
        unsigned const alignment =
            range.base == 0 ? max_bits : static_cast<unsigned>(std::countr_zero(range.base));
        unsigned const bits = std::min({alignment, base::log2_floor(range.size), max_bits});
        std::uint64_t const size = base::power_of_two(bits);
        Block const block{base::PhysAddr{range.base}, bits};
        range = {range.base + size, range.size - size};
        if (range.size == 0) {
            erase(0);
        }
        if (bits >= min_bits) {
            return block;
        }
    }
    return std::nullopt;
}

auto RangeSet::bits_for(std::size_t most, unsigned min_bits, unsigned max_bits) const -> unsigned {
    constexpr unsigned kAddressBits = 64;
    for (unsigned bits = min_bits; bits < kAddressBits; ++bits) {
        RangeSet copy = *this;
        std::size_t count = 0;
        while (copy.take_first(bits, max_bits).has_value()) {
            ++count;
        }
        if (count <= most) {
            return bits;
        }
    }
    return kAddressBits;
}

} // namespace kernel::boot
