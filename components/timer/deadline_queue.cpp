// SPDX-License-Identifier: MIT
/// Set and cancel are O(log n); the memory grows to the largest number used and stays.
#include "components/timer/deadline_queue.hpp"

#include <utility>

namespace timer {
namespace {

auto earlier(DeadlineQueue::Entry const& left, DeadlineQueue::Entry const& right) -> bool {
    return std::pair{left.deadline, left.number} < std::pair{right.deadline, right.number};
}

} // namespace

void DeadlineQueue::set(Number number, std::uint64_t deadline) {
    auto position = position_of(number);
    if (position == kAbsent) {
        if (number >= positions_.size()) positions_.resize(number + std::size_t{1}, kAbsent);
        position = heap_.size();
        heap_.push_back({});
    }
    place(position, {.deadline = deadline, .number = number});
    sift_up(position);
    sift_down(position_of(number));
}

void DeadlineQueue::cancel(Number number) {
    auto const position = position_of(number);
    if (position == kAbsent) return;
    auto const last = heap_.back();
    heap_.pop_back();
    positions_[number] = kAbsent;
    if (position == heap_.size()) return;
    place(position, last);
    sift_up(position);
    sift_down(position_of(last.number));
}

auto DeadlineQueue::earliest() const -> std::optional<Entry> {
    if (heap_.empty()) return std::nullopt;
    return heap_.front();
}

auto DeadlineQueue::position_of(Number number) const -> std::size_t {
    return number < positions_.size() ? positions_[number] : kAbsent;
}

void DeadlineQueue::place(std::size_t position, Entry entry) {
    heap_[position] = entry;
    positions_[entry.number] = position;
}

void DeadlineQueue::sift_up(std::size_t position) {
    while (position > 0) {
        auto const parent = (position - 1) / 2;
        if (!earlier(heap_[position], heap_[parent])) return;
        auto const moved = heap_[parent];
        place(parent, heap_[position]);
        place(position, moved);
        position = parent;
    }
}

void DeadlineQueue::sift_down(std::size_t position) {
    while (true) {
        auto first = position;
        for (auto child = 2 * position + 1; child <= 2 * position + 2 && child < heap_.size(); ++child) {
            if (earlier(heap_[child], heap_[first])) first = child;
        }
        if (first == position) return;
        auto const moved = heap_[first];
        place(first, heap_[position]);
        place(position, moved);
        position = first;
    }
}

} // namespace timer
