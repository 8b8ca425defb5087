// SPDX-License-Identifier: MIT
/// Tests of what the pager does about which fault.
#include "libos/src/fault_decision.hpp"

#include <gtest/gtest.h>

namespace {

using os::supervisor::Reason;

constexpr os::DemandRegions kRegions{.stack_begin = base::VirtAddr{0x10'0000},
                                     .stack_end = base::VirtAddr{0x20'0000},
                                     .heap_begin = base::VirtAddr{0x100'0000},
                                     .heap_end = base::VirtAddr{0x100'3000}};

auto fault_at(std::uint64_t address, std::uint64_t access = 0) -> os::Message {
    return {abi::MessageTag{static_cast<std::uint64_t>(abi::FaultKind::VirtualMemory), 4,
                            abi::MessageTag::kFault},
            {0x40'0000, address, access}};
}

auto page_for(std::uint64_t address, std::uint64_t access = 0) -> std::optional<base::VirtAddr> {
    return os::decide(fault_at(address, access), kRegions).page;
}

TEST(FaultDecision, FillsStackAndHeap) {
    EXPECT_EQ(page_for(0x1F'FFF8, abi::fault_access::kWrite), base::VirtAddr{0x1F'F000});
    EXPECT_EQ(page_for(0x10'0000), base::VirtAddr{0x10'0000});
    EXPECT_EQ(page_for(0x100'0000), base::VirtAddr{0x100'0000});
    EXPECT_EQ(page_for(0x100'2FFF, abi::fault_access::kWrite), base::VirtAddr{0x100'2000});
}

TEST(FaultDecision, LeavesEverythingElse) {
    for (std::uint64_t const address :
         std::initializer_list<std::uint64_t>{0, 8, 0x20'0000, 0xFF'FFFF, 0x100'3000, ~std::uint64_t{0}}) {
        auto const decision = os::decide(fault_at(address), kRegions);
        EXPECT_FALSE(decision.page) << std::hex << address;
        EXPECT_EQ(decision.reason, Reason::BadAccess) << std::hex << address;
    }
}

TEST(FaultDecision, RunsNothingOutOfDataPages) {
    EXPECT_FALSE(page_for(0x1F'F000, abi::fault_access::kInstruction));
    EXPECT_FALSE(page_for(0x100'0000, abi::fault_access::kInstruction));
}

TEST(FaultDecision, CallsAStackOverflowByItsName) {
    EXPECT_EQ(os::decide(fault_at(0x0F'FFF8), kRegions).reason, Reason::StackOverflow);
    EXPECT_EQ(os::decide(fault_at(0x10'0000 - os::kStackGuardSize), kRegions).reason, Reason::StackOverflow);
    EXPECT_EQ(os::decide(fault_at(0x10'0000 - os::kStackGuardSize - 1), kRegions).reason, Reason::BadAccess);
}

TEST(FaultDecision, TellsAForbiddenPageFromAMissingOne) {
    auto message = fault_at(0x100'0000);
    message.words[3] = 0x0F;
    auto const decision = os::decide(message, kRegions);
    EXPECT_FALSE(decision.page);
    EXPECT_EQ(decision.reason, Reason::NotAllowed);
}

TEST(FaultDecision, KnowsTheEndOfAStackByItsPointer) {
    EXPECT_TRUE(os::is_near_stack_pointer(0x10'0000, 0x10'0000));
    EXPECT_TRUE(os::is_near_stack_pointer(0x10'0008, 0x10'0000));
    EXPECT_TRUE(os::is_near_stack_pointer(0x0F'8000, 0x10'0000));
    EXPECT_FALSE(os::is_near_stack_pointer(0x10'2000, 0x10'0000));
    EXPECT_FALSE(os::is_near_stack_pointer(0x0E'0000, 0x10'0000));
    EXPECT_FALSE(os::is_near_stack_pointer(0, 0x10'0000));
}

TEST(FaultDecision, MendsOnlyMemoryFaults) {
    auto message = fault_at(0x100'0000);
    message.tag = abi::MessageTag{static_cast<std::uint64_t>(abi::FaultKind::UserException), 4};
    EXPECT_FALSE(os::decide(message, kRegions).page);
}

} // namespace
