// SPDX-License-Identifier: MIT
/// Cancelling the sends of one badge: who may, which begin again, and step by step among others that wait.
#include "kernel_test.hpp"

#include "kernel/invoke/lifecycle.hpp"
#include "kernel/object/endpoint.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kFirst = kFree + 10;
constexpr CPtr kMany = kFree + 100;
constexpr CPtr kCopy = kFree + 1;
constexpr CPtr kEmpty = kFree + 2;

class CancelInvocationTest : public KernelTest {
protected:
    CancelInvocationTest() { make(ObjectType::Endpoint, kEndpoint); }
};

TEST_F(CancelInvocationTest, NeedsAnEndpointWithAllRights) {
    EXPECT_EQ(error(kRootNode.cancel_badged_sends(kDepth, kEndpoint)), Error::None);
    EXPECT_FALSE(slot(kEndpoint).empty());
    EXPECT_EQ(error(kRootNode.cancel_badged_sends(kDepth, kEmpty)), Error::IllegalOperation);
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, abi::rights::kRead | abi::rights::kWrite, kCopy, kRoot,
                                   kEndpoint)),
              Error::None);
    EXPECT_EQ(error(kRootNode.cancel_badged_sends(kDepth, kCopy)), Error::IllegalOperation);
}

TEST_F(CancelInvocationTest, RestartsExactlyThoseWithTheBadge) {
    mint(kFree + 3, kEndpoint, 1);
    mint(kFree + 4, kEndpoint, 2);
    auto& first = make_thread(kFree + 10, kMainPriority + 1);
    call(kFree + 3, 0);
    auto& second = make_thread(kFree + 20, kMainPriority + 1);
    call(kFree + 4, 0);
    auto& third = make_thread(kFree + 30, kMainPriority + 1);
    send(kFree + 3, 0);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kFree + 3)), Error::None);
    auto const pc = first.program_counter();
    system_call(abi::Syscall::Call, kRoot, {abi::MessageTag{0x208, 2}, {kDepth, kFree + 3}});
    EXPECT_EQ(first.state, ThreadState::Running);
    EXPECT_EQ(first.program_counter(), pc - 4) << "its call begins again";
    EXPECT_EQ(third.state, ThreadState::Running);
    EXPECT_EQ(second.state, ThreadState::Sending);
}

class CancelTest : public KernelTest {
protected:
    static constexpr std::uint64_t kCount = 20;
    /// Threads that wait with the badges 1 and 2 in turns.
    CancelTest() {
        make(ObjectType::Endpoint, kEndpoint);
        mint(kFirst, kEndpoint, 1);
        mint(kFirst + 1, kEndpoint, 2);
        for (std::uint64_t index = 0; index < kCount; ++index) {
            make_thread(thread(index), kHigh);
            if (index < kCount / 2) {
                call(kFirst + index % 2, index);
            } else {
                send(kFirst + index % 2, index);
            }
        }
    }
    static auto thread(std::uint64_t index) -> CPtr { return kMany + 2 * index; }
    auto endpoint() -> Endpoint& { return object<Endpoint>(kEndpoint); }
    /// A cancellation that is preempted as soon as it asks.
    auto step(std::uint64_t badge) {
        machine().preempt_after = 0;
        return lifecycle::cancel_badged_sends(endpoint(), badge);
    }
    auto waiting(std::uint64_t badge) -> unsigned {
        unsigned count = 0;
        for (auto* queue : {&endpoint().callers, &endpoint().senders}) {
            for (auto* waits = queue->front(); waits != nullptr; waits = waits->queue_next) {
                count += waits->sent_badge == badge ? 1U : 0U;
            }
        }
        return count;
    }
};

TEST_F(CancelTest, GoesOnWhereItWasPreempted) {
    // One thread a step, however many of them match.
    std::uint64_t steps = 1;
    while (step(1) == lifecycle::Progress::Preempted) {
        expect_invariants();
        ASSERT_LE(++steps, kCount);
    }
    EXPECT_EQ(waiting(1), 0U);
    EXPECT_EQ(waiting(2), kCount / 2);
}

TEST_F(CancelTest, GoesOnAfterOthersHaveLeft) {
    for (int count = 0; count < 3; ++count) {
        ASSERT_EQ(step(1), lifecycle::Progress::Preempted);
    }
    auto* const at = endpoint().cancel_at;
    ASSERT_NE(at, nullptr);
    auto* const after = at->queue_next;
    lifecycle::suspend(*at);
    EXPECT_EQ(endpoint().cancel_at, after);
    for (std::uint64_t index = 0; index < kCount - 1; ++index) {
        lifecycle::suspend(object<Tcb>(thread(index)));
        expect_invariants();
    }
    EXPECT_EQ(endpoint().cancel_at, nullptr) << "one is left alone";
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
}

TEST_F(CancelTest, MissesNoneWhosePriorityChanges) {
    for (int count = 0; count < 4; ++count) {
        ASSERT_EQ(step(2), lifecycle::Progress::Preempted);
    }
    EXPECT_EQ(configure(thread(7) + 1, kHigh + 1), Error::None);
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
}

TEST_F(CancelTest, AnotherBadgeBeginsAtTheBeginning) {
    for (int count = 0; count < 4; ++count) {
        ASSERT_EQ(step(1), lifecycle::Progress::Preempted);
    }
    while (step(2) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(2), 0U);
    while (step(1) == lifecycle::Progress::Preempted) {
    }
    EXPECT_EQ(waiting(1), 0U);
}

} // namespace
} // namespace kernel::test
