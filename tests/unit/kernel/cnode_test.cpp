// SPDX-License-Identifier: MIT
/// The invocations of CNodes: what they do, each refusal with its error, and that a refusal changes nothing.
#include "kernel_test.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kSource = kFree;
constexpr CPtr kDestination = kFree + 1;
constexpr CPtr kOther = kFree + 2;
constexpr auto kAll = abi::rights::kAll;
constexpr std::uint64_t kSourceLookup = 0;
constexpr std::uint64_t kDestinationLookup = 1;

class CNodeTest : public KernelTest {
protected:
    CNodeTest() { make(ObjectType::Endpoint, kSource); }

    auto copy(CPtr to, CPtr from, std::uint8_t rights = kAll) {
        return kRootNode.copy(kDepth, kDepth, rights, to, kRoot, from);
    }
    auto move(CPtr to, CPtr from) { return kRootNode.move(kDepth, kDepth, to, kRoot, from); }
    auto mutate(CPtr to, CPtr from, std::uint64_t badge) {
        return kRootNode.mutate(kDepth, kDepth, to, kRoot, from, badge);
    }
    auto rotate(CPtr destination, CPtr pivot, CPtr source, std::uint64_t destination_badge = 0,
                std::uint64_t pivot_badge = 0) {
        return kRootNode.rotate(kDepth, kDepth, kDepth, destination, destination_badge, kRoot, pivot,
                                pivot_badge, kRoot, source);
    }
    auto erase(CPtr at) { return kRootNode.delete_(kDepth, at); }
    auto revoke(CPtr at) { return kRootNode.revoke(kDepth, at); }
    auto held(CPtr at) { return slot(at).capability(); }
};

TEST_F(CNodeTest, CopyNamesTheSameObject) {
    EXPECT_EQ(error(copy(kDestination, kSource)), Error::None);
    EXPECT_EQ(held(kDestination), held(kSource));
}

TEST_F(CNodeTest, CopyKeepsOnlyTheGivenRights) {
    EXPECT_EQ(error(copy(kDestination, kSource, abi::rights::kWrite)), Error::None);
    EXPECT_EQ(held(kDestination).ipc_rights(), abi::rights::kWrite);
    EXPECT_EQ(error(copy(kOther, kDestination)), Error::None);
    EXPECT_EQ(held(kOther).ipc_rights(), abi::rights::kWrite) << "rights never grow";
}

TEST_F(CNodeTest, OccupiedDestinationIsReportedBeforeAnEmptySource) {
    EXPECT_EQ(error(copy(kSource, kOther)), Error::DeleteFirst);
    EXPECT_EQ(error(move(kSource, kOther)), Error::DeleteFirst);
    EXPECT_EQ(error(mutate(kSource, kOther, 1)), Error::DeleteFirst);
}

TEST_F(CNodeTest, EmptySourceIsAFailedLookup) {
    EXPECT_EQ(error(copy(kDestination, kOther)), Error::FailedLookup);
    EXPECT_EQ(details(), (Details{kSourceLookup, 0}));
    EXPECT_EQ(error(move(kDestination, kOther)), Error::FailedLookup);
    EXPECT_EQ(error(mutate(kDestination, kOther, 1)), Error::FailedLookup);
    EXPECT_TRUE(slot(kDestination).empty());
}

TEST_F(CNodeTest, DepthMustBeOneToSixtyFour) {
    EXPECT_EQ(error(kRootNode.copy(0, kDepth, kAll, kDestination, kRoot, kSource)), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 64}));
    EXPECT_EQ(error(kRootNode.copy(kDepth, 65, kAll, kDestination, kRoot, kSource)), Error::RangeError);
    EXPECT_EQ(error(kRootNode.delete_(65, kDestination)), Error::RangeError);
}

TEST_F(CNodeTest, UnresolvedBitsAreReported) {
    EXPECT_EQ(error(kRootNode.copy(13, kDepth, kAll, kDestination, kRoot, kSource)), Error::FailedLookup);
    EXPECT_EQ(details(), (Details{kDestinationLookup, 13})) << "the guard takes 52 bits";
    constexpr std::uint64_t kWrongGuard = std::uint64_t{1} << 40U;
    EXPECT_EQ(error(copy(kDestination, kWrongGuard | kSource)), Error::FailedLookup);
    EXPECT_EQ(details(), (Details{kSourceLookup, 64}));
}

TEST_F(CNodeTest, SourceRootMustBeACNode) {
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, kAll, kDestination, kTcb, kSource)),
              Error::InvalidCapability);
    EXPECT_EQ(details().first, 5U);
    EXPECT_EQ(error(kRootNode.move(kDepth, kDepth, kDestination, kOther, kSource)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 4U);
    EXPECT_TRUE(slot(kDestination).empty());
}

TEST_F(CNodeTest, PageTableIsCopiedOnlyWhileItIsMapped) {
    make(ObjectType::PageTable, kOther);
    EXPECT_EQ(error(copy(kDestination, kOther)), Error::IllegalOperation);
    EXPECT_TRUE(slot(kDestination).empty());
    EXPECT_EQ(error(os::object::PageTable{kOther}.map(kVSpace, 0)), Error::None);
    EXPECT_EQ(error(copy(kDestination, kOther)), Error::None);
}

TEST_F(CNodeTest, UntypedWithChildrenIsNotCopied) {
    EXPECT_EQ(error(copy(kDestination, kUntyped)), Error::RevokeFirst);
}

TEST_F(CNodeTest, CopiedUntypedGivesOutItsMemoryOnce) {
    make(ObjectType::Untyped, kOther, 12);
    EXPECT_EQ(error(copy(kDestination, kOther)), Error::None);
    os::object::Untyped const source{kOther};
    os::object::Untyped const copied{kDestination};
    constexpr auto kEndpoint = static_cast<std::uint8_t>(ObjectType::Endpoint);
    EXPECT_EQ(error(source.retype(kEndpoint, 0, 0, 1, kRoot, 0, kFree + 8)), Error::NotEnoughMemory);
    EXPECT_EQ(error(copied.retype(kEndpoint, 0, 0, 64, kRoot, 0, kFree + 8)), Error::None);
    EXPECT_EQ(error(erase(kDestination)), Error::None);
    EXPECT_EQ(error(source.retype(kEndpoint, 0, 0, 1, kRoot, 0, kFree + 100)), Error::NotEnoughMemory);
    EXPECT_EQ(error(revoke(kOther)), Error::None);
    EXPECT_EQ(error(source.retype(kEndpoint, 0, 0, 1, kRoot, 0, kFree + 100)), Error::None);
}

TEST_F(CNodeTest, MintSetsABadgeOnce) {
    mint(kDestination, kSource, 7);
    EXPECT_EQ(held(kDestination).badge(), 7U);
    EXPECT_EQ(error(kRootNode.mint(kDepth, kDepth, kAll, kOther, kRoot, kDestination, 8)),
              Error::IllegalOperation);
    EXPECT_TRUE(slot(kOther).empty());
    EXPECT_EQ(error(kRootNode.mint(kDepth, kDepth, kAll, kOther, kRoot, kDestination, 0)), Error::None);
    EXPECT_EQ(held(kOther).badge(), 7U);
}

TEST_F(CNodeTest, OnlySomeTypesHaveABadge) {
    EXPECT_EQ(error(kRootNode.mint(kDepth, kDepth, kAll, kOther, kRoot, kTcb, 8)), Error::IllegalOperation);
    EXPECT_EQ(error(mutate(kOther, kTcb, 8)), Error::IllegalOperation);
    EXPECT_FALSE(slot(kTcb).empty());
}

TEST_F(CNodeTest, MintSetsAGuard) {
    make(ObjectType::CNode, kOther, 4);
    constexpr std::uint64_t kGuard = 0x2A;
    constexpr std::uint64_t kGuardBits = 60;
    mint(kDestination, kOther, kGuard << 6U | kGuardBits);
    CNodeView const node{held(kDestination)};
    EXPECT_EQ(node.guard(), kGuard);
    EXPECT_EQ(node.guard_bits(), kGuardBits);
    EXPECT_EQ(node.radix(), 4U);
}

TEST_F(CNodeTest, GuardMustFit) {
    make(ObjectType::CNode, kOther, 4);
    auto const attempt = [&](std::uint64_t guard, std::uint64_t bits) {
        return error(kRootNode.mint(kDepth, kDepth, kAll, kDestination, kRoot, kOther, guard << 6U | bits));
    };
    EXPECT_EQ(attempt(0, 61), Error::IllegalOperation) << "with the radix more than 64 bits";
    EXPECT_EQ(attempt(4, 2), Error::IllegalOperation) << "more than its bits";
    EXPECT_EQ(attempt(std::uint64_t{1} << 52U, 60), Error::IllegalOperation)
        << "more than a capability keeps";
    EXPECT_TRUE(slot(kDestination).empty());
}

TEST_F(CNodeTest, MintLowersTheHighestPriority) {
    mint(kDestination, kCore, 10);
    EXPECT_EQ(CoreControlView{held(kDestination)}.max_priority(), 10U);
    EXPECT_EQ(error(kRootNode.mint(kDepth, kDepth, kAll, kOther, kRoot, kDestination, 11)),
              Error::IllegalOperation);
}

TEST_F(CNodeTest, MoveEmptiesTheSourceAndKeepsThePlaceInTheTree) {
    EXPECT_EQ(error(copy(kDestination, kSource)), Error::None);
    EXPECT_EQ(error(move(kOther, kSource)), Error::None);
    EXPECT_TRUE(slot(kSource).empty());
    EXPECT_TRUE(derivation::is_parent(slot(kOther), slot(kDestination)));
    EXPECT_EQ(error(revoke(kOther)), Error::None);
    EXPECT_TRUE(slot(kDestination).empty());
}

TEST_F(CNodeTest, MoveToAnOccupiedSlotChangesNothing) {
    make(ObjectType::Endpoint, kDestination);
    auto const before = held(kDestination);
    EXPECT_EQ(error(move(kDestination, kSource)), Error::DeleteFirst);
    EXPECT_EQ(held(kDestination), before);
    EXPECT_FALSE(slot(kSource).empty());
}

TEST_F(CNodeTest, MutateSetsABadgeWhereThereIsNone) {
    EXPECT_EQ(error(mutate(kDestination, kSource, 9)), Error::None);
    EXPECT_EQ(held(kDestination).badge(), 9U);
    EXPECT_EQ(error(mutate(kOther, kDestination, 8)), Error::IllegalOperation);
}

TEST_F(CNodeTest, MutateOfAnEndpointWithCopiesIsRefused) {
    EXPECT_EQ(error(copy(kDestination, kSource)), Error::None);
    EXPECT_EQ(error(mutate(kOther, kSource, 9)), Error::RevokeFirst);
    EXPECT_FALSE(slot(kSource).empty());
}

TEST_F(CNodeTest, MutatedCopyIsNotTheChildOfAnEarlierOneWithItsBadge) {
    EXPECT_EQ(error(copy(kOther, kSource)), Error::None);
    mint(kDestination, kSource, 5);
    EXPECT_EQ(error(mutate(kFree + 3, kOther, 5)), Error::None);
    EXPECT_EQ(error(revoke(kDestination)), Error::None);
    EXPECT_FALSE(slot(kFree + 3).empty());
}

TEST_F(CNodeTest, RotateMovesThroughThePivot) {
    mint(kDestination, kSource, 1);
    EXPECT_EQ(error(rotate(kOther, kDestination, kSource)), Error::None);
    EXPECT_TRUE(slot(kSource).empty());
    EXPECT_EQ(held(kOther).badge(), 1U);
    EXPECT_EQ(held(kDestination).badge(), 0U);
    expect_invariants();
}

TEST_F(CNodeTest, RotateWithTheSourceAsDestinationExchanges) {
    mint(kDestination, kSource, 1);
    EXPECT_EQ(error(rotate(kSource, kDestination, kSource)), Error::None);
    EXPECT_EQ(held(kSource).badge(), 1U);
    EXPECT_EQ(held(kDestination).badge(), 0U);
    EXPECT_TRUE(derivation::is_parent(slot(kDestination), slot(kSource)));
    expect_invariants();
}

TEST_F(CNodeTest, RotateRefusals) {
    mint(kDestination, kSource, 1);
    EXPECT_EQ(error(rotate(kOther, kSource, kSource)), Error::IllegalOperation) << "source is pivot";
    EXPECT_EQ(error(rotate(kDestination, kDestination, kSource)), Error::IllegalOperation)
        << "destination is pivot";
    EXPECT_EQ(error(rotate(kTcb, kDestination, kSource)), Error::DeleteFirst);
    EXPECT_EQ(error(rotate(kOther, kDestination, kFree + 9)), Error::FailedLookup);
    EXPECT_EQ(error(rotate(kOther, kFree + 9, kSource)), Error::FailedLookup);
    EXPECT_EQ(error(rotate(kOther, kDestination, kSource, 4)), Error::IllegalOperation) << "badge on a badge";
    EXPECT_EQ(held(kSource).badge(), 0U);
    EXPECT_EQ(held(kDestination).badge(), 1U);
    EXPECT_TRUE(slot(kOther).empty());
}

TEST_F(CNodeTest, RotateSetsBadges) {
    EXPECT_EQ(error(copy(kDestination, kSource)), Error::None);
    EXPECT_EQ(error(rotate(kOther, kDestination, kSource, 6)), Error::None);
    EXPECT_EQ(held(kOther).badge(), 6U);
    EXPECT_EQ(held(kDestination).badge(), 0U);
}

TEST_F(CNodeTest, DeleteIsIdempotent) {
    EXPECT_EQ(error(erase(kSource)), Error::None);
    EXPECT_TRUE(slot(kSource).empty());
    EXPECT_EQ(error(erase(kSource)), Error::None);
}

TEST_F(CNodeTest, RevokeDeletesEverythingDerivedAndNothingElse) {
    EXPECT_EQ(error(copy(kDestination, kSource)), Error::None);
    mint(kOther, kSource, 3);
    make(ObjectType::Endpoint, kFree + 3);
    EXPECT_EQ(error(revoke(kSource)), Error::None);
    EXPECT_FALSE(slot(kSource).empty());
    EXPECT_TRUE(slot(kDestination).empty());
    EXPECT_TRUE(slot(kOther).empty());
    EXPECT_FALSE(slot(kFree + 3).empty());
    EXPECT_EQ(error(revoke(kDestination)), Error::None) << "an empty slot";
}

TEST_F(CNodeTest, RevokeOfABadgeSparesOtherBadges) {
    mint(kDestination, kSource, 1);
    mint(kOther, kSource, 2);
    EXPECT_EQ(error(copy(kFree + 3, kDestination)), Error::None);
    EXPECT_EQ(error(copy(kFree + 4, kOther)), Error::None);
    EXPECT_EQ(error(revoke(kDestination)), Error::None);
    EXPECT_FALSE(slot(kDestination).empty());
    EXPECT_TRUE(slot(kFree + 3).empty());
    EXPECT_FALSE(slot(kOther).empty());
    EXPECT_FALSE(slot(kFree + 4).empty());
}

TEST_F(CNodeTest, DeletedParentLeavesItsChildrenToItsOwnParent) {
    mint(kDestination, kSource, 1);
    EXPECT_EQ(error(copy(kOther, kDestination)), Error::None);
    EXPECT_EQ(error(erase(kDestination)), Error::None);
    EXPECT_FALSE(slot(kOther).empty());
    EXPECT_EQ(error(revoke(kSource)), Error::None);
    EXPECT_TRUE(slot(kOther).empty());
}

TEST_F(CNodeTest, IdentifyShowsTypeRightsAndSize) {
    auto const of = [&](CPtr at) { return *kRootNode.identify(kDepth, at); };
    EXPECT_EQ(of(kSource).type, static_cast<std::uint8_t>(ObjectType::Endpoint));
    EXPECT_EQ(of(kSource).rights, kAll);
    EXPECT_EQ(of(kOther).type, 0U);
    EXPECT_EQ(of(kUntyped).size_bits, kUntypedBits);
    EXPECT_EQ(of(kRoot).size_bits, kRootRadix);
    make(ObjectType::Frame, kDestination, abi::kLargeFrameBits);
    EXPECT_EQ(of(kDestination).size_bits, abi::kLargeFrameBits);
    EXPECT_EQ(of(kDestination).rights, abi::rights::kRead | abi::rights::kWrite | abi::rights::kExecute);
}

TEST_F(CNodeTest, UnknownMethodsAndShortMessagesAreRefused) {
    call(kRoot, 0x2FF);
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::IllegalOperation);
    call(kRoot, 0x101);
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::IllegalOperation)
        << "a label of another type";
    system_call(abi::Syscall::Call, kRoot, {abi::MessageTag{0x201, 3}, {}});
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::TruncatedMessage);
}

} // namespace
} // namespace kernel::test
