// SPDX-License-Identifier: MIT
/// Splitting and merging.
#include "components/memory/buddy.hpp"

#include "base/assert.hpp"

namespace memory {

void Buddy::add(Slot slot, unsigned bits) {
    ASSERT(bits < kSizes);
    auto const index = static_cast<Index>(nodes_.size());
    nodes_.push_back({.slot = slot,
                      .child = kNone,
                      .next = kNone,
                      .previous = kNone,
                      .bits = static_cast<std::uint8_t>(bits),
                      .state = State::Free});
    roots_.push_back(index);
    link(index);
}

auto Buddy::allocate(unsigned bits) -> std::expected<Block, Refusal> {
    Index index = find_free(bits);
    if (index == kNone && merge_one(bits)) {
        index = find_free(bits);
    }
    if (index == kNone) {
        return std::unexpected{Refusal::Exhausted};
    }
    while (nodes_[index].bits > bits) {
        if (auto const halves = split(index); !halves.has_value()) {
            return std::unexpected{halves.error()};
        }
        index = nodes_[index].child;
    }
    unlink(index);
    nodes_[index].state = State::Used;
    return index;
}

void Buddy::release(Block block) {
    ASSERT(block < nodes_.size() && nodes_[block].state == State::Used);
    nodes_[block].state = State::Free;
    link(block);
}

void Buddy::link(Index index) {
    Node& node = nodes_[index];
    Index& head = free_[node.bits];
    node.previous = kNone;
    node.next = head;
    if (head != kNone) {
        nodes_[head].previous = index;
    }
    head = index;
    free_bytes_ += std::uint64_t{1} << node.bits;
}

void Buddy::unlink(Index index) {
    Node const& node = nodes_[index];
    if (node.previous == kNone) {
        free_[node.bits] = node.next;
    } else {
        nodes_[node.previous].next = node.next;
    }
    if (node.next != kNone) {
        nodes_[node.next].previous = node.previous;
    }
    free_bytes_ -= std::uint64_t{1} << node.bits;
}

auto Buddy::find_free(unsigned bits) const -> Index {
    for (unsigned size = bits; size < kSizes; ++size) {
        if (free_[size] != kNone) {
            return free_[size];
        }
    }
    return kNone;
}

auto Buddy::take_pair() -> Index {
    if (unused_pairs_ != kNone) {
        Index const pair = unused_pairs_;
        unused_pairs_ = nodes_[pair].next;
        return pair;
    }
    auto const pair = static_cast<Index>(nodes_.size());
    nodes_.resize(nodes_.size() + 2);
    return pair;
}

auto Buddy::split(Index index) -> std::expected<void, Refusal> {
    auto const bits = static_cast<std::uint8_t>(nodes_[index].bits - 1U);
    auto const slot = operations_.split(nodes_[index].slot, bits);
    if (!slot.has_value()) {
        return std::unexpected{slot.error()};
    }
    Index const pair = take_pair();
    unlink(index);
    nodes_[index].state = State::Split;
    nodes_[index].child = pair;
    for (Index half = 0; half < 2; ++half) {
        nodes_[pair + half] = {.slot = *slot + half,
                               .child = kNone,
                               .next = kNone,
                               .previous = kNone,
                               .bits = bits,
                               .state = State::Free};
    }
    link(pair + 1); // the first half is taken first: it is the head of the list
    link(pair);
    return {};
}

auto Buddy::wholly_free(Index index) const -> bool {
    Node const& node = nodes_[index];
    if (node.state == State::Split) {
        return wholly_free(node.child) && wholly_free(node.child + 1);
    }
    return node.state == State::Free;
}

void Buddy::merge(Index index) {
    if (nodes_[index].state != State::Split) {
        return;
    }
    Index const pair = nodes_[index].child;
    merge(pair);
    merge(pair + 1);
    operations_.merge(nodes_[index].slot, nodes_[pair].slot);
    unlink(pair);
    unlink(pair + 1);
    nodes_[pair].next = unused_pairs_;
    unused_pairs_ = pair;
    nodes_[index].state = State::Free;
    link(index);
}

auto Buddy::merge_one(unsigned bits) -> bool {
    for (Index const root : roots_) {
        if (nodes_[root].bits >= bits && merge_below(root, bits)) {
            return true;
        }
    }
    return false;
}

auto Buddy::merge_below(Index index, unsigned bits) -> bool {
    if (nodes_[index].state != State::Split) {
        return false;
    } // free ones are in the lists already
    Index const pair = nodes_[index].child;
    if (nodes_[pair].bits >= bits && (merge_below(pair, bits) || merge_below(pair + 1, bits))) {
        return true;
    }
    if (!wholly_free(index)) {
        return false;
    }
    merge(index);
    return true;
}

} // namespace memory
