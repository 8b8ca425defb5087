// SPDX-License-Identifier: MIT
/// The serial numbers of address spaces, by which mappings name them, and spaces larger than others.
#include "kernel_test.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kSpace = kFree;
constexpr CPtr kSpaces = 3;

class VSpaceTest : public KernelTest {
protected:
    VSpaceTest() { make(ObjectType::VSpace, kSpace, 0, kSpaces); }
    auto serial(CPtr space) -> std::uint64_t { return object<VSpace>(space).serial(); }
};

TEST_F(VSpaceTest, NoTwoLiveSpacesShareASerialNumber) {
    for (CPtr space = kSpace; space < kSpace + kSpaces; ++space) {
        auto& live = object<VSpace>(space);
        EXPECT_EQ(vspace::find(Mapping::make(live.serial(), base::VirtAddr{0})), &live);
        EXPECT_EQ(vspace::unused_serial(serial(space) - 1), serial(kSpace + kSpaces - 1) + 1)
            << "those of all three are left out";
    }
}

TEST_F(VSpaceTest, TheSerialNumberOfADeadSpaceCanBeUsedAgain) {
    auto const dead = serial(kSpace + 1);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kSpace + 1)), Error::None);
    EXPECT_EQ(vspace::find(Mapping::make(dead, base::VirtAddr{0})), nullptr);
    EXPECT_EQ(vspace::unused_serial(dead - 1), dead);
}

TEST_F(VSpaceTest, AfterTheLastSerialNumberComesTheFirst) {
    EXPECT_EQ(vspace::unused_serial(Mapping::kMaxSerial - 1), Mapping::kMaxSerial);
    auto const first = vspace::unused_serial(Mapping::kMaxSerial);
    EXPECT_EQ(first, vspace::unused_serial(0));
    EXPECT_NE(first, 0U) << "0 is that of no mapping";
}

TEST_F(VSpaceTest, NobodyCanFillOneBucket) {
    constexpr CPtr kCandidates = kFree + 400;
    constexpr CPtr kKept = kFree + 600;
    constexpr std::uint16_t kCount = vspace::kBuckets;
    constexpr CPtr kRounds = 20;
    auto const bucket = serial(kSpace) % vspace::kBuckets;
    CPtr kept = 0;
    for (CPtr round = 0; round < kRounds; ++round) {
        make(ObjectType::VSpace, kCandidates, 0, kCount);
        for (CPtr at = kCandidates; at < kCandidates + kCount; ++at) {
            if (serial(at) % vspace::kBuckets == bucket) {
                EXPECT_EQ(error(kRootNode.move(kDepth, kDepth, kKept + kept++, kRoot, at)), Error::None);
            }
            EXPECT_EQ(error(kRootNode.delete_(kDepth, at)), Error::None);
        }
    }
    EXPECT_LE(kept, 2U) << "who unmaps a page of a space in this bucket would pay for each";
}

TEST_F(VSpaceTest, AMappingKeepsSerialNumberAndAddressApart) {
    constexpr base::VirtAddr kLast{(std::uint64_t{1} << 47U) - base::kPageSize};
    auto const mapping = Mapping::make(Mapping::kMaxSerial, kLast);
    EXPECT_EQ(mapping.serial(), Mapping::kMaxSerial);
    EXPECT_EQ(mapping.address(), kLast);
    auto const other = Mapping::make(1, base::VirtAddr{0});
    EXPECT_TRUE(other.mapped());
    EXPECT_EQ(other.serial(), 1U);
    EXPECT_EQ(other.address(), base::VirtAddr{0});
}

constexpr std::uint8_t kMoreBits = 9;
constexpr CPtr kLarge = kFree + 10;
constexpr CPtr kTables = kFree + 11;
constexpr CPtr kFrame = kFree + 20;
constexpr CPtr kNowhere = kFree + 30;
constexpr std::uint64_t kSmallEnd = std::uint64_t{1} << abi::kUserAddressBits;
constexpr std::uint64_t kLargeEnd = kSmallEnd << kMoreBits;

class LargeSpaceTest : public VSpaceTest {
protected:
    auto made(std::uint8_t extra_bits) -> Error {
        return error(kMemory.retype(static_cast<std::uint8_t>(ObjectType::VSpace), extra_bits, 0, 1, kRoot, 0,
                                    kNowhere));
    }
    auto mapped(CPtr space, std::uint64_t address) -> Error {
        return error(os::object::Frame{kFrame}.map(abi::rights::kRead, 0, space, address));
    }
};

TEST_F(LargeSpaceTest, ItsSizeIsThatOfALevel) {
    EXPECT_EQ(made(kMoreBits + 1), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kMoreBits}));
    EXPECT_EQ(made(kMoreBits - 1), Error::InvalidArgument);
    EXPECT_EQ(details().first, 2U);
    EXPECT_EQ(made(kMoreBits), Error::None);
}

TEST_F(LargeSpaceTest, AMachineWithoutTheLevelRefusesIt) {
    machine().extra_bits = 0;
    EXPECT_EQ(made(kMoreBits), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, 0}));
    EXPECT_EQ(made(0), Error::None);
}

TEST_F(LargeSpaceTest, HasOneTableMoreAndItsOwnLimit) {
    make(ObjectType::VSpace, kLarge, kMoreBits);
    make(ObjectType::PageTable, kTables, 0, 3);
    make(ObjectType::Frame, kFrame, abi::kSmallFrameBits);
    constexpr std::uint64_t kLast = kLargeEnd - base::kPageSize;
    os::object::VSpace const large{kLarge};
    EXPECT_EQ(mapped(kLarge, kLargeEnd), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kLast}));
    EXPECT_EQ(mapped(kSpace, kSmallEnd), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kSmallEnd - base::kPageSize}));
    EXPECT_EQ(error(large.probe(kLargeEnd)), Error::RangeError);
    for (CPtr table = kTables; table < kTables + 3; ++table) {
        auto const level = table - kTables + 1;
        EXPECT_EQ(*large.probe(kLast), level);
        EXPECT_EQ(mapped(kLarge, kLast), Error::FailedLookup);
        EXPECT_EQ(details(), (Details{1, level}));
        EXPECT_EQ(error(os::object::PageTable{table}.map(kLarge, kLast)), Error::None);
    }
    EXPECT_EQ(*large.probe(kLast), 0U);
    EXPECT_EQ(mapped(kLarge, kLast), Error::None);
    EXPECT_EQ(os::object::Frame{kFrame}.info()->mapped_address, kLast);
    EXPECT_EQ(*large.probe(0), 1U) << "the far end has tables of its own";
}

TEST_F(LargeSpaceTest, ATopTableTakesWhatIsBelowItAway) {
    make(ObjectType::VSpace, kLarge, kMoreBits);
    make(ObjectType::PageTable, kTables, 0, 3);
    make(ObjectType::Frame, kFrame, abi::kSmallFrameBits);
    for (CPtr table = kTables; table < kTables + 3; ++table) {
        EXPECT_EQ(error(os::object::PageTable{table}.map(kLarge, kSmallEnd)), Error::None);
    }
    EXPECT_EQ(mapped(kLarge, kSmallEnd), Error::None);
    EXPECT_EQ(error(os::object::PageTable{kTables}.unmap()), Error::None);
    EXPECT_EQ(*os::object::VSpace{kLarge}.probe(kSmallEnd), 1U);
    EXPECT_EQ(os::object::Frame{kFrame}.info()->mapped_address, 0U);
}

} // namespace
} // namespace kernel::test
