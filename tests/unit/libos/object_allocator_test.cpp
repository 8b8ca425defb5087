// SPDX-License-Identifier: MIT
/// Tests of the object allocator against a model of the kernel's untyped memory.
#include "libos/src/object_allocator.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <random>
#include <set>

namespace {

using abi::ObjectType;

/// What the kernel knows: each untyped's free index and children.
struct Model {
    struct Memory {
        unsigned bits{};
        std::uint64_t used{};
        std::size_t children{};
    };
    std::map<abi::CPtr, Memory> untypeds;
    std::map<abi::CPtr, abi::CPtr> parents; ///< of the object in a slot
    std::set<abi::CPtr> taken;
    std::size_t slots{1000};
    std::size_t refusals{};

    auto retype(abi::CPtr untyped, os::ObjectRequest const& request, abi::CPtr first)
        -> std::expected<void, abi::Error> {
        auto& memory = untypeds.at(untyped);
        if (memory.children == 0) {
            memory.used = 0;
        }
        auto const start = base::align_up(memory.used, request.object_bits());
        auto const size = request.count << request.object_bits();
        if (!base::fits(start, size, std::uint64_t{1} << memory.bits)) {
            ++refusals;
            return std::unexpected(abi::Error::NotEnoughMemory);
        }
        memory.used = start + size;
        for (auto slot = first; slot < first + request.count; ++slot) {
            ++memory.children;
            EXPECT_FALSE(parents.contains(slot));
            parents[slot] = untyped;
            if (request.type == ObjectType::Untyped) {
                untypeds[slot] = Memory{.bits = request.size_bits};
            }
        }
        return {};
    }

    auto allocate_slot(std::size_t count) -> std::expected<abi::CPtr, abi::Error> {
        for (abi::CPtr first = 10; first + count <= slots; ++first) {
            auto const next = taken.lower_bound(first);
            if (next != taken.end() && *next < first + count) {
                continue;
            }
            for (auto slot = first; slot < first + count; ++slot) {
                taken.insert(slot);
            }
            return first;
        }
        return std::unexpected(abi::Error::RangeError);
    }

    void free_slot(abi::CPtr first, std::size_t count) {
        for (auto slot = first; slot < first + count; ++slot) {
            EXPECT_EQ(taken.erase(slot), 1U);
        }
    }

    void delete_objects(abi::CPtr first, std::size_t count) {
        for (auto slot = first; slot < first + count; ++slot) {
            --untypeds.at(parents.at(slot)).children;
            parents.erase(slot);
        }
        free_slot(first, count);
    }
};

/// The allocator holds its kernel by value.
struct Kernel {
    Model* model;
    auto retype(abi::CPtr untyped, os::ObjectRequest const& request, abi::CPtr first) const {
        return model->retype(untyped, request, first);
    }
    auto allocate_slot(std::size_t count) const { return model->allocate_slot(count); }
    void free_slot(abi::CPtr first, std::size_t count) const { model->free_slot(first, count); }
};

class ObjectAllocatorTest : public testing::Test {
protected:
    static constexpr abi::CPtr kRootSlot = 9;

    void start(unsigned bits) {
        model_.untypeds[kRootSlot] = {.bits = bits};
        allocator_ = os::ObjectAllocator<Kernel>{Kernel{&model_}, kRootSlot, bits};
    }

    auto make(ObjectType type, unsigned size_bits = 0, std::size_t count = 1) {
        return allocator_.make({.type = type, .size_bits = size_bits, .count = count});
    }

    Model model_;
    os::ObjectAllocator<Kernel> allocator_;
};

TEST_F(ObjectAllocatorTest, KeepsPagesAndSmallObjectsApart) {
    start(20);
    auto const endpoint = make(ObjectType::Endpoint);
    auto const frame = make(ObjectType::Frame, 12);
    auto const tcb = make(ObjectType::Tcb);
    ASSERT_TRUE(endpoint && frame && tcb);
    EXPECT_EQ(endpoint->block, tcb->block);
    EXPECT_NE(endpoint->block, frame->block);
}

TEST_F(ObjectAllocatorTest, RefusesWhatIsNotMadeOfMemory) {
    start(20);
    EXPECT_EQ(make(ObjectType::IrqControl).error(), abi::Error::InvalidArgument);
    EXPECT_EQ(make(ObjectType::Endpoint, 0, 0).error(), abi::Error::InvalidArgument);
    EXPECT_EQ(make(ObjectType::Frame, 12, abi::kMaxRetypeCount + 1).error(), abi::Error::InvalidArgument);
    EXPECT_TRUE(model_.taken.empty());
}

TEST_F(ObjectAllocatorTest, UsesNearlyAllMemoryForPages) {
    start(20);
    std::size_t frames = 0;
    while (make(ObjectType::Frame, 12)) {
        ++frames;
    }
    EXPECT_EQ(frames, 256U);
    EXPECT_EQ(make(ObjectType::Frame, 12).error(), abi::Error::NotEnoughMemory);
}

TEST_F(ObjectAllocatorTest, DoesNotAskTheKernelAgainAndAgain) {
    start(18);
    while (make(ObjectType::Frame, 12)) {
    }
    auto const before = model_.refusals;
    for (int round = 0; round < 100; ++round) {
        EXPECT_FALSE(make(ObjectType::Frame, 12));
    }
    EXPECT_EQ(model_.refusals, before);
}

TEST_F(ObjectAllocatorTest, ReusesMemoryWhoseObjectsAreGone) {
    start(18);
    for (int round = 0; round < 50; ++round) {
        std::deque<os::ObjectAllocator<Kernel>::Made> made;
        while (auto const frame = make(ObjectType::Frame, 12)) {
            made.push_back(*frame);
        }
        EXPECT_GE(made.size(), 60U) << round;
        for (auto const& frame : made) {
            model_.delete_objects(frame.first_slot, 1);
            allocator_.release(frame.block, 1);
        }
    }
}

TEST_F(ObjectAllocatorTest, GivesSlotsBackWhenMemoryIsShort) {
    start(14);
    auto const before = model_.taken.size();
    EXPECT_EQ(make(ObjectType::Frame, 12, 8).error(), abi::Error::NotEnoughMemory);
    EXPECT_EQ(model_.taken.size(), before);
    EXPECT_TRUE(make(ObjectType::Frame, 12, 4));
}

TEST_F(ObjectAllocatorTest, SaysWhenSlotsAreShort) {
    start(24);
    model_.slots = 14;
    EXPECT_TRUE(make(ObjectType::Frame, 12));
    EXPECT_EQ(make(ObjectType::Frame, 12, 10).error(), abi::Error::RangeError);
}

TEST_F(ObjectAllocatorTest, MakesObjectsLargerThanABlock) {
    start(23);
    EXPECT_TRUE(make(ObjectType::Frame, 21));
    EXPECT_TRUE(make(ObjectType::CNode, 12));
    EXPECT_TRUE(make(ObjectType::Frame, 12, 256));
}

TEST_F(ObjectAllocatorTest, GoesOnWithMoreMemory) {
    start(14);
    while (make(ObjectType::Frame, 12)) {
    }
    constexpr abi::CPtr kMore = 8;
    model_.untypeds[kMore] = {.bits = 16};
    EXPECT_TRUE(allocator_.add(kMore, 16));
    std::size_t frames = 0;
    while (make(ObjectType::Frame, 12)) {
        ++frames;
    }
    EXPECT_EQ(frames, 16U);
}

TEST_F(ObjectAllocatorTest, SurvivesARandomLoad) {
    start(21);
    std::mt19937 random{99}; // always the same load
    struct Held {
        os::ObjectAllocator<Kernel>::Made made;
        std::size_t count;
    };
    std::deque<Held> held;
    std::size_t failures = 0;
    for (int round = 0; round < 5000; ++round) {
        if (held.size() < 60 && random() % 2 == 0) {
            constexpr std::array kTypes{ObjectType::Frame, ObjectType::Tcb, ObjectType::Endpoint,
                                        ObjectType::PageTable, ObjectType::Notification};
            auto const count = random() % 4 == 0 ? 1 + random() % 8 : 1;
            auto const made = make(kTypes.at(random() % kTypes.size()), 12, count);
            if (made) {
                held.push_back({*made, count});
            }
            failures += made ? 0U : 1U;
        } else if (!held.empty()) {
            auto const index = random() % held.size();
            model_.delete_objects(held[index].made.first_slot, held[index].count);
            allocator_.release(held[index].made.block, held[index].count);
            held.erase(held.begin() + static_cast<std::ptrdiff_t>(index));
        }
    }
    EXPECT_EQ(failures, 0U);
    for (os::MemoryBlock block = 2; block <= allocator_.block_count(); ++block) {
        EXPECT_LE(allocator_.live(block), 500U);
    }
}

} // namespace
