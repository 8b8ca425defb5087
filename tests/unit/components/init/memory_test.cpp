// SPDX-License-Identifier: MIT
/// init's bookkeeping of untyped and device memory agrees with what the kernel does.
#include "components/init/device_memory.hpp"
#include "components/init/untyped_pool.hpp"

#include <gtest/gtest.h>

#include <map>
#include <random>

namespace {

using init::DeviceMemory;
using init::kCommon;
using init::UntypedPool;

TEST(UntypedPool, TakesWhereTheLeastIsLost) {
    UntypedPool pool;
    EXPECT_TRUE(pool.add(kCommon, 20, 16));
    EXPECT_TRUE(pool.add(kCommon, 21, 20));
    EXPECT_EQ(pool.take(kCommon, 12, 1), 20U); // both without a gap: the smaller
    EXPECT_EQ(pool.take(kCommon, 16, 1), 21U); // 20 is too full
    EXPECT_EQ(pool.take(kCommon, 6, 1), 20U);
    EXPECT_EQ(pool.take(kCommon, 12, 1), 21U); // 20 would lose what aligns it
    EXPECT_EQ(pool.take(kCommon, 21, 1), std::nullopt);
}

TEST(UntypedPool, KeepsOwnersApart) {
    UntypedPool pool;
    EXPECT_TRUE(pool.add(kCommon, 20, 16));
    EXPECT_TRUE(pool.add(3, 21, 14));
    EXPECT_EQ(pool.take(2, 12, 1), std::nullopt);
    EXPECT_EQ(pool.take(3, 12, 4), 21U);
    EXPECT_EQ(pool.take(3, 6, 1), std::nullopt);
    EXPECT_EQ(pool.left(), 1U << 16U);
    EXPECT_EQ(pool.held(3), 1U << 14U);
    EXPECT_EQ(pool.largest(), 16U);
}

TEST(UntypedPool, RefusesWhatTheKernelHasNot) {
    UntypedPool pool;
    EXPECT_FALSE(pool.add(kCommon, 20, 64));
    for (std::size_t index = 0; index < UntypedPool::kMaxBlocks; ++index) {
        EXPECT_TRUE(pool.add(kCommon, 20 + index, 12));
    }
    EXPECT_FALSE(pool.add(kCommon, 9999, 12));
}

TEST(UntypedPool, GivesAnOwnersBlocksAgainWhenTheyAreEmpty) {
    UntypedPool pool;
    EXPECT_TRUE(pool.add(3, 21, 14));
    EXPECT_TRUE(pool.add_given(3, 22, 14));
    EXPECT_TRUE(pool.add_given(4, 23, 14));
    EXPECT_EQ(pool.take(3, 12, 4), 21U);
    EXPECT_EQ(pool.give_again(3, 14), std::nullopt); // its owner has it
    pool.reset(3);
    EXPECT_EQ(pool.give_again(3, 15), std::nullopt);
    EXPECT_EQ(pool.take(3, 12, 4), 21U);
    EXPECT_EQ(pool.take(3, 12, 1), std::nullopt); // nothing else is made of a given block
    EXPECT_EQ(pool.give_again(3, 14), 22U);
    EXPECT_EQ(pool.give_again(3, 14), std::nullopt);
    EXPECT_EQ(pool.give_again(4, 14), std::nullopt);
    EXPECT_EQ(pool.held(3), 2U << 14U);
}

TEST(UntypedPool, NeverGivesTheSameBytesTwice) {
    std::mt19937_64 random{20260103};
    for (int round = 0; round < 200; ++round) {
        UntypedPool pool;
        std::map<abi::CPtr, std::uint64_t> size;
        std::map<abi::CPtr, std::uint64_t> used;
        for (abi::CPtr slot = 16; slot < 20; ++slot) {
            unsigned const bits = 12 + static_cast<unsigned>(random() % 9);
            size[slot] = std::uint64_t{1} << bits;
            EXPECT_TRUE(pool.add(kCommon, slot, bits));
        }
        for (int step = 0; step < 100; ++step) {
            unsigned const bits = 6 + static_cast<unsigned>(random() % 12);
            std::uint64_t const count = 1 + random() % 5;
            auto const slot = pool.take(kCommon, bits, count);
            if (!slot) {
                continue;
            }
            std::uint64_t const object = std::uint64_t{1} << bits;
            used[*slot] = (used[*slot] + object - 1) / object * object + count * object;
            EXPECT_LE(used[*slot], size[*slot]);
        }
        std::uint64_t left = 0;
        for (auto const& [slot, bytes] : size) {
            left += bytes - used[slot];
        }
        EXPECT_EQ(pool.left(), left);
    }
}

/// Stands for the kernel: remembers what address each slot has.
class Halver {
public:
    explicit Halver(std::uint64_t root_address) { address_[100] = root_address; }

    auto operator()(abi::CPtr slot, unsigned bits) -> init::Result<abi::CPtr> {
        abi::CPtr const first = next_;
        next_ += 2;
        address_[first] = address_.at(slot);
        address_[first + 1] = address_.at(slot) + (std::uint64_t{1} << bits);
        address_.erase(slot); // has children now: nothing else may be made of it
        return first;
    }

    [[nodiscard]] auto address(abi::CPtr slot) const -> std::uint64_t { return address_.at(slot); }

private:
    std::map<abi::CPtr, std::uint64_t> address_;
    abi::CPtr next_ = 200;
};

TEST(DeviceMemory, FindsEachPageOnce) {
    constexpr std::uint64_t kBase = 0x0800'0000;
    DeviceMemory memory;
    memory.add(kBase, 100, 27);
    Halver halve{kBase};
    for (std::uint64_t const address :
         {0x0900'0000U, 0x0900'1000U, 0x0A00'3000U, 0x0800'0000U, 0x0FFF'F000U}) {
        auto const slot = memory.take_page(address, halve);
        ASSERT_TRUE(slot.has_value()) << address;
        EXPECT_EQ(halve.address(*slot), address);
        EXPECT_EQ(memory.take_page(address, halve).error().what, "the device is given to someone else");
    }
    EXPECT_EQ(memory.take_page(0x1000'0000, halve).error().what, "the board has no device memory there");
}

TEST(DeviceMemory, StopsWhenThereAreTooManyPieces) {
    DeviceMemory memory;
    memory.add(0, 100, 30);
    Halver halve{0};
    init::Result<abi::CPtr> slot{1};
    for (std::uint64_t page = 0; page < 1000 && slot; ++page) {
        slot = memory.take_page(page * 0x40'0000 % 0x4000'0000 + page / 256 * 0x1000, halve);
    }
    ASSERT_FALSE(slot.has_value());
    EXPECT_EQ(slot.error().what, "there are too many pieces of device memory");
}

} // namespace
