// SPDX-License-Identifier: MIT
#include "kernel/sched/replenish_queue.hpp"

#include <utility>

namespace kernel {
namespace {

// What the links mean in a heap. No child is replenished before its parent.
auto left(SchedContext& context) -> SchedContext*& { return context.queue_previous; }
auto right(SchedContext& context) -> SchedContext*& { return context.queue_next; }

/// How many contexts are on the way down to the right. That is the shortest way to an end of the heap, so it
/// is no longer than the logarithm of their number.
auto rank(SchedContext const* context) -> unsigned { return context == nullptr ? 0 : context->heap_rank; }

/// Has the higher rank on the left, where ways may be long. True if the rank of `context` has changed.
auto straighten(SchedContext& context) -> bool {
    if (rank(left(context)) < rank(right(context))) {
        std::swap(left(context), right(context));
    }
    auto const now = static_cast<std::uint8_t>(rank(right(context)) + 1);
    return std::exchange(context.heap_rank, now) != now;
}

/// Makes one heap of two, either of which may be empty. Their roots have no parents.
auto merge(SchedContext* one, SchedContext* other) -> SchedContext* {
    SchedContext* parent = nullptr;
    while (one != nullptr && other != nullptr) {
        if (other->replenish_at < one->replenish_at) {
            std::swap(one, other);
        }
        if (parent != nullptr) {
            right(*parent) = one;
        }
        one->heap_parent = parent;
        parent = one;
        one = right(*one);
    }
    auto* rest = one == nullptr ? other : one;
    if (parent == nullptr) {
        return rest;
    }
    right(*parent) = rest;
    if (rest != nullptr) {
        rest->heap_parent = parent;
    }
    for (auto* at = parent; at != nullptr; at = at->heap_parent) {
        (void)straighten(*at); // each has another right child now, whatever its rank
        rest = at;
    }
    return rest;
}

} // namespace

void ReplenishQueue::insert(SchedContext& context) {
    context.heap_rank = 1;
    root_ = merge(root_, &context);
}

void ReplenishQueue::remove(SchedContext& context) {
    auto* const parent = context.heap_parent;
    for (auto* const child : {left(context), right(context)}) {
        if (child != nullptr) {
            child->heap_parent = nullptr;
        }
    }
    auto* const rest = merge(left(context), right(context));
    if (rest != nullptr) {
        rest->heap_parent = parent;
    }
    if (parent == nullptr) {
        root_ = rest;
    } else {
        (left(*parent) == &context ? left(*parent) : right(*parent)) = rest;
    }
    for (auto* at = parent; at != nullptr && straighten(*at);) {
        at = at->heap_parent;
    }
    left(context) = nullptr;
    right(context) = nullptr;
    context.heap_parent = nullptr;
}

} // namespace kernel
