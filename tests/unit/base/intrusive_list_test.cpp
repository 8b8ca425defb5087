// SPDX-License-Identifier: MIT
/// Tests of the intrusive list.
#include "base/intrusive_list.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

namespace {

struct Item : base::ListLink<Item> {
    int number{};
};

auto numbers(base::IntrusiveList<Item> const& list) -> std::vector<int> {
    std::vector<int> result;
    for (auto const* item = list.front(); item != nullptr; item = list.next(*item)) {
        result.push_back(item->number);
    }
    return result;
}

class IntrusiveListTest : public testing::Test {
protected:
    IntrusiveListTest() {
        for (int index = 0; index < 4; ++index) {
            items_.at(static_cast<std::size_t>(index)).number = index;
            list_.push_back(items_.at(static_cast<std::size_t>(index)));
        }
    }

    std::array<Item, 4> items_{};
    base::IntrusiveList<Item> list_;
};

TEST_F(IntrusiveListTest, KeepsTheOrder) { EXPECT_EQ(numbers(list_), (std::vector{0, 1, 2, 3})); }

TEST_F(IntrusiveListTest, RemovesAnywhere) {
    list_.remove(items_[1]);
    EXPECT_EQ(numbers(list_), (std::vector{0, 2, 3}));
    list_.remove(items_[0]);
    list_.remove(items_[3]);
    EXPECT_EQ(numbers(list_), (std::vector{2}));
    list_.push_back(items_[0]);
    EXPECT_EQ(numbers(list_), (std::vector{2, 0}));
}

TEST_F(IntrusiveListTest, PopsUntilEmpty) {
    for (int index = 0; index < 4; ++index) {
        EXPECT_EQ(list_.pop_front()->number, index);
    }
    EXPECT_TRUE(list_.empty());
    EXPECT_EQ(list_.pop_front(), nullptr);
    list_.push_back(items_[2]);
    EXPECT_EQ(numbers(list_), (std::vector{2}));
}

using IntrusiveListDeathTest = IntrusiveListTest;

TEST_F(IntrusiveListDeathTest, RefusesAnElementTwice) {
    EXPECT_DEATH(list_.push_back(items_[1]), "assertion failed");
}

} // namespace
