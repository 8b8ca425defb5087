// SPDX-License-Identifier: MIT
/// Untyped.retype.
#include "kernel_test.hpp"

#include "kernel/cap/views.hpp"

#include <algorithm>
#include <span>

namespace kernel::test {
namespace {

constexpr CPtr kBlock = kFree;
constexpr CPtr kHere = kFree + 8;
constexpr std::uint8_t kBlockBits = 16;

class UntypedTest : public KernelTest {
protected:
    UntypedTest() { make(ObjectType::Untyped, kBlock, kBlockBits); }

    auto retype(ObjectType type, std::uint8_t bits, std::uint16_t count = 1, CPtr at = kHere,
                CPtr from = kBlock) {
        return error(
            os::object::Untyped{from}.retype(static_cast<std::uint8_t>(type), bits, 0, count, kRoot, 0, at));
    }
    auto view(CPtr at = kBlock) { return UntypedView{slot(at).capability()}; }
    void erase(CPtr at) { EXPECT_EQ(error(kRootNode.delete_(kDepth, at)), Error::None); }
    static auto bytes(std::uint64_t address, std::size_t size) {
        return std::span{reinterpret_cast<std::uint8_t const*>(address), size};
    }
};

TEST_F(UntypedTest, MakesEveryType) {
    EXPECT_EQ(retype(ObjectType::Untyped, 6, 1, kHere), Error::None);
    EXPECT_EQ(retype(ObjectType::CNode, 1, 1, kHere + 1), Error::None);
    for (auto type = static_cast<std::uint8_t>(ObjectType::Tcb);
         type <= static_cast<std::uint8_t>(ObjectType::PageTable); ++type) {
        EXPECT_EQ(retype(static_cast<ObjectType>(type), 0, 1, kHere + type), Error::None);
        EXPECT_EQ(slot(kHere + type).capability().type(), static_cast<ObjectType>(type));
        EXPECT_EQ(slot(kHere + type).capability().address() % 64, 0U);
    }
    EXPECT_EQ(retype(ObjectType::Frame, abi::kSmallFrameBits, 1, kHere + 20), Error::None);
}

TEST_F(UntypedTest, RefusesWhatCannotBeMade) {
    EXPECT_EQ(retype(ObjectType::Null, 0), Error::InvalidArgument);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(retype(ObjectType::IrqControl, 0), Error::InvalidArgument);
    EXPECT_EQ(retype(ObjectType::IrqHandler, 0), Error::InvalidArgument);
    EXPECT_EQ(retype(static_cast<ObjectType>(99), 0), Error::InvalidArgument);
    EXPECT_TRUE(slot(kHere).empty());
}

TEST_F(UntypedTest, RefusesSizesThatDoNotExist) {
    EXPECT_EQ(retype(ObjectType::Frame, 13), Error::InvalidArgument);
    EXPECT_EQ(details().first, 2U);
    EXPECT_EQ(retype(ObjectType::Frame, 11), Error::RangeError);
    EXPECT_EQ(details(), (Details{abi::kSmallFrameBits, abi::kHugeFrameBits}));
    EXPECT_EQ(retype(ObjectType::Untyped, 5), Error::RangeError);
    EXPECT_EQ(retype(ObjectType::Untyped, 41), Error::RangeError);
    EXPECT_EQ(retype(ObjectType::Untyped, 255), Error::RangeError);
    EXPECT_EQ(retype(ObjectType::CNode, 0), Error::RangeError);
    EXPECT_EQ(retype(ObjectType::CNode, 63), Error::RangeError);
}

TEST_F(UntypedTest, WindowMustLieInTheCNode) {
    constexpr std::uint64_t kSlots = 1U << kRootRadix;
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 0), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, abi::kMaxRetypeCount}));
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 257), Error::RangeError);
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, kSlots), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kSlots - 1}));
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 4, kSlots - 3), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 3}));
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, ~std::uint64_t{0}), Error::RangeError);
}

TEST_F(UntypedTest, OccupiedWindowIsLeftAlone) {
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, kHere + 2), Error::None);
    auto const free_before = view().free_offset();
    EXPECT_EQ(retype(ObjectType::Notification, 0, 4), Error::DeleteFirst);
    EXPECT_TRUE(slot(kHere).empty());
    EXPECT_TRUE(slot(kHere + 3).empty());
    EXPECT_EQ(view().free_offset(), free_before);
}

TEST_F(UntypedTest, ExhaustionSaysHowMuchIsLeft) {
    EXPECT_EQ(retype(ObjectType::Frame, 12, 16), Error::None);
    EXPECT_EQ(retype(ObjectType::Frame, 12, 1, kHere + 30), Error::NotEnoughMemory);
    EXPECT_EQ(details().first, 0U);
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, kHere + 30), Error::NotEnoughMemory);
}

TEST_F(UntypedTest, ObjectMustFitAndMayFillAll) {
    for (std::uint8_t bits = kBlockBits + 1; bits <= abi::kMaxUntypedBits; ++bits) {
        EXPECT_EQ(retype(ObjectType::Untyped, bits), Error::NotEnoughMemory) << int{bits};
        EXPECT_EQ(details().first, std::uint64_t{1} << kBlockBits);
    }
    EXPECT_EQ(retype(ObjectType::Untyped, kBlockBits), Error::None);
}

TEST_F(UntypedTest, ObjectsAreAlignedToTheirSize) {
    EXPECT_EQ(retype(ObjectType::Endpoint, 0), Error::None);
    EXPECT_EQ(retype(ObjectType::Frame, 12, 1, kHere + 1), Error::None);
    EXPECT_EQ(FrameView{slot(kHere + 1).capability()}.address(), view().base() + base::kPageSize);
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, kHere + 2), Error::None);
    EXPECT_EQ(slot(kHere + 2).capability().address(), view().base() + 2 * base::kPageSize);
}

TEST_F(UntypedTest, WithoutChildrenItBeginsAgain) {
    EXPECT_EQ(retype(ObjectType::Frame, 12, 16), Error::None);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kBlock)), Error::None);
    EXPECT_EQ(retype(ObjectType::Frame, 12, 16), Error::None);
    for (CPtr at = kHere; at < kHere + 16; ++at) {
        erase(at);
    }
    EXPECT_EQ(retype(ObjectType::Frame, 12, 16), Error::None);
}

TEST_F(UntypedTest, ReusedMemoryIsZero) {
    EXPECT_EQ(retype(ObjectType::Frame, 12, 4), Error::None);
    auto const address = FrameView{slot(kHere).capability()}.address();
    std::ranges::fill(std::span{reinterpret_cast<std::uint8_t*>(address), 4 * base::kPageSize},
                      std::uint8_t{0xEE});
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kBlock)), Error::None);
    EXPECT_EQ(retype(ObjectType::Endpoint, 0), Error::None);
    EXPECT_EQ(retype(ObjectType::Frame, 12, 3, kHere + 1), Error::None);
    auto const zero = [](std::uint8_t byte) { return byte == 0; };
    EXPECT_TRUE(std::ranges::all_of(bytes(address, 64), zero));
    EXPECT_TRUE(std::ranges::all_of(bytes(address + base::kPageSize, 3 * base::kPageSize), zero));
}

TEST_F(UntypedTest, FramesAreWrittenBackToMemory) {
    machine().cache_operations.clear();
    EXPECT_EQ(retype(ObjectType::Frame, 12), Error::None);
    ASSERT_EQ(machine().cache_operations.size(), 1U);
    EXPECT_EQ(machine().cache_operations[0].first, arch::host::CacheOperation::Clean);
}

TEST_F(UntypedTest, WhatIsKnownToBeZeroIsWrittenBackToo) {
    // A retype that is given up leaves memory behind that is clear, and that may become a frame next.
    machine().cache_operations.clear();
    EXPECT_EQ(retype(ObjectType::CNode, 8), Error::None);
    auto const address = slot(kHere).capability().address();
    ASSERT_EQ(machine().cache_operations.size(), 2U);
    EXPECT_EQ(machine().cache_operations[0].first, arch::host::CacheOperation::Clean);
    EXPECT_EQ(machine().cache_operations[0].second.begin, address);
    EXPECT_EQ(machine().cache_operations[1].second.end, address + 2 * base::kPageSize);
}

TEST_F(UntypedTest, ClearingIsPreemptibleAndGoesOn) {
    make(ObjectType::Untyped, kBlock + 1, 22);
    machine().preempt_after = 10;
    EXPECT_EQ(retype(ObjectType::Frame, abi::kLargeFrameBits, 1, kHere, kBlock + 1), Error::None);
    EXPECT_EQ(restarts(), 1U);
    auto const address = FrameView{slot(kHere).capability()}.address();
    EXPECT_TRUE(std::ranges::all_of(bytes(address, std::size_t{1} << abi::kLargeFrameBits),
                                    [](std::uint8_t byte) { return byte == 0; }));
}

TEST_F(UntypedTest, PreemptedClearingKeepsWhatItDid) {
    make(ObjectType::Untyped, kBlock + 1, 22);
    auto const words = abi::Words{static_cast<std::uint64_t>(ObjectType::Frame) | abi::kLargeFrameBits << 8U |
                                      std::uint64_t{1} << 32U,
                                  kRoot, 0, kHere};
    machine().preempt_after = 10;
    auto& other = make_thread(kHere + 40, kMainPriority + 1);
    ASSERT_EQ(current(), &other);
    machine().preempt_after = 10;
    system_call(abi::Syscall::Call, kBlock + 1, {abi::MessageTag{0x101, 4}, words});
    EXPECT_EQ(view(kBlock + 1).free_offset(), std::uint64_t{1} << abi::kLargeFrameBits);
}

TEST_F(UntypedTest, DeviceMemoryBecomesFramesAndUntypedsOnly) {
    EXPECT_EQ(retype(ObjectType::Endpoint, 0, 1, kHere, kDevice), Error::InvalidArgument);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(retype(ObjectType::CNode, 4, 1, kHere, kDevice), Error::InvalidArgument);
    EXPECT_EQ(retype(ObjectType::Untyped, 12, 1, kHere, kDevice), Error::None);
    EXPECT_TRUE(view(kHere).device());
    EXPECT_EQ(retype(ObjectType::Frame, 12, 2, kHere + 1, kDevice), Error::None) << "and is not touched";
    EXPECT_TRUE(FrameView{slot(kHere + 1).capability()}.device());
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kDevice)), Error::None);
}

TEST_F(UntypedTest, DestinationIsFoundFromTheRoot) {
    make(ObjectType::CNode, kHere, 4);
    os::object::Untyped const block{kBlock};
    constexpr auto kEndpoint = static_cast<std::uint8_t>(ObjectType::Endpoint);
    EXPECT_EQ(error(block.retype(kEndpoint, 0, kDepth, 2, kRoot, kHere, 3)), Error::None);
    EXPECT_TRUE(CNodeView{slot(kHere).capability()}.slots()[4].capability().is_endpoint());
    EXPECT_EQ(error(block.retype(kEndpoint, 0, kDepth, 1, kRoot, kTcb, 0)), Error::FailedLookup);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(error(block.retype(kEndpoint, 0, 10, 1, kRoot, kHere, 0)), Error::FailedLookup);
    EXPECT_EQ(error(block.retype(kEndpoint, 0, 65, 1, kRoot, kHere, 0)), Error::RangeError);
    EXPECT_EQ(error(block.retype(kEndpoint, 0, 0, 1, kTcb, 0, 0)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 5U);
}

} // namespace
} // namespace kernel::test
