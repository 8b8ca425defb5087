// SPDX-License-Identifier: MIT
/// Priorities, budgets; scheduling contexts and core controls.
#include "kernel_test.hpp"

#include "kernel/object/sched_context.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kFirst = kFree + 10;
constexpr CPtr kSecond = kFree + 20;
constexpr CPtr kThird = kFree + 30;
using os::object::SchedContext;

class SchedulingTest : public KernelTest {
protected:
    SchedulingTest() { make(ObjectType::Endpoint, kEndpoint); }
    void block() { receive(kEndpoint); }
};

TEST_F(SchedulingTest, HighestPriorityRunsFirst) {
    std::vector<Tcb*> threads;
    for (std::uint8_t priority = 1; priority <= 9; ++priority) {
        threads.push_back(&make_thread(kFirst + 2 * priority, priority));
        ASSERT_EQ(current(), &main_thread());
    }
    block();
    for (std::size_t count = threads.size(); count > 0; --count) {
        EXPECT_EQ(current(), threads[count - 1]);
        block();
    }
    EXPECT_EQ(current(), nullptr) << "nobody is left";
}

TEST_F(SchedulingTest, EqualPrioritiesTakeTurns) {
    auto& first = make_thread(kFirst, kMainPriority);
    auto& second = make_thread(kSecond, kMainPriority);
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(current(), &main_thread());
        yield();
        EXPECT_EQ(current(), &first);
        yield();
        EXPECT_EQ(current(), &second);
        yield();
    }
}

TEST_F(SchedulingTest, YieldAloneGoesOn) {
    make_thread(kFirst, kMainPriority - 1);
    yield();
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(SchedulingTest, TimeSlicesEnd) {
    auto& first = make_thread(kFirst, kMainPriority);
    pass(kSlice - 1);
    EXPECT_EQ(current(), &main_thread());
    pass(1);
    EXPECT_EQ(current(), &first);
    pass(kSlice);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(SchedulingTest, PreemptedThreadKeepsItsSliceAndItsTurn) {
    auto& first = make_thread(kFirst, kMainPriority);
    auto& high = make_thread(kSecond, kHigh);
    ASSERT_EQ(current(), &high);
    block();
    ASSERT_EQ(current(), &main_thread());
    pass(kSlice - 100);
    send(kEndpoint, 0);
    ASSERT_EQ(current(), &high);
    pass(500);
    block();
    ASSERT_EQ(current(), &main_thread());
    pass(99);
    EXPECT_EQ(current(), &main_thread());
    pass(1);
    EXPECT_EQ(current(), &first);
}

TEST_F(SchedulingTest, IdleCoreArmsNoTimer) {
    block();
    EXPECT_EQ(current(), nullptr);
    EXPECT_EQ(machine().deadline, arch::Time::kNever);
    core().set_current(handle_interrupt(core()));
    EXPECT_EQ(current(), nullptr);
}

TEST_F(SchedulingTest, PeriodicThreadStopsUntilItsBudgetReturns) {
    make(ObjectType::SchedContext, kFirst + 1);
    auto& periodic = make_passive_thread(kFirst);
    EXPECT_EQ(configure(kFirst + 1, kHigh, 100, 1000), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    ASSERT_EQ(current(), &periodic);
    std::uint64_t ran = 0;
    for (int tick = 0; tick < 5000; ++tick) {
        pass(1);
        ran += current() == &periodic ? 1U : 0U;
    }
    EXPECT_NEAR(static_cast<double>(ran), 500, 10);
    EXPECT_EQ(os::object::Tcb{kFirst}.state()->state, current() == &periodic ? 1 : 7);
}

TEST_F(SchedulingTest, TimeThatPassesInTheKernelIsChargedOnce) {
    machine().step = 1;
    make(ObjectType::SchedContext, kFirst + 1);
    auto& periodic = make_passive_thread(kFirst);
    EXPECT_EQ(configure(kFirst + 1, kHigh, 100, 1000), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    std::uint64_t ran = 0;
    for (int tick = 0; tick < 5000; ++tick) {
        pass(1);
        ran += current() == &periodic ? 1U : 0U;
    }
    EXPECT_GT(ran, 300U);
    EXPECT_LT(*SchedContext{kFirst + 1}.consumed(), 1000U);
}

TEST_F(SchedulingTest, BudgetIsBoundedOverAnyWindow) {
    make(ObjectType::SchedContext, kFirst + 1);
    auto& periodic = make_passive_thread(kFirst);
    EXPECT_EQ(configure(kFirst + 1, kHigh, 100, 1000), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    // It sleeps almost a period, uses its budget, and the next one at once.
    pass(10);
    block();
    pass(900);
    send(kEndpoint, 0);
    std::uint64_t ran = 0;
    for (int tick = 0; tick < 1000; ++tick) {
        ran += current() == &periodic ? 1U : 0U;
        pass(1);
    }
    EXPECT_LE(ran, 200U);
}

TEST_F(SchedulingTest, SuspendingAndResumingGivesNoBudget) {
    make(ObjectType::SchedContext, kFirst + 1);
    auto& periodic = make_passive_thread(kFirst);
    EXPECT_EQ(configure(kFirst + 1, kHigh, 100, 1000), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    pass(100);
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(error(os::object::Tcb{kFirst}.suspend()), Error::None);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.resume()), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.unbind()), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    EXPECT_EQ(current(), &main_thread());
    pass(1000);
    EXPECT_NE(periodic.context->consumed, 0U);
}

TEST_F(SchedulingTest, ManyBudgetsThatReturnAtOnceReturnInPieces) {
    constexpr CPtr kCount = 30;
    constexpr CPtr kMany = kFree + 100;
    for (CPtr index = 0; index < kCount; ++index) {
        make_passive_thread(kMany + 2 * index);
        make(ObjectType::SchedContext, kMany + 2 * index + 1);
        EXPECT_EQ(configure(kMany + 2 * index + 1, kHigh, 1, 100'000), Error::None);
        EXPECT_EQ(error(SchedContext{kMany + 2 * index + 1}.bind(kMany + 2 * index)), Error::None);
    }
    pass(2 * kCount);
    ASSERT_EQ(current(), &main_thread()) << "every budget is used up";
    machine().now += 200'000;
    std::uint64_t ticks = 0;
    auto const ready = [&] {
        CPtr count = 0;
        for (CPtr index = 0; index < kCount; ++index) {
            count += context(kMany + 2 * index + 1).remaining != 0 ? 1U : 0U;
        }
        return count;
    };
    while (ready() < kCount) {
        ASSERT_LE(machine().deadline, machine().now) << "the timer is to fire at once";
        interrupt(arch::Interrupts::kTimerLine);
        ASSERT_LT(++ticks, kCount);
        EXPECT_LE(ready(), ticks * 10) << "a bounded number at a time";
    }
}

TEST_F(SchedulingTest, ConfigureChecksItsArguments) {
    make(ObjectType::SchedContext, kFirst);
    mint(kSecond, kCore, 50);
    os::object::CoreControl const limited{kSecond};
    EXPECT_EQ(error(limited.configure(51, kFirst, 1, 0, 0)), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, 50}));
    EXPECT_EQ(error(limited.configure(50, kFirst, 1, 0, 0)), Error::None);
    EXPECT_EQ(configure(kFirst, 1, 0), Error::RangeError);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(configure(kFirst, 1, 101, 100), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 100}));
    EXPECT_EQ(configure(kFirst, 1, 100, 100), Error::None);
    // More would make a time that is past out of one that is to come.
    constexpr std::uint64_t kLongest = (std::uint64_t{1} << 52U) - 1;
    EXPECT_EQ(configure(kFirst, 1, 1, kLongest + 1), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kLongest}));
    EXPECT_EQ(configure(kFirst, 1, 1, ~std::uint64_t{0}), Error::RangeError);
    EXPECT_EQ(configure(kFirst, 1, kLongest, kLongest), Error::None);
    EXPECT_EQ(configure(kFirst, 1, kLongest + 1), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, kLongest}));
    EXPECT_EQ(configure(kFirst, 1, kLongest), Error::None);
    EXPECT_EQ(configure(kTcb, 1, 100), Error::InvalidCapability);
    EXPECT_EQ(details().first, 2U);
}

TEST_F(SchedulingTest, RaisedPriorityPreemptsAtOnce) {
    auto& low = make_thread(kFirst, kMainPriority - 1);
    EXPECT_EQ(configure(kFirst + 1, kHigh, kSlice), Error::None);
    EXPECT_EQ(current(), &low);
}

TEST_F(SchedulingTest, LoweringOneselfYieldsAtOnce) {
    auto& low = make_thread(kFirst, kMainPriority - 10);
    call(kCore, 0xD01, {1, kContext, kSlice, 0, 0});
    EXPECT_EQ(current(), &low);
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::None);
}

TEST_F(SchedulingTest, NewPriorityReordersTheQueueOfAnEndpoint) {
    auto& first = make_thread(kFirst, kHigh);
    send(kEndpoint, 1);
    make_thread(kSecond, kHigh);
    send(kEndpoint, 2);
    EXPECT_EQ(configure(kSecond + 1, kHigh + 1, kSlice), Error::None);
    receive(kEndpoint);
    EXPECT_EQ(received(main_thread()).message.tag.label(), 2U);
    EXPECT_EQ(first.state, ThreadState::Sending);
}

TEST_F(SchedulingTest, BindRefusesWhatIsBound) {
    make_thread(kFirst, kMainPriority - 1);
    make(ObjectType::SchedContext, kSecond);
    EXPECT_EQ(error(SchedContext{kSecond}.bind(kFirst)), Error::IllegalOperation);
    make_passive_thread(kThird);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kThird)), Error::IllegalOperation);
    EXPECT_EQ(error(SchedContext{kSecond}.bind(kEndpoint)), Error::InvalidCapability);
    EXPECT_EQ(error(SchedContext{kSecond}.unbind()), Error::None) << "nothing is bound";
}

TEST_F(SchedulingTest, UnconfiguredContextDoesNotRun) {
    make_passive_thread(kFirst);
    make(ObjectType::SchedContext, kFirst + 1);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    EXPECT_EQ(os::object::Tcb{kFirst}.state()->state, 7U);
    EXPECT_EQ(configure(kFirst + 1, kHigh, kSlice), Error::None);
    EXPECT_EQ(current(), &object<Tcb>(kFirst));
}

TEST_F(SchedulingTest, DeletingTheContextStopsItsThread) {
    auto& thread = make_thread(kFirst, kMainPriority);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst + 1)), Error::None);
    EXPECT_EQ(thread.own, nullptr);
    EXPECT_EQ(thread.context, nullptr);
    yield();
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(SchedulingTest, UnbindingOneselfStops) {
    auto& low = make_thread(kFirst, kMainPriority - 1);
    call(kContext, 0x402);
    EXPECT_EQ(current(), &low);
    EXPECT_EQ(error(SchedContext{kContext}.bind(kTcb)), Error::None);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(SchedulingTest, ConsumedTimeIsCountedAndReset) {
    pass(300);
    EXPECT_EQ(*SchedContext{kContext}.consumed(), 300U);
    EXPECT_EQ(*SchedContext{kContext}.consumed(), 0U);
}

} // namespace
} // namespace kernel::test
