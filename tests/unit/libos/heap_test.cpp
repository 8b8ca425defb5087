// SPDX-License-Identifier: MIT
/// Tests of the heap on memory of the host.
#include "libos/src/heap.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <random>
#include <vector>

namespace {

/// A heap that grows within a fixed piece of memory.
class HeapTest : public testing::Test {
protected:
    static constexpr std::size_t kSize = 1 << 20;

    static auto grow(void* context, std::size_t size, std::byte*& begin) -> std::size_t {
        auto& test = *static_cast<HeapTest*>(context);
        auto const rounded = (size + 4095) / 4096 * 4096;
        if (rounded > kSize - test.used_) {
            return 0;
        }
        begin = test.memory_.get() + test.used_;
        test.used_ += rounded;
        return rounded;
    }

    struct AlignedDelete {
        void operator()(std::byte* memory) const { ::operator delete[](memory, std::align_val_t{4096}); }
    };
    std::unique_ptr<std::byte, AlignedDelete> memory_{
        static_cast<std::byte*>(::operator new[](kSize, std::align_val_t{4096}))};
    std::size_t used_{};
    os::Heap heap_{{.context = this, .grow = grow}};
};

TEST_F(HeapTest, GivesAlignedMemoryOfTheSizeAskedFor) {
    for (std::size_t size = 0; size < 300; ++size) {
        auto* const memory = heap_.allocate(size);
        ASSERT_NE(memory, nullptr);
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % 16, 0U);
        EXPECT_GE(os::Heap::usable_size(memory), size);
        std::memset(memory, 0xAB, size);
    }
    EXPECT_TRUE(heap_.consistent());
}

TEST_F(HeapTest, JoinsNeighboursAgain) {
    auto* const first = heap_.allocate(1000);
    auto* const second = heap_.allocate(1000);
    auto* const third = heap_.allocate(1000);
    auto* const last = heap_.allocate(16);
    heap_.free(first);
    heap_.free(third);
    heap_.free(second);
    EXPECT_TRUE(heap_.consistent());
    EXPECT_EQ(heap_.allocate(2900), first);
    heap_.free(last);
    EXPECT_TRUE(heap_.consistent());
}

TEST_F(HeapTest, UsesFreedMemoryBeforeItGrows) {
    for (int round = 0; round < 1000; ++round) {
        auto* const memory = heap_.allocate(10'000);
        ASSERT_NE(memory, nullptr);
        heap_.free(memory);
    }
    EXPECT_LE(used_, 16384U);
}

TEST_F(HeapTest, AlignsAsAsked) {
    for (std::size_t alignment = 1; alignment <= 16384; alignment *= 2) {
        for (int count = 0; count < 3; ++count) {
            auto* const memory = heap_.allocate(100, alignment);
            ASSERT_NE(memory, nullptr);
            EXPECT_EQ(reinterpret_cast<std::uintptr_t>(memory) % alignment, 0U);
            std::memset(memory, 0xCD, 100);
            EXPECT_TRUE(heap_.consistent());
        }
    }
}

TEST_F(HeapTest, SaysWhenItIsFull) {
    EXPECT_EQ(heap_.allocate(kSize), nullptr);
    EXPECT_EQ(heap_.allocate(~std::size_t{0}), nullptr);
    EXPECT_EQ(heap_.allocate(~std::size_t{0} - 20), nullptr);
    std::vector<void*> all;
    while (auto* const memory = heap_.allocate(5000)) {
        all.push_back(memory);
    }
    EXPECT_GT(all.size(), 190U);
    for (auto* const memory : all) {
        heap_.free(memory);
    }
    EXPECT_TRUE(heap_.consistent());
    EXPECT_NE(heap_.allocate(kSize - 8192), nullptr);
}

TEST_F(HeapTest, ReallocationKeepsTheContents) {
    auto* memory = static_cast<char*>(heap_.reallocate(nullptr, 10));
    std::strcpy(memory, "some text");
    for (std::size_t const size : {20U, 5000U, 100U, 10U}) {
        memory = static_cast<char*>(heap_.reallocate(memory, size));
        ASSERT_NE(memory, nullptr);
        EXPECT_STREQ(memory, "some text");
    }
    EXPECT_EQ(heap_.reallocate(memory, kSize * 2), nullptr);
    EXPECT_STREQ(memory, "some text");
    EXPECT_TRUE(heap_.consistent());
}

TEST_F(HeapTest, StaysConsistentUnderARandomLoad) {
    struct Held {
        std::byte* memory;
        std::size_t size;
        std::byte pattern;
    };
    std::mt19937 random{4711}; // always the same load
    std::vector<Held> held;
    for (int round = 0; round < 20000; ++round) {
        if (held.empty() || random() % 5 < 3) {
            auto const size = std::size_t{random() % (random() % 20 == 0 ? 20000 : 200)};
            auto const alignment = random() % 10 == 0 ? std::size_t{1} << (random() % 10) : std::size_t{16};
            auto* const memory = static_cast<std::byte*>(heap_.allocate(size, alignment));
            if (memory != nullptr) {
                auto const pattern = static_cast<std::byte>(random());
                std::memset(memory, static_cast<int>(pattern), size);
                held.push_back({memory, size, pattern});
                continue;
            }
        }
        auto const index = random() % held.size();
        auto const [memory, size, pattern] = held[index];
        for (std::size_t offset = 0; offset < size; ++offset) {
            ASSERT_EQ(memory[offset], pattern);
        }
        heap_.free(memory);
        held[index] = held.back();
        held.pop_back();
        if (round % 100 == 0) {
            ASSERT_TRUE(heap_.consistent());
        }
    }
    for (auto const& block : held) {
        heap_.free(block.memory);
    }
    EXPECT_TRUE(heap_.consistent());
}

} // namespace
