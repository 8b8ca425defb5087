// SPDX-License-Identifier: MIT
/// The heap against a model that looks at every entry.
#include "components/timer/deadline_queue.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace {

using timer::DeadlineQueue;

TEST(DeadlineQueue, EmptyHasNoEarliest) {
    DeadlineQueue queue;
    EXPECT_FALSE(queue.earliest().has_value());
    queue.cancel(3);
    EXPECT_EQ(queue.count(), 0U);
}

TEST(DeadlineQueue, EqualDeadlinesComeByNumber) {
    DeadlineQueue queue;
    for (DeadlineQueue::Number const number : {4U, 1U, 3U}) {
        queue.set(number, 10);
    }
    EXPECT_EQ(queue.earliest()->number, 1U);
    queue.cancel(1);
    EXPECT_EQ(queue.earliest()->number, 3U);
}

TEST(DeadlineQueue, SettingAgainReplaces) {
    DeadlineQueue queue;
    queue.set(1, 10);
    queue.set(2, 20);
    queue.set(1, 30);
    EXPECT_EQ(queue.count(), 2U);
    EXPECT_EQ(queue.earliest()->number, 2U);
}

TEST(DeadlineQueue, AgreesWithAModel) {
    std::mt19937 random{42};
    DeadlineQueue queue;
    std::map<DeadlineQueue::Number, std::uint64_t> model;
    for (int count = 0; count < 50'000; ++count) {
        DeadlineQueue::Number const number = random() % 64;
        if (random() % 3 == 0) {
            queue.cancel(number);
            model.erase(number);
        } else {
            std::uint64_t const deadline = random() % 1000;
            queue.set(number, deadline);
            model[number] = deadline;
        }
        ASSERT_EQ(queue.count(), model.size());
        if (model.empty()) continue;
        std::pair<std::uint64_t, DeadlineQueue::Number> expected{~0ULL, 0};
        for (auto const& [key, deadline] : model) {
            expected = std::min(expected, {deadline, key});
        }
        ASSERT_EQ(queue.earliest()->deadline, expected.first);
        ASSERT_EQ(queue.earliest()->number, expected.second);
    }
}

} // namespace
