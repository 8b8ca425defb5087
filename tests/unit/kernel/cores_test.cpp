// SPDX-License-Identifier: MIT
/// Two cores: what one does to threads, alarms and floating-point values of the other, and whom it calls for
/// it.
#include "kernel_test.hpp"

#include "kernel/cap/derivation.hpp"
#include "kernel/cap/views.hpp"
#include "kernel/object/notification.hpp"
#include "kernel/sched/irq_line.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kOtherCore = kFree;
constexpr CPtr kEndpoint = kFree + 1;
constexpr CPtr kNotification = kFree + 2;
constexpr CPtr kHandler = kFree + 3;
constexpr CPtr kFirst = kFree + 10;
constexpr CPtr kSecond = kFree + 20;
constexpr std::uint8_t kLow = kMainPriority - 10;
using Calls = std::vector<std::size_t>;
using os::object::SchedContext;

class CoresTest : public KernelTest {
protected:
    CoresTest() {
        Core::set_count(2);
        other().start(1);
        derivation::insert_root(slot(kOtherCore),
                                CoreControlView::make(1, abi::kMaxPriority, abi::rights::kAll));
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Notification, kNotification);
    }
    ~CoresTest() override {
        on(0, [] {});
        std::destroy_at(&other());
        std::construct_at(&other());
        Core::set_count(1);
    }

    static auto other() -> Core& { return Core::by_number(1); }
    /// Has the kernel run on a core.
    static void on(std::size_t number, auto function) {
        auto const before = std::exchange(machine().core, number);
        function();
        machine().core = before;
    }
    /// The other core gets into the kernel: what it waited for, or the call it was sent, is done.
    void come() {
        on(1, [&] {
            if (other().end_wait()) {
                other().serve();
                other().set_current(nullptr);
            }
            interrupt(arch::Interrupts::kCallLine);
        });
    }
    static auto configure(CPtr core, CPtr at, std::uint8_t priority, std::uint64_t budget = kSlice,
                          std::uint64_t period = 0) {
        return error(os::object::CoreControl{core}.configure(priority, at, budget, period, 0));
    }
    /// A thread that could run on the other core.
    auto make_there(CPtr at, std::uint8_t priority) -> Tcb& {
        auto& thread = make_passive_thread(at);
        make(ObjectType::SchedContext, at + 1);
        EXPECT_EQ(configure(kOtherCore, at + 1, priority), Error::None);
        EXPECT_EQ(error(SchedContext{at + 1}.bind(at)), Error::None);
        return thread;
    }
    /// One that runs there.
    auto run_there(CPtr at, std::uint8_t priority) -> Tcb& {
        auto& thread = make_there(at, priority);
        come();
        EXPECT_EQ(other().current(), &thread);
        machine().calls.clear();
        return thread;
    }
};

TEST_F(CoresTest, AThreadThatMayRunElsewhereIsQueuedThereAndTheCoreCalled) {
    auto& thread = make_there(kFirst, kHigh);
    EXPECT_EQ(current(), &main_thread()) << "no priority counts on another core";
    EXPECT_EQ(machine().calls, (Calls{1}));
    EXPECT_EQ(thread.context->state, kernel::SchedContext::State::Ready);
    EXPECT_EQ(other().current(), nullptr) << "it chooses itself";
    come();
    EXPECT_EQ(other().current(), &thread);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(CoresTest, ACoreIsCalledOnlyForWhatPreempts) {
    auto& first = run_there(kFirst, kMainPriority);
    auto& low = make_there(kSecond, kLow);
    EXPECT_EQ(machine().calls, Calls{}) << "it comes to that by itself";
    EXPECT_EQ(low.context->state, kernel::SchedContext::State::Ready);
    auto& high = make_there(kSecond + 2, kHigh);
    EXPECT_EQ(machine().calls, (Calls{1}));
    come();
    EXPECT_EQ(other().current(), &high);
    EXPECT_EQ(first.context->state, kernel::SchedContext::State::Ready);
}

TEST_F(CoresTest, SuspendingAThreadThatRunsElsewhereHoldsItsCore) {
    auto& thread = run_there(kFirst, kHigh);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.suspend()), Error::None);
    EXPECT_EQ(machine().calls, (Calls{1}));
    EXPECT_EQ(other().current(), nullptr);
    EXPECT_EQ(thread.state, ThreadState::Inactive);
    come();
    EXPECT_EQ(other().current(), nullptr) << "it has nothing else";
}

TEST_F(CoresTest, AClockThatIsATickBehindTakesNoBudget) {
    auto& thread = run_there(kFirst, kHigh);
    machine().now += 100;
    EXPECT_EQ(*SchedContext{kFirst + 1}.consumed(), 100U) << "charged here, by the clock of this core";
    machine().now -= 1;
    on(1, [&] { interrupt(arch::Interrupts::kTimerLine); });
    EXPECT_EQ(thread.context->remaining, kSlice - 100);
    EXPECT_EQ(*SchedContext{kFirst + 1}.consumed(), 0U);
    machine().now += 11;
    EXPECT_EQ(*SchedContext{kFirst + 1}.consumed(), 10U) << "and nothing is charged twice";
}

TEST_F(CoresTest, AHeldCoreIsNotCalledAgain) {
    run_there(kFirst, kHigh);
    other().begin_wait(Core::Entry::Trap);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.suspend()), Error::None);
    EXPECT_EQ(machine().calls, Calls{}) << "it waits for the kernel already";
    EXPECT_TRUE(other().end_wait()) << "and learns that its thread is gone";
    EXPECT_FALSE(other().end_wait());
}

TEST_F(CoresTest, ASystemCallThatHasNotBegunIsRewound) {
    auto& thread = run_there(kFirst, kHigh);
    constexpr std::uint64_t kAfter = 0x8004;
    thread.registers.values[arch::Registers::kProgramCounter] = kAfter;
    other().begin_wait(Core::Entry::SystemCall);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.suspend()), Error::None);
    EXPECT_EQ(thread.registers.values[arch::Registers::kProgramCounter],
              kAfter - arch::Registers::kInstructionSize);
}

TEST_F(CoresTest, ACoreThatRunsSomethingElseIsLeftAlone) {
    run_there(kFirst, kHigh);
    make_there(kSecond, kLow);
    EXPECT_EQ(error(os::object::Tcb{kSecond}.suspend()), Error::None);
    EXPECT_EQ(machine().calls, Calls{});
    EXPECT_EQ(other().current(), &object<Tcb>(kFirst));
}

TEST_F(CoresTest, AThreadMovesWhileItRuns) {
    auto& thread = run_there(kFirst, kLow);
    EXPECT_EQ(configure(kCore, kFirst + 1, kHigh), Error::None);
    EXPECT_EQ(current(), &thread) << "its priority counts here now";
    come();
    EXPECT_EQ(other().current(), nullptr);
    expect_invariants();
}

TEST_F(CoresTest, AThreadMovesAway) {
    auto& thread = make_thread(kFirst, kLow);
    EXPECT_EQ(configure(kOtherCore, kFirst + 1, kLow), Error::None);
    EXPECT_EQ(machine().calls, (Calls{1}));
    come();
    EXPECT_EQ(other().current(), &thread);
    receive(kEndpoint);
    EXPECT_EQ(current(), nullptr) << "nobody is left here";
}

TEST_F(CoresTest, ACallTakesItsServerAlongAndBringsItBack) {
    auto& server = make_thread(kFirst, kHigh);
    receive(kEndpoint);
    auto& client = run_there(kSecond, kHigh);
    on(1, [&] {
        call(kEndpoint, 7);
        EXPECT_EQ(current(), &server) << "on its caller's time, and so on its core";
        EXPECT_EQ(server.context, client.own);
        EXPECT_EQ(machine().calls, Calls{});
        reply_receive(kEndpoint, 8);
        EXPECT_EQ(current(), &client);
        EXPECT_EQ(received(client).message.tag.label(), 8U);
    });
    EXPECT_EQ(server.context, server.own);
}

TEST_F(CoresTest, ASignalWakesAWaiterElsewhere) {
    auto& waiter = run_there(kFirst, kHigh);
    on(1, [&] {
        receive(kNotification);
        EXPECT_EQ(current(), nullptr);
    });
    send(kNotification, 0);
    EXPECT_EQ(machine().calls, (Calls{1}));
    EXPECT_EQ(current(), &main_thread());
    come();
    EXPECT_EQ(other().current(), &waiter);
}

TEST_F(CoresTest, ABudgetEndsOnItsOwnCore) {
    make_passive_thread(kFirst);
    make(ObjectType::SchedContext, kFirst + 1);
    EXPECT_EQ(configure(kOtherCore, kFirst + 1, kHigh, 100, 1000), Error::None);
    EXPECT_EQ(error(SchedContext{kFirst + 1}.bind(kFirst)), Error::None);
    come();
    ASSERT_EQ(other().current(), &object<Tcb>(kFirst));
    machine().now += 100;
    on(1, [&] {
        interrupt(arch::Interrupts::kTimerLine);
        EXPECT_EQ(current(), nullptr);
        EXPECT_EQ(machine().deadline, object<kernel::SchedContext>(kFirst + 1).replenish_at);
    });
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst + 1)), Error::None) << "from here";
    expect_invariants();
}

TEST_F(CoresTest, DestroyingAThreadThatRunsElsewhere) {
    run_there(kFirst, kHigh);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFirst)), Error::None);
    EXPECT_EQ(other().current(), nullptr);
    come();
    EXPECT_EQ(other().current(), nullptr);
    expect_invariants();
}

TEST_F(CoresTest, OnlyWhoLosesItsAddressSpaceIsStopped) {
    auto& thread = run_there(kFirst, kHigh);
    EXPECT_EQ(error(kRootNode.copy(kDepth, kDepth, abi::rights::kAll, kSecond, kRoot, kVSpace)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kSecond)), Error::None);
    EXPECT_EQ(machine().calls, Calls{}) << "a copy that no thread runs in";
    EXPECT_EQ(other().current(), &thread);
    make(ObjectType::VSpace, kSecond);
    EXPECT_EQ(error(os::object::Tcb{kFirst}.configure(kRoot, kSecond, 0)), Error::None);
    come();
    ASSERT_EQ(other().current(), &thread);
    machine().calls.clear();
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kSecond)), Error::None);
    EXPECT_EQ(machine().calls, (Calls{1}));
    EXPECT_EQ(other().current(), nullptr);
    EXPECT_EQ(thread.vspace(), nullptr);
    come();
    EXPECT_EQ(other().current(), &thread) << "it faults at its next instruction";
}

TEST_F(CoresTest, FloatingPointValuesAreAskedForAndFollow) {
    auto& thread = run_there(kFirst, kHigh);
    Fault const no_fault{};
    on(1, [&] {
        other().set_current(handle_fp_access(other(), no_fault));
        EXPECT_EQ(other().fp_owner(), &thread);
    });
    constexpr std::array<std::uint64_t, 4> kValues{1, 2, 3, 4};
    machine().fp_registers = kValues;
    EXPECT_EQ(configure(kCore, kFirst + 1, kHigh), Error::None);
    ASSERT_EQ(current(), &thread);
    machine().calls.clear();
    core().set_current(handle_fp_access(core(), no_fault));
    EXPECT_EQ(machine().calls, (Calls{1}));
    EXPECT_EQ(core().fp_owner(), nullptr) << "it tries again";
    EXPECT_EQ(current(), &thread);
    come();
    EXPECT_EQ(other().fp_owner(), nullptr);
    EXPECT_EQ(thread.floating_point.values, kValues);
    machine().fp_registers = {};
    core().set_current(handle_fp_access(core(), no_fault));
    EXPECT_EQ(core().fp_owner(), &thread);
    EXPECT_EQ(machine().fp_registers, kValues);
}

TEST_F(CoresTest, LinesAreRoutedToACore) {
    constexpr std::uint32_t kLine = 5;
    EXPECT_EQ(error(os::object::IrqControl{kIrqControl}.get(0, kDepth, kLine, kRoot, kHandler)), Error::None);
    EXPECT_EQ(error(os::object::IrqHandler{kHandler}.set_core(kOtherCore)), Error::None);
    EXPECT_EQ(machine().routes[kLine], 1U);
    EXPECT_EQ(error(os::object::IrqHandler{kHandler}.set_core(kCore)), Error::None);
    EXPECT_EQ(machine().routes[kLine], 0U);
}

TEST_F(CoresTest, EachHasAnAlarmOfItsOwn) {
    auto const info = *os::object::CoreControl{kOtherCore}.info();
    EXPECT_NE(info.alarm_irq, arch::Interrupts::kAlarmLine);
    EXPECT_EQ(error(os::object::IrqControl{kIrqControl}.get(0, kDepth, info.alarm_irq, kRoot, kHandler)),
              Error::None);
    mint(kSecond, kNotification, 0x40);
    EXPECT_EQ(error(os::object::IrqHandler{kHandler}.set_notification(kSecond)), Error::None);
    EXPECT_EQ(error(os::object::CoreControl{kOtherCore}.set_alarm(4321)), Error::None);
    EXPECT_EQ(machine().alarms[0], 0U) << "not touched";
    EXPECT_EQ(machine().calls, (Calls{1, 1}));
    come();
    EXPECT_EQ(machine().alarms[1], 4321U);
    on(1, [&] { interrupt(arch::Interrupts::kAlarmLine); });
    EXPECT_EQ(machine().alarms[1], arch::Time::kNever);
    EXPECT_EQ(object<kernel::Notification>(kNotification).word, 0x40U);
    interrupt(arch::Interrupts::kAlarmLine);
    EXPECT_EQ(machine().alarms[0], arch::Time::kNever) << "another line, that nobody handles";
    EXPECT_EQ(error(os::object::IrqHandler{kHandler}.acknowledge()), Error::None);
    come();
    EXPECT_EQ(machine().alarms[1], 4321U);
    EXPECT_EQ(error(os::object::IrqHandler{kHandler}.set_core(kOtherCore)), Error::IllegalOperation);
}

} // namespace
} // namespace kernel::test
