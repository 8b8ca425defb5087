// SPDX-License-Identifier: MIT
/// Delete and revoke of CNodes in CNodes: deep, cyclic, and interrupted at every step.
#include "kernel_test.hpp"

#include "kernel/cap/views.hpp"
#include "kernel/invoke/lifecycle.hpp"

#include <vector>

namespace kernel::test {
namespace {

constexpr CPtr kBlock = kFree;
constexpr CPtr kNodes = kFree + 100;
constexpr std::uint8_t kBlockBits = 20;
constexpr std::uint8_t kRadix = 2;
using lifecycle::Progress;

class LifecycleTest : public KernelTest {
protected:
    LifecycleTest() { make(ObjectType::Untyped, kBlock, kBlockBits); }

    void make_nodes(std::uint16_t count) {
        os::object::Untyped const block{kBlock};
        ASSERT_EQ(error(block.retype(static_cast<std::uint8_t>(ObjectType::CNode), kRadix, 0, count, kRoot, 0,
                                     kNodes)),
                  Error::None);
    }
    /// Moves or copies what is in a slot of the root into slot `index` of node number `node`.
    void move_into(CPtr node, std::uint64_t index, CPtr from) {
        os::object::CNode const target{kNodes + node};
        EXPECT_EQ(error(target.move(kRadix, kDepth, index, kRoot, from)), Error::None);
    }
    void copy_into(CPtr node, std::uint64_t index, CPtr from) {
        os::object::CNode const target{kNodes + node};
        EXPECT_EQ(error(target.copy(kRadix, kDepth, abi::rights::kAll, index, kRoot, from)), Error::None);
    }
    /// Calls `step` until it is done, interrupted after each `interval` looks at the interrupt controller.
    /// Every intermediate state has to be legal. Returns how often it was interrupted.
    auto run_preempted(std::uint64_t interval, auto step) -> unsigned {
        constexpr unsigned kTooOften = 100'000;
        unsigned interruptions = 0;
        while (true) {
            machine().preempt_after = interval;
            if (step() == Progress::Done) {
                break;
            }
            ++interruptions;
            expect_invariants();
            if (interruptions > kTooOften) {
                ADD_FAILURE() << "no progress";
                break;
            }
        }
        machine().preempt_after.reset();
        return interruptions;
    }
    /// All memory of the block can be used again.
    void expect_block_free() {
        EXPECT_EQ(error(os::object::Untyped{kBlock}.retype(static_cast<std::uint8_t>(ObjectType::Untyped),
                                                           kBlockBits, 0, 1, kRoot, 0, kFree + 1)),
                  Error::None);
        EXPECT_EQ(error(kRootNode.revoke(kDepth, kBlock)), Error::None);
    }
};

TEST_F(LifecycleTest, NodesInNodesAreEmptiedToTheLast) {
    constexpr std::uint16_t kDepthOfNodes = 64;
    for (std::uint64_t const place : {0U, 1U, 3U}) {
        for (std::uint64_t const interval : {0U, 1U, 5U}) {
            make_nodes(kDepthOfNodes);
            for (CPtr node = 0; node < kDepthOfNodes; ++node) {
                copy_into(node, 2, kCore);
            }
            for (CPtr node = kDepthOfNodes - 1; node > 0; --node) {
                move_into(node - 1, place, kNodes + node);
            }
            auto const interruptions =
                run_preempted(interval, [&] { return lifecycle::delete_slot(slot(kNodes)); });
            EXPECT_GT(interruptions, 0U);
            EXPECT_EQ(error(kRootNode.revoke(kDepth, kCore)), Error::None);
            expect_block_free();
        }
    }
}

TEST_F(LifecycleTest, DeletedTreeLeavesNothingBehind) {
    make_nodes(3);
    make(ObjectType::Endpoint, kFree + 50);
    move_into(2, 0, kFree + 50);
    move_into(1, 3, kNodes + 2);
    move_into(0, 1, kNodes + 1);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNodes)), Error::None);
    // Without the last capability there are no children: the block begins anew.
    auto const view = UntypedView{slot(kBlock).capability()};
    EXPECT_GT(view.free_offset(), 0U);
    EXPECT_EQ(slot(kBlock).next() == nullptr || !slot(kBlock).next()->capability().is(ObjectType::CNode),
              true);
    expect_block_free();
}

TEST_F(LifecycleTest, NodeThatHoldsItselfIsReachedByRevoke) {
    for (std::uint64_t place = 0; place < 4; ++place) {
        make_nodes(1);
        for (std::uint64_t index = 0; index < 4; ++index) {
            if (index != place) {
                copy_into(0, index, kCore);
            }
        }
        move_into(0, place, kNodes);
        run_preempted(0, [&] { return lifecycle::revoke(slot(kBlock)); });
        expect_block_free();
    }
}

TEST_F(LifecycleTest, RingsOfNodesAreReachedByRevoke) {
    for (std::uint16_t const count : std::array<std::uint16_t, 4>{2, 3, 7, 20}) {
        for (std::uint64_t const place : {0U, 2U, 3U}) {
            for (std::uint64_t const interval : {0U, 3U}) {
                make_nodes(count);
                for (CPtr node = 0; node < count; ++node) {
                    copy_into(node, 1, kCore);
                }
                // The last move closes the ring: nothing outside names any of them.
                auto const last = kNodes + count - 1;
                EXPECT_EQ(error(os::object::CNode{last}.copy(kRadix, kDepth, abi::rights::kAll, place, kRoot,
                                                             kNodes)),
                          Error::None);
                for (CPtr node = count - 1U; node > 0; --node) {
                    move_into(node - 1, place, kNodes + node);
                }
                EXPECT_EQ(error(kRootNode.delete_(kDepth, kNodes)), Error::None);
                expect_invariants();
                run_preempted(interval, [&] { return lifecycle::revoke(slot(kBlock)); });
                EXPECT_EQ(error(kRootNode.revoke(kDepth, kCore)), Error::None);
                expect_block_free();
            }
        }
    }
}

TEST_F(LifecycleTest, SlotsOfAPartlyDeletedNodeAreOutOfReach) {
    make_nodes(2);
    move_into(0, 3, kNodes + 1);
    machine().preempt_after = 0;
    EXPECT_EQ(lifecycle::delete_slot(slot(kNodes)), Progress::Preempted);
    EXPECT_EQ(kRootNode.identify(kDepth, kNodes)->type, 0U);
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, 0, kFree + 1, kRoot, kNodes)), Error::FailedLookup);
    EXPECT_EQ(error(kRootNode.move(kDepth, kDepth, kFree + 1, kRoot, kNodes)), Error::FailedLookup);
    EXPECT_EQ(error(kRootNode.move(kDepth, kDepth, kNodes, kRoot, kFree + 1)), Error::DeleteFirst);
    call(kNodes, 0x209);
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::InvalidCapability);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNodes)), Error::None);
    EXPECT_TRUE(slot(kNodes).empty());
}

TEST_F(LifecycleTest, RevokeOfManyCopiesIsPreemptedAndCompletes) {
    make(ObjectType::Endpoint, kFree + 50);
    constexpr CPtr kCount = 1000;
    for (CPtr copy = 0; copy < kCount; ++copy) {
        mint(kFree + 60 + copy, kFree + 50, copy);
    }
    machine().preempt_after = 100;
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kFree + 50)), Error::None);
    EXPECT_EQ(restarts(), 1U);
    for (CPtr copy = 0; copy < kCount; ++copy) {
        EXPECT_TRUE(slot(kFree + 60 + copy).empty());
    }
}

TEST_F(LifecycleTest, RevokeTakesThreadsAndWhatTheyHold) {
    auto const interval = 0;
    auto& thread = make_thread(kFree + 50, kMainPriority - 1);
    make_nodes(2);
    move_into(0, 0, kNodes + 1);
    EXPECT_EQ(error(os::object::Tcb{kFree + 50}.configure(kNodes, kVSpace, 0)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kNodes)), Error::None);
    EXPECT_TRUE(thread.cspace().is(ObjectType::CNode));
    EXPECT_GT(run_preempted(interval, [&] { return lifecycle::delete_slot(slot(kFree + 50)); }), 0U);
    expect_block_free();
}

TEST_F(LifecycleTest, ThreadThatRevokesItselfIsGone) {
    make(ObjectType::Untyped, kFree + 1, 16);
    os::object::Untyped const own{kFree + 1};
    EXPECT_EQ(error(own.retype(static_cast<std::uint8_t>(ObjectType::Tcb), 0, 0, 1, kRoot, 0, kFree + 50)),
              Error::None);
    make(ObjectType::SchedContext, kFree + 51);
    EXPECT_EQ(error(os::object::Tcb{kFree + 50}.configure(kRoot, kVSpace, 0)), Error::None);
    EXPECT_EQ(error(kCoreControl.configure(kMainPriority + 1, kFree + 51, kSlice, 0, 0)), Error::None);
    EXPECT_EQ(error(os::object::SchedContext{kFree + 51}.bind(kFree + 50)), Error::None);
    EXPECT_EQ(error(os::object::Tcb{kFree + 50}.resume()), Error::None);
    ASSERT_EQ(current(), &object<Tcb>(kFree + 50));
    call(kRoot, 0x207, {kDepth, kFree + 1});
    EXPECT_EQ(current(), &main_thread());
    EXPECT_TRUE(slot(kFree + 50).empty());
}

TEST_F(LifecycleTest, CNodeThatHoldsItsOwnUntypedIsRevoked) {
    make_nodes(1);
    move_into(0, 1, kBlock);
    EXPECT_EQ(error(os::object::CNode{kNodes}.revoke(kRadix, 1)), Error::None);
    EXPECT_TRUE(slot(kNodes).empty());
    make(ObjectType::Untyped, kBlock, kBlockBits);
}

TEST_F(LifecycleTest, ManyWaitersAreSentHomePreemptibly) {
    make(ObjectType::Endpoint, kFree + 50);
    std::vector<Tcb*> waiters;
    for (CPtr at = kFree + 60; at < kFree + 100; at += 2) {
        waiters.push_back(&make_thread(at, kMainPriority + 1));
        call(kFree + 50, 0);
    }
    EXPECT_GT(run_preempted(2, [&] { return lifecycle::delete_slot(slot(kFree + 50)); }), 5U);
    for (auto const* waiter : waiters) {
        EXPECT_EQ(waiter->state, ThreadState::Running);
        EXPECT_EQ(os::refusal(received(*waiter).message), Error::Aborted);
    }
}

TEST_F(LifecycleTest, ThreadThatLosesItselfWithItsOldCSpaceGetsNoNewOne) {
    // The old CSpace is held by nobody but the thread, and the thread by nobody but a slot of it.
    constexpr CPtr kThread = kFree + 50;
    constexpr CPtr kOld = kFree + 60;
    constexpr CPtr kGuarded = kFree + 61;
    constexpr unsigned kOldRadix = 4;
    auto& thread = make_thread(kThread, kMainPriority - 1);
    make(ObjectType::CNode, kOld, kOldRadix);
    mint(kGuarded, kOld, 64 - kOldRadix);
    EXPECT_EQ(error(os::object::Tcb{kThread}.configure(kGuarded, kVSpace, 0)), Error::None);
    os::object::CNode const old{kOld};
    EXPECT_EQ(error(old.copy(kOldRadix, kDepth, abi::rights::kAll, 1, kRoot, kRoot)), Error::None);
    EXPECT_EQ(error(old.copy(kOldRadix, kDepth, abi::rights::kAll, 2, kRoot, kVSpace)), Error::None);
    EXPECT_EQ(error(old.move(kOldRadix, kDepth, 15, kRoot, kThread)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kGuarded)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kOld)), Error::None);
    EXPECT_EQ(error(kCoreControl.configure(kMainPriority + 1, kThread + 1, kSlice, 0, 0)), Error::None);
    ASSERT_EQ(current(), &thread);
    call(15, 0x301, {1, 2, 0});
    EXPECT_EQ(current(), &main_thread());
    for (auto const& left : thread.slots) {
        EXPECT_TRUE(left.empty()) << "its memory is free now";
    }
}

} // namespace
} // namespace kernel::test
