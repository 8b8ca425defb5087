// SPDX-License-Identifier: MIT
/// The serial numbers of address spaces, by which mappings name them.
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

} // namespace
} // namespace kernel::test
