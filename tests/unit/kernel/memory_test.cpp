// SPDX-License-Identifier: MIT
/// Frames, page tables, address spaces.
#include "kernel_test.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/object/vspace.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kSpace = kFree;
constexpr CPtr kTables = kFree + 1;
constexpr CPtr kPage = kFree + 10;
constexpr CPtr kCopy = kFree + 11;
constexpr CPtr kLarge = kFree + 12;
constexpr std::uint64_t kAddress = 0x4020'3000;
constexpr std::uint64_t kUserEnd = std::uint64_t{1} << abi::kUserAddressBits;
constexpr std::uint8_t kReadWrite = abi::rights::kRead | abi::rights::kWrite;
constexpr std::uint8_t kEverything = kReadWrite | abi::rights::kExecute;
using arch::MemoryKind;
using Format = arch::PageTableFormat;
using os::object::Frame;
using os::object::PageTable;

class MemoryTest : public KernelTest {
protected:
    MemoryTest() {
        make(ObjectType::VSpace, kSpace);
        make(ObjectType::PageTable, kTables, 0, 4);
        make(ObjectType::Frame, kPage, abi::kSmallFrameBits);
        make(ObjectType::Frame, kLarge, abi::kLargeFrameBits);
    }
    void map_tables() {
        EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kAddress)), Error::None);
        EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kAddress)), Error::None);
    }
    auto space() -> VSpace& { return object<VSpace>(kSpace); }
    auto map(CPtr frame, std::uint64_t address, std::uint8_t rights = kReadWrite,
             std::uint8_t attributes = 0) {
        return error(Frame{frame}.map(rights, attributes, kSpace, address));
    }
    auto entry(std::uint64_t address, unsigned level = vspace::kLastLevel) {
        return vspace::walk(space(), base::VirtAddr{address}, level).value();
    }
    auto leaf(CPtr frame, std::uint8_t rights, MemoryKind kind = MemoryKind::Normal, unsigned level = 2) {
        auto const physical = arch::Memory::physical(FrameView{slot(frame).capability()}.address());
        return Format::leaf(physical, level, rights, kind);
    }
    void copy(CPtr to, CPtr from, std::uint8_t rights = abi::rights::kAll) {
        EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, rights, to, kRoot, from)), Error::None);
    }
    void erase(CPtr at) { EXPECT_EQ(error(kRootNode.delete_(kDepth, at)), Error::None); }
};

TEST_F(MemoryTest, MapsAFrame) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kPage, kReadWrite));
    EXPECT_EQ(Frame{kPage}.info()->mapped_address, kAddress);
}

TEST_F(MemoryTest, RightsAreTheLesserOfCapabilityAndRequest) {
    map_tables();
    copy(kCopy, kPage, abi::rights::kRead);
    EXPECT_EQ(map(kCopy, kAddress, kEverything), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kPage, abi::rights::kRead));
    EXPECT_EQ(map(kPage, kAddress + base::kPageSize, kEverything), Error::None);
    EXPECT_EQ(entry(kAddress + base::kPageSize), leaf(kPage, kEverything));
}

TEST_F(MemoryTest, NobodyReadsWhatMayOnlyBeWritten) {
    map_tables();
    copy(kCopy, kPage, abi::rights::kWrite);
    EXPECT_EQ(map(kCopy, kAddress, kEverything), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kPage, 0));
    EXPECT_EQ(map(kPage, kAddress + base::kPageSize, abi::rights::kWrite), Error::None);
    EXPECT_EQ(entry(kAddress + base::kPageSize), leaf(kPage, 0));
}

TEST_F(MemoryTest, MappingAgainChangesTheRights) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    machine().invalidated_pages.clear();
    EXPECT_EQ(map(kPage, kAddress, abi::rights::kRead), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kPage, abi::rights::kRead));
    EXPECT_EQ(machine().invalidated_pages, (std::vector{base::VirtAddr{kAddress}}));
}

TEST_F(MemoryTest, MapRefusals) {
    EXPECT_EQ(map(kPage, kAddress + 8), Error::AlignmentError);
    EXPECT_EQ(map(kLarge, kAddress), Error::AlignmentError);
    EXPECT_EQ(map(kPage, kUserEnd), Error::RangeError);
    EXPECT_EQ(map(kPage, ~std::uint64_t{0xFFF}), Error::RangeError);
    EXPECT_EQ(map(kPage, kAddress, kReadWrite, 2), Error::InvalidArgument);
    EXPECT_EQ(details().first, 2U);
    EXPECT_EQ(error(Frame{kPage}.map(kReadWrite, 0, kPage, kAddress)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 3U);
    EXPECT_FALSE(FrameView{slot(kPage).capability()}.mapping().mapped());
}

TEST_F(MemoryTest, RangeErrorsTellWhatIsAllowed) {
    EXPECT_EQ(map(kPage, kUserEnd), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kUserEnd - base::kPageSize}));
    EXPECT_EQ(map(kPage, details().second), Error::FailedLookup) << "the address would do";
    EXPECT_EQ(map(kLarge, kUserEnd), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kUserEnd - base::power_of_two(abi::kLargeFrameBits)}));
    EXPECT_EQ(map(kLarge, details().second), Error::FailedLookup);
    EXPECT_EQ(error(os::object::VSpace{kSpace}.probe(kUserEnd)), Error::RangeError);
    EXPECT_EQ(*os::object::VSpace{kSpace}.probe(details().second), 1U);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kUserEnd)), Error::RangeError);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, details().second)), Error::None);
    Frame const frame{kPage};
    EXPECT_EQ(error(frame.clean(64, 64)), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, 63})) << "of the first byte";
    EXPECT_EQ(error(frame.clean(0, 0)), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, base::kPageSize})) << "of the end";
}

TEST_F(MemoryTest, MissingTableIsNamed) {
    EXPECT_EQ(map(kPage, kAddress), Error::FailedLookup);
    EXPECT_EQ(details(), (Details{1, 1}));
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(map(kPage, kAddress), Error::FailedLookup);
    EXPECT_EQ(details(), (Details{1, 2}));
    EXPECT_EQ(map(kLarge, kAddress & ~std::uint64_t{0x1F'FFFF}), Error::None);
}

TEST_F(MemoryTest, OccupiedPlaceIsRefused) {
    map_tables();
    copy(kCopy, kPage);
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(map(kCopy, kAddress), Error::DeleteFirst);
    auto const block = kAddress & ~std::uint64_t{0x1F'FFFF};
    EXPECT_EQ(map(kLarge, block), Error::DeleteFirst) << "a table is there";
    EXPECT_EQ(map(kLarge, block + 0x20'0000), Error::None);
    EXPECT_EQ(map(kCopy, block + 0x20'0000), Error::DeleteFirst) << "a large frame is there";
}

TEST_F(MemoryTest, OneCapabilityMapsOnce) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(map(kPage, kAddress + base::kPageSize), Error::InvalidArgument);
    EXPECT_EQ(details().first, 4U);
    EXPECT_EQ(entry(kAddress + base::kPageSize), 0U);
    copy(kCopy, kPage);
    EXPECT_EQ(map(kCopy, kAddress + base::kPageSize), Error::None);
}

TEST_F(MemoryTest, UnmapEmptiesTheEntryAndTheTlb) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    machine().invalidated_pages.clear();
    EXPECT_EQ(error(Frame{kPage}.unmap()), Error::None);
    EXPECT_EQ(entry(kAddress), 0U);
    EXPECT_EQ(machine().invalidated_pages.size(), 1U);
    EXPECT_EQ(error(Frame{kPage}.unmap()), Error::None) << "it is not an error twice";
    EXPECT_EQ(map(kPage, kAddress + base::kPageSize), Error::None);
}

TEST_F(MemoryTest, DeletingTheCapabilityUnmapsItsMappingOnly) {
    map_tables();
    copy(kCopy, kPage);
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(map(kCopy, kAddress + base::kPageSize), Error::None);
    erase(kCopy);
    EXPECT_EQ(entry(kAddress + base::kPageSize), 0U);
    EXPECT_NE(entry(kAddress), 0U);
}

TEST_F(MemoryTest, MovedCapabilityKeepsItsMapping) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(error(kRootNode.move(kDepth, kDepth, kCopy, kRoot, kPage)), Error::None);
    EXPECT_NE(entry(kAddress), 0U);
    erase(kCopy);
    EXPECT_EQ(entry(kAddress), 0U);
}

TEST_F(MemoryTest, AttributesChooseTheMemoryKind) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress, kReadWrite, 1), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kPage, kReadWrite, MemoryKind::Uncached));
}

TEST_F(MemoryTest, DeviceMemoryIsNeverCachedNorExecutable) {
    map_tables();
    os::object::Untyped const device{kDevice};
    EXPECT_EQ(error(device.retype(static_cast<std::uint8_t>(ObjectType::Frame), 12, 0, 1, kRoot, 0, kCopy)),
              Error::None);
    EXPECT_EQ(map(kCopy, kAddress, kEverything), Error::None);
    EXPECT_EQ(entry(kAddress), leaf(kCopy, kReadWrite, MemoryKind::Device));
    auto const info = Frame{kCopy}.info();
    EXPECT_TRUE(info->is_device);
    EXPECT_EQ(info->physical_address, 0x0900'0000U);
    EXPECT_EQ(error(Frame{kCopy}.clean(0, 64)), Error::IllegalOperation);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kDevice)), Error::None);
    EXPECT_EQ(entry(kAddress), 0U);
}

TEST_F(MemoryTest, TablesFillTheMissingLevels) {
    os::object::VSpace const space{kSpace};
    EXPECT_EQ(*space.probe(kAddress), 1U);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(*space.probe(kAddress), 2U);
    EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(*space.probe(kAddress), 0U);
    EXPECT_EQ(error(space.probe(kUserEnd)), Error::RangeError);
}

TEST_F(MemoryTest, TableMapRefusals) {
    map_tables();
    EXPECT_EQ(error(PageTable{kTables + 2}.map(kSpace, kAddress)), Error::DeleteFirst);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, 0)), Error::IllegalOperation) << "mapped already";
    EXPECT_EQ(error(PageTable{kTables + 2}.map(kSpace, kUserEnd)), Error::RangeError);
    EXPECT_EQ(error(PageTable{kTables + 2}.map(kTables, 0)), Error::InvalidCapability);
    auto const block = kAddress + 0x20'0000;
    EXPECT_EQ(map(kLarge, block & ~std::uint64_t{0x1F'FFFF}), Error::None);
    EXPECT_EQ(error(PageTable{kTables + 2}.map(kSpace, block)), Error::DeleteFirst)
        << "a large frame is there";
}

TEST_F(MemoryTest, UnmappedTableForgetsItsEntries) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    EXPECT_EQ(error(PageTable{kTables + 1}.unmap()), Error::None);
    EXPECT_EQ(Frame{kPage}.info()->mapped_address, 0U);
    EXPECT_EQ(machine().invalidated_spaces, 1U);
    constexpr std::uint64_t kElsewhere = 0x4080'3000;
    EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kElsewhere)), Error::None);
    EXPECT_EQ(entry(kElsewhere), 0U);
    EXPECT_EQ(map(kPage, kElsewhere), Error::None) << "its old mapping is history";
}

TEST_F(MemoryTest, DeletedTableLeavesTheAddressSpace) {
    map_tables();
    erase(kTables + 1);
    EXPECT_EQ(*os::object::VSpace{kSpace}.probe(kAddress), 2U);
}

TEST_F(MemoryTest, TableWithCopiesIsNotUnmapped) {
    map_tables();
    copy(kCopy, kTables + 1);
    EXPECT_EQ(error(PageTable{kTables + 1}.unmap()), Error::RevokeFirst);
    erase(kTables + 1);
    EXPECT_EQ(*os::object::VSpace{kSpace}.probe(kAddress), 0U);
    EXPECT_EQ(error(PageTable{kCopy}.unmap()), Error::None);
    EXPECT_EQ(*os::object::VSpace{kSpace}.probe(kAddress), 2U);
}

TEST_F(MemoryTest, MappingsOfADeadAddressSpaceAreHistory) {
    map_tables();
    EXPECT_EQ(map(kPage, kAddress), Error::None);
    erase(kSpace);
    EXPECT_EQ(Frame{kPage}.info()->mapped_address, 0U);
    make(ObjectType::VSpace, kSpace);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(*os::object::VSpace{kSpace}.probe(kAddress), 2U) << "the table was emptied";
    EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(entry(kAddress), 0U);
    EXPECT_EQ(map(kPage, kAddress), Error::None);
}

TEST_F(MemoryTest, StaleTableCopyCannotLinkTheTableTwice) {
    map_tables();
    copy(kCopy, kTables + 1);
    erase(kSpace);
    make(ObjectType::VSpace, kSpace);
    EXPECT_EQ(error(PageTable{kTables}.map(kSpace, kAddress)), Error::None);
    EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kAddress)), Error::RevokeFirst);
    erase(kCopy);
    EXPECT_EQ(error(PageTable{kTables + 1}.map(kSpace, kAddress)), Error::None);
}

TEST_F(MemoryTest, CacheOperationsWorkOnRangesOfAFrame) {
    machine().cache_operations.clear();
    Frame const frame{kPage};
    auto const start = FrameView{slot(kPage).capability()}.address();
    EXPECT_EQ(error(frame.clean(0, 64)), Error::None);
    EXPECT_EQ(error(frame.clean_invalidate(64, 128)), Error::None);
    EXPECT_EQ(error(frame.unify(0, base::kPageSize)), Error::None);
    EXPECT_EQ(error(frame.invalidate(128, 192)), Error::None);
    ASSERT_EQ(machine().cache_operations.size(), 4U);
    EXPECT_EQ(machine().cache_operations[1].second.begin, start + 64);
    EXPECT_EQ(machine().cache_operations[2].second.end, start + base::kPageSize);
    EXPECT_EQ(error(frame.clean(0, base::kPageSize + 1)), Error::RangeError);
    EXPECT_EQ(error(frame.clean(64, 64)), Error::RangeError);
    EXPECT_EQ(error(frame.clean(~std::uint64_t{0}, 64)), Error::RangeError);
    copy(kCopy, kPage, abi::rights::kRead);
    EXPECT_EQ(error(Frame{kCopy}.invalidate(0, 64)), Error::IllegalOperation);
}

TEST_F(MemoryTest, CacheOperationsArePreemptible) {
    machine().cache_operations.clear();
    auto const start = FrameView{slot(kLarge).capability()}.address();
    auto const size = FrameView{slot(kLarge).capability()}.size();
    machine().preempt_after = 3;
    EXPECT_EQ(error(Frame{kLarge}.clean_invalidate(64, size)), Error::None);
    EXPECT_EQ(restarts(), 1U);
    auto at = start + 64;
    for (auto const& [operation, range] : machine().cache_operations) {
        EXPECT_EQ(range.begin, at) << "nothing is left out, nothing done twice";
        at = range.end;
    }
    EXPECT_EQ(at, start + size);
}

} // namespace
} // namespace kernel::test
