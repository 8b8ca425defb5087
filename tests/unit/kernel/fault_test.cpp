// SPDX-License-Identifier: MIT
/// Faults as messages, and what their answers do.
#include "kernel_test.hpp"

#include <vector>

namespace kernel::test {
namespace {

constexpr CPtr kEndpoint = kFree;
constexpr CPtr kBadged = kFree + 1;
constexpr CPtr kHandler = kFree + 10;
constexpr CPtr kVictim = kFree + 20;
constexpr std::uint64_t kBadge = 0xFA;
using abi::FaultKind;
using abi::MessageTag;
using arch::Registers;

class FaultTest : public KernelTest {
protected:
    FaultTest() {
        make(ObjectType::Endpoint, kEndpoint);
        mint(kBadged, kEndpoint, kBadge);
    }
    void start_handler() {
        handler = &make_thread(kHandler, kHigh + 1);
        receive(kEndpoint);
        start_victim(kBadged);
    }
    void start_victim(CPtr fault_endpoint) {
        victim = &make_thread(kVictim, kHigh, fault_endpoint);
        ASSERT_EQ(current(), victim);
        victim->registers.values[Registers::kProgramCounter] = 0x5000;
        victim->registers.values[Registers::kStackPointer] = 0x6000;
    }
    void fault(Fault const& fault) { core().set_current(handle_fault(core(), fault)); }

    Tcb* handler{};
    Tcb* victim{};
};

TEST_F(FaultTest, VirtualMemoryFaultIsACallWithAddressAndAccess) {
    start_handler();
    fault({FaultKind::VirtualMemory, {0xDEAD'0000, abi::fault_access::kWrite, 0x45}});
    ASSERT_EQ(current(), handler);
    auto const got = received(*handler);
    EXPECT_EQ(got.badge, kBadge);
    EXPECT_EQ(got.message.tag, (MessageTag{4, 4, MessageTag::kFault}));
    EXPECT_EQ(got.message.words, (abi::Words{0x5000, 0xDEAD'0000, 1, 0x45}));
    EXPECT_EQ(victim->state, ThreadState::AwaitingReply);
    reply_receive(kEndpoint, 0);
    EXPECT_EQ(current(), victim);
    EXPECT_EQ(victim->program_counter(), 0x5000U) << "the access is made again";
}

TEST_F(FaultTest, AnyOtherLabelLeavesTheThreadStopped) {
    start_handler();
    fault({FaultKind::VirtualMemory, {}});
    reply_receive(kEndpoint, 1);
    EXPECT_EQ(victim->state, ThreadState::Faulted);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(error(os::object::Tcb{kVictim}.resume()), Error::None);
    EXPECT_EQ(current(), victim);
}

TEST_F(FaultTest, UserExceptionAnswerReplacesRegisters) {
    start_handler();
    fault({FaultKind::UserException, {3, 0x55, 0}});
    EXPECT_EQ(received(*handler).message.words, (abi::Words{0x5000, 3, 0x55, 0x6000, 0}));
    system_call(abi::Syscall::ReplyRecv, kEndpoint, {MessageTag{0, 3}, {0x7000, 0x8000, 0xFFF, 9}});
    EXPECT_EQ(current(), victim);
    EXPECT_EQ(victim->registers.values[Registers::kProgramCounter], 0x7000U);
    EXPECT_EQ(victim->registers.values[Registers::kStackPointer], 0x8000U);
    EXPECT_EQ(victim->registers.values[Registers::kFlags], Registers::kUserFlags) << "no privileged ones";
    EXPECT_EQ(victim->registers.values[Registers::kFirstGeneral], 0U) << "only as many as were sent";
}

TEST_F(FaultTest, AnswersToOtherFaultsReplaceNothing) {
    start_handler();
    fault({FaultKind::VirtualMemory, {}});
    system_call(abi::Syscall::ReplyRecv, kEndpoint, {MessageTag{0, 8}, {1, 2, 3, 4}});
    EXPECT_EQ(victim->registers.values[Registers::kProgramCounter], 0x5000U);
}

TEST_F(FaultTest, UnknownSystemCallCarriesNumberAndRegisters) {
    start_handler();
    system_call(std::uint64_t{99}, 0x11, {MessageTag{0x22}, {0x33, 0x44}});
    ASSERT_EQ(current(), handler);
    auto const got = received(*handler).message;
    EXPECT_EQ(got.tag, (MessageTag{2, 8, MessageTag::kFault}));
    EXPECT_EQ(got.words, (abi::Words{0x1004, 99, 0x6000, 0, 0x11, 0x22, 0x33, 0x44}));
    system_call(abi::Syscall::ReplyRecv, kEndpoint, {MessageTag{0, 5}, {0x1004, 0x6000, 0, 7, 8}});
    EXPECT_EQ(victim->registers.values[Registers::kFirstGeneral], 7U);
    EXPECT_EQ(victim->registers.values[Registers::kFirstGeneral + 1], 8U);
}

TEST_F(FaultTest, BadCapabilityIsAFaultAndTheCallBeginsAgain) {
    start_handler();
    send(kFree + 99, 1);
    ASSERT_EQ(current(), handler);
    EXPECT_EQ(received(*handler).message.tag, (MessageTag{1, 3, MessageTag::kFault}));
    EXPECT_EQ(received(*handler).message.words, (abi::Words{0x1000, kFree + 99, 0}));
    reply_receive(kEndpoint, 0);
    ASSERT_EQ(current(), victim);
    EXPECT_EQ(victim->program_counter(), 0x1000U);
}

TEST_F(FaultTest, ReceivingWithoutTheRightIsAFault) {
    start_handler();
    mint(kFree + 2, kEndpoint, 0, abi::rights::kWrite);
    for (auto const number : {abi::Syscall::Recv, abi::Syscall::NBRecv, abi::Syscall::ReplyRecv}) {
        system_call(number, kFree + 2);
        ASSERT_EQ(current(), handler);
        EXPECT_EQ(received(*handler).message.words, (abi::Words{0x1000, kFree + 2, 1}));
        reply_receive(kEndpoint, 0);
    }
    system_call(abi::Syscall::SendRecv, kEndpoint, {}, kFree + 2);
    ASSERT_EQ(current(), handler);
    EXPECT_EQ(received(*handler).message.words, (abi::Words{0x1000, kFree + 2, 1}));
}

TEST_F(FaultTest, TryingSendToNothingIsDropped) {
    start_handler();
    system_call(abi::Syscall::NBSend, kFree + 99);
    EXPECT_EQ(current(), victim);
}

TEST_F(FaultTest, WithoutAHandlerTheThreadStops) {
    start_victim(0);
    fault({FaultKind::VirtualMemory, {}});
    EXPECT_EQ(victim->state, ThreadState::Faulted);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(os::object::Tcb{kVictim}.state()->state, 6U);
}

TEST_F(FaultTest, HandlerCapabilityMustAllowCalls) {
    mint(kFree + 2, kEndpoint, 0, abi::rights::kWrite | abi::rights::kRead);
    start_victim(kFree + 2);
    fault({FaultKind::VirtualMemory, {}});
    EXPECT_EQ(victim->state, ThreadState::Faulted);
}

TEST_F(FaultTest, FaultWaitsForItsHandler) {
    start_victim(kBadged);
    fault({FaultKind::Debug, {1, 2, 0}});
    ASSERT_EQ(current(), &main_thread());
    EXPECT_EQ(victim->state, ThreadState::Sending);
    receive(kEndpoint);
    EXPECT_EQ(received(main_thread()).message.tag.label(), static_cast<std::uint64_t>(FaultKind::Debug));
    reply(0);
    EXPECT_EQ(current(), victim);
}

TEST_F(FaultTest, HandlerThatDiesLeavesTheThreadFaulted) {
    start_handler();
    fault({FaultKind::VirtualMemory, {}});
    call(kRoot, 0x206, {kDepth, kHandler});
    EXPECT_EQ(victim->state, ThreadState::Faulted);
    EXPECT_FALSE(victim->has_fault());
}

TEST_F(FaultTest, DeletedFaultEndpointLeavesTheThreadFaulted) {
    start_victim(kBadged);
    fault({FaultKind::VirtualMemory, {}});
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kEndpoint)), Error::None);
    EXPECT_EQ(victim->state, ThreadState::Faulted);
}

TEST_F(FaultTest, SuspendedWhileItsFaultIsHandledItFaultsAgain) {
    start_handler();
    fault({FaultKind::VirtualMemory, {}});
    EXPECT_EQ(error(os::object::Tcb{kVictim}.suspend()), Error::None);
    EXPECT_EQ(victim->program_counter(), 0x5000U);
    EXPECT_EQ(error(os::object::Tcb{kVictim}.resume()), Error::None);
    receive(kEndpoint);
    EXPECT_EQ(current(), victim);
}

TEST_F(FaultTest, FaultOfTheHandlerGoesToItsOwnHandler) {
    make(ObjectType::Endpoint, kFree + 2);
    auto& supervisor = make_thread(kFree + 30, kHigh + 2);
    receive(kFree + 2);
    handler = &make_thread(kHandler, kHigh + 1, kFree + 2);
    receive(kEndpoint);
    start_victim(kBadged);
    fault({FaultKind::VirtualMemory, {}});
    ASSERT_EQ(current(), handler);
    fault({FaultKind::UserException, {}});
    ASSERT_EQ(current(), &supervisor);
    reply_receive(kFree + 2, 0);
    ASSERT_EQ(current(), handler);
    reply_receive(kEndpoint, 0);
    EXPECT_EQ(current(), victim);
}

/// Each handles the fault of the one before it, and faults.
TEST_F(FaultTest, FaultsOfHandlersAreHandledToADepth) {
    constexpr CPtr kFirst = kFree + 40;
    std::vector<Tcb*> threads(abi::kMaxFaultDepth + 1);
    for (std::size_t index = threads.size(); index-- > 0;) {
        auto const slots = kFirst + 3 * index;
        threads[index] = &make_thread(slots, kHigh, index + 1 < threads.size() ? slots + 2 : kBadged);
        if (index > 0) {
            make(ObjectType::Endpoint, slots - 1);
            receive(slots - 1);
        }
    }
    for (auto* const thread : threads) {
        ASSERT_EQ(current(), thread);
        for (auto const* other : threads) {
            EXPECT_NE(other->state, ThreadState::Faulted);
        }
        fault({FaultKind::VirtualMemory, {}});
        expect_invariants();
    }
    for (auto const* thread : threads) {
        EXPECT_EQ(thread->state, ThreadState::Faulted) << "the last fault was one too many";
        EXPECT_FALSE(thread->has_fault());
    }
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(FaultTest, UnknownSystemCallThatIsGivenUpIsMadeAgain) {
    start_handler();
    system_call(99, 0);
    ASSERT_EQ(current(), handler);
    auto const after = victim->program_counter();
    EXPECT_EQ(error(os::object::Tcb{kVictim}.suspend()), Error::None);
    EXPECT_EQ(victim->program_counter(), after - Registers::kInstructionSize);
}

/// The caller goes on with a context of its own and preempts the server, which then cannot go on itself.
TEST_F(FaultTest, ServerThatFaultsAfterItsAnswerDoesNotStayInTheRunQueue) {
    constexpr CPtr kService = kFree + 2;
    constexpr CPtr kServer = kFree + 30;
    constexpr CPtr kClient = kFree + 40;
    constexpr std::uint64_t kBudget = 100;
    make(ObjectType::Endpoint, kService);
    auto& server = make_thread(kServer, kMainPriority + 1, kBadged);
    receive(kService);
    auto& client = make_thread(kClient, kHigh);
    ASSERT_EQ(error(kCoreControl.configure(kHigh, kClient + 1, kBudget, kSlice, 0)), Error::None);
    call(kService, 1);
    ASSERT_EQ(current(), &server);
    pass(kBudget);
    ASSERT_EQ(server.context, server.own) << "the client's time is over";
    pass(kSlice);
    ASSERT_EQ(current(), &server);
    reply_receive(kFree + 3, 0);
    ASSERT_EQ(current(), &client);
    EXPECT_EQ(server.state, ThreadState::Sending) << "nobody handles faults";
    expect_invariants();
    receive(kService);
    EXPECT_EQ(current(), &main_thread());
}

} // namespace
} // namespace kernel::test
