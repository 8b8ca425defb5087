// SPDX-License-Identifier: MIT
/// The queue of contexts without budget, against a sorted list, and how long its operations can take.
#include "kernel/sched/replenish_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace kernel::test {
namespace {

constexpr std::size_t kCount = 300;

class ReplenishQueueTest : public testing::Test {
protected:
    void insert(SchedContext& context, std::uint64_t time) {
        context.replenish_at = time;
        queue.insert(context);
        members.push_back(&context);
    }
    void remove(std::size_t index) {
        queue.remove(*members[index]);
        members.erase(members.begin() + static_cast<std::ptrdiff_t>(index));
    }
    [[nodiscard]] auto earliest() const -> std::uint64_t {
        return (*std::ranges::min_element(members, {}, &SchedContext::replenish_at))->replenish_at;
    }
    /// Order, links and ranks below a context; how many there are.
    static auto check(SchedContext const* context, SchedContext const* parent)
        -> std::size_t { // NOLINT(misc-no-recursion)
        if (context == nullptr) {
            return 0;
        }
        EXPECT_EQ(context->heap_parent, parent);
        EXPECT_TRUE(parent == nullptr || parent->replenish_at <= context->replenish_at);
        auto const* const left = context->queue_previous;
        auto const* const right = context->queue_next;
        auto const rank = [](SchedContext const* child) { return child == nullptr ? 0U : child->heap_rank; };
        EXPECT_GE(rank(left), rank(right));
        EXPECT_EQ(context->heap_rank, rank(right) + 1);
        auto const count = 1 + check(left, context) + check(right, context);
        EXPECT_GE(count + 1, std::size_t{1} << context->heap_rank) << "the way to the right is short";
        return count;
    }
    void expect_sound() const {
        EXPECT_EQ(check(queue.front(), nullptr), members.size());
        if (!members.empty()) {
            EXPECT_EQ(queue.front()->replenish_at, earliest());
        }
    }

    ReplenishQueue queue;
    std::vector<SchedContext*> members;
    std::vector<SchedContext> contexts = std::vector<SchedContext>(kCount);
};

TEST_F(ReplenishQueueTest, ComesOutInOrderHoweverItWentIn) {
    for (auto const step : {std::size_t{1}, std::size_t{7}, kCount - 1}) {
        for (std::size_t index = 0; index < kCount; ++index) {
            insert(contexts[index], index * step % kCount);
        }
        expect_sound();
        std::uint64_t last = 0;
        while (queue.front() != nullptr) {
            EXPECT_LE(last, queue.front()->replenish_at);
            last = queue.front()->replenish_at;
            remove(static_cast<std::size_t>(std::ranges::find(members, queue.front()) - members.begin()));
        }
        EXPECT_TRUE(members.empty());
    }
}

TEST_F(ReplenishQueueTest, StaysSoundWhereverItIsTakenOut) {
    std::mt19937_64 random{1}; // NOLINT(cert-msc51-cpp): the same in each run
    std::vector<SchedContext*> others;
    for (auto& context : contexts) {
        others.push_back(&context);
    }
    for (int round = 0; round < 3000; ++round) {
        if (members.empty() || (!others.empty() && random() % 2 == 0)) {
            insert(*others.back(), random() % 100);
            others.pop_back();
        } else {
            auto const index = random() % members.size();
            others.push_back(members[index]);
            remove(index);
            EXPECT_EQ(others.back()->queue_next, nullptr);
            EXPECT_EQ(others.back()->queue_previous, nullptr);
        }
        if (round % 50 == 0) {
            expect_sound();
        }
    }
    expect_sound();
}

} // namespace
} // namespace kernel::test
