// SPDX-License-Identifier: MIT
#include "kernel/sched/run_queue.hpp"

#include "base/bits.hpp"

#include <algorithm>

namespace kernel {

void RunQueue::mark(std::size_t priority) {
    occupied_[priority / kWordBits] |= base::power_of_two(priority % kWordBits);
    occupied_words_ |= base::power_of_two(static_cast<unsigned>(priority / kWordBits));
    highest_ = std::max(highest_, static_cast<int>(priority));
}

void RunQueue::unmark(std::size_t priority) {
    auto& word = occupied_[priority / kWordBits];
    word &= ~base::power_of_two(priority % kWordBits);
    if (word == 0) {
        occupied_words_ &= ~base::power_of_two(static_cast<unsigned>(priority / kWordBits));
    }
    if (static_cast<int>(priority) < highest_) {
        return;
    }
    if (occupied_words_ == 0) {
        highest_ = kNone;
        return;
    }
    auto const top = base::log2_floor(occupied_words_);
    highest_ = static_cast<int>(top * kWordBits + base::log2_floor(occupied_[top]));
}

void RunQueue::push_back(SchedContext& context) {
    auto& list = lists_[context.priority];
    context.state = SchedContext::State::Ready;
    context.queue_previous = list.last;
    context.queue_next = nullptr;
    (list.last == nullptr ? list.first : list.last->queue_next) = &context;
    list.last = &context;
    mark(context.priority);
}

void RunQueue::push_front(SchedContext& context) {
    auto& list = lists_[context.priority];
    context.state = SchedContext::State::Ready;
    context.queue_next = list.first;
    context.queue_previous = nullptr;
    (list.first == nullptr ? list.last : list.first->queue_previous) = &context;
    list.first = &context;
    mark(context.priority);
}

void RunQueue::remove(SchedContext& context) {
    auto& list = lists_[context.priority];
    (context.queue_previous == nullptr ? list.first : context.queue_previous->queue_next) =
        context.queue_next;
    (context.queue_next == nullptr ? list.last : context.queue_next->queue_previous) = context.queue_previous;
    context.queue_previous = nullptr;
    context.queue_next = nullptr;
    context.state = SchedContext::State::Idle;
    if (list.first == nullptr) {
        unmark(context.priority);
    }
}

auto RunQueue::pop() -> SchedContext* {
    if (highest_ == kNone) {
        return nullptr;
    }
    auto* const context = lists_[static_cast<std::size_t>(highest_)].first;
    remove(*context);
    return context;
}

} // namespace kernel
