// SPDX-License-Identifier: MIT
/// Resolution of capability addresses over levels and guards.
#include "kernel_test.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/object/cspace.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kNodes = kFree;
constexpr unsigned kLevels = 64;

class CSpaceTest : public KernelTest {
protected:
    /// Chains 64 CNodes of two slots: slot `bit` of each leads to the next, bit by bit of `path`; the last
    /// holds a copy of the first thread's TCB.
    auto chain(std::uint64_t path) -> Capability {
        make(ObjectType::CNode, kNodes, 1, kLevels);
        for (unsigned level = 0; level < kLevels; ++level) {
            auto const bit = path >> (kLevels - 1 - level) & 1U;
            auto const next = level + 1 < kLevels ? kNodes + level + 1 : kTcb;
            os::object::CNode const node{kNodes + level};
            EXPECT_EQ(error(node.copy(1, kDepth, abi::rights::kAll, bit, kRoot, next)), Error::None);
        }
        return slot(kNodes).capability();
    }
};

TEST_F(CSpaceTest, SixtyFourOneBitLevelsResolveAFullAddress) {
    constexpr std::uint64_t kPath = 0x5EED'1234'ABCD'0F0F;
    auto const root = chain(kPath);
    auto* const found = cspace::lookup(root, kPath);
    ASSERT_NE(found, nullptr);
    EXPECT_TRUE(found->capability().is(ObjectType::Tcb));
    for (unsigned bit = 0; bit < kLevels; ++bit) {
        auto* const other = cspace::lookup(root, kPath ^ base::power_of_two(bit));
        EXPECT_TRUE(other == nullptr || other->empty()) << "bit " << bit;
    }
}

TEST_F(CSpaceTest, GuardMustMatch) {
    make(ObjectType::CNode, kNodes, 4);
    mint(kNodes + 1, kNodes, 0x123U << 6U | 60U);
    auto const node = slot(kNodes + 1).capability();
    EXPECT_NE(cspace::lookup(node, 0x1237), nullptr);
    EXPECT_EQ(cspace::lookup(node, 0x1247), nullptr);
    EXPECT_EQ(cspace::lookup(node, 0x7), nullptr);
}

TEST_F(CSpaceTest, LookupEndsWhereNoCNodeFollows) {
    make(ObjectType::CNode, kNodes, 4);
    auto const node = slot(kNodes).capability();
    auto const shallow = cspace::resolve(node, 5, 4);
    ASSERT_TRUE(shallow);
    EXPECT_EQ(*shallow, CNodeView{node}.slots() + 5);
    auto const deep = cspace::resolve(node, 5, 8);
    ASSERT_FALSE(deep);
    EXPECT_EQ(deep.error().bits_left, 4U);
    auto const short_of_bits = cspace::resolve(node, 5, 3);
    ASSERT_FALSE(short_of_bits);
    EXPECT_EQ(short_of_bits.error().bits_left, 3U);
}

TEST_F(CSpaceTest, WhatIsNoCNodeResolvesNothing) {
    EXPECT_EQ(cspace::lookup(slot(kTcb).capability(), 0), nullptr);
    EXPECT_EQ(cspace::lookup(Capability{}, 0), nullptr);
}

TEST_F(CSpaceTest, CyclicCNodesTerminate) {
    make(ObjectType::CNode, kNodes, 1);
    os::object::CNode const node{kNodes};
    EXPECT_EQ(error(node.copy(1, kDepth, abi::rights::kAll, 0, kRoot, kNodes)), Error::None);
    EXPECT_EQ(error(node.copy(1, kDepth, abi::rights::kAll, 1, kRoot, kNodes)), Error::None);
    EXPECT_NE(cspace::lookup(slot(kNodes).capability(), 0x0F0F), nullptr);
}

} // namespace
} // namespace kernel::test
