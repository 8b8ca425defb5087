// SPDX-License-Identifier: MIT
/// The invocations of threads.
#include "kernel_test.hpp"

namespace kernel::test {
namespace {

constexpr CPtr kThread = kFree;
constexpr CPtr kEndpoint = kFree + 5;
using arch::Registers;
using os::object::Tcb;

class TcbTest : public KernelTest {
protected:
    TcbTest() {
        make(ObjectType::Endpoint, kEndpoint);
        make(ObjectType::Tcb, kThread);
    }
    auto thread() -> kernel::Tcb& { return object<kernel::Tcb>(kThread); }
    static constexpr Tcb kNew{kThread};
    static constexpr Tcb kSelf{kTcb};
};

TEST_F(TcbTest, BeginsInactiveWithUserFlags) {
    EXPECT_EQ(kNew.state()->state, 0U);
    EXPECT_EQ(thread().registers.values[Registers::kFlags], 0U);
    EXPECT_EQ(thread().vspace(), nullptr);
}

TEST_F(TcbTest, ConfigureKeepsItsOwnCopies) {
    make(ObjectType::CNode, kFree + 6, 4);
    EXPECT_EQ(error(kNew.configure(kFree + 6, kVSpace, kEndpoint)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kFree + 6)), Error::None);
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kEndpoint)), Error::None);
    EXPECT_TRUE(thread().cspace().is(ObjectType::CNode));
    EXPECT_TRUE(thread().slots[kernel::Tcb::kFaultEndpoint].capability().is_endpoint());
    EXPECT_EQ(thread().vspace(), main_thread().vspace());
}

TEST_F(TcbTest, ConfigureChecksEveryCapabilityFirst) {
    EXPECT_EQ(error(kNew.configure(0, kVSpace, 0)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 1U);
    EXPECT_EQ(error(kNew.configure(kRoot, kEndpoint, 0)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 2U);
    EXPECT_EQ(error(kNew.configure(kRoot, kVSpace, kRoot)), Error::InvalidCapability);
    EXPECT_EQ(details().first, 3U);
    EXPECT_TRUE(thread().cspace().null());
}

TEST_F(TcbTest, ConfigureReplaces) {
    EXPECT_EQ(error(kNew.configure(kRoot, kVSpace, kEndpoint)), Error::None);
    EXPECT_EQ(error(kNew.configure(kRoot, kVSpace, 0)), Error::None);
    EXPECT_TRUE(thread().slots[kernel::Tcb::kFaultEndpoint].empty());
    EXPECT_EQ(error(kNew.configure(kRoot, kVSpace, kEndpoint)), Error::None);
    EXPECT_FALSE(thread().slots[kernel::Tcb::kFaultEndpoint].empty());
}

TEST_F(TcbTest, RevokedSpacesLeaveTheThreadWithoutThem) {
    make(ObjectType::VSpace, kFree + 6);
    EXPECT_EQ(error(kNew.configure(kRoot, kFree + 6, kEndpoint)), Error::None);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kFree + 6)), Error::None);
    EXPECT_EQ(thread().vspace(), nullptr);
    EXPECT_EQ(error(kRootNode.revoke(kDepth, kEndpoint)), Error::None);
    EXPECT_TRUE(thread().slots[kernel::Tcb::kFaultEndpoint].empty());
}

TEST_F(TcbTest, RegistersAreWrittenAndRead) {
    EXPECT_EQ(error(kNew.write_registers(0, 7, false, {1, 2, 0xFFF, 4, 5, 6, 7})), Error::None);
    auto const read = kNew.read_registers(0, 8);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, (std::array<std::uint64_t, 8>{1, 2, Registers::kUserFlags, 4, 5, 6, 7, 0}))
        << "privileged flags are masked";
    EXPECT_EQ((*kNew.read_registers(1, 1))[0], 2U);
    EXPECT_EQ((*kNew.read_registers(1, 1))[1], 0U) << "only what was asked for";
}

TEST_F(TcbTest, RegisterRangesAreChecked) {
    constexpr std::uint8_t kLast = Registers::kCount - 1;
    EXPECT_EQ(error(kNew.read_registers(0, 0)), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 8}));
    EXPECT_EQ(error(kNew.read_registers(0, 9)), Error::RangeError);
    EXPECT_EQ(error(kNew.read_registers(kLast, 2)), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 1}));
    EXPECT_EQ(error(kNew.read_registers(kLast + 1, 1)), Error::RangeError);
    EXPECT_EQ(details(), (Details{0, kLast}));
    EXPECT_EQ(error(kNew.write_registers(0, 8, false, {})), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 7}));
}

TEST_F(TcbTest, WritingOwnRegistersIsRefused) {
    EXPECT_EQ(error(kSelf.write_registers(0, 1, false, {})), Error::IllegalOperation);
}

TEST_F(TcbTest, WrittenRegistersHoldWhateverTheThreadWaitedFor) {
    auto& waiter = make_thread(kFree + 20, kMainPriority + 1);
    receive(kEndpoint);
    ASSERT_EQ(waiter.state, ThreadState::Receiving);
    EXPECT_EQ(error(Tcb{kFree + 20}.write_registers(0, 2, true, {0x5000, 0x6000})), Error::None);
    EXPECT_EQ(waiter.state, ThreadState::Running);
    EXPECT_EQ(waiter.program_counter(), 0x5000U);
    EXPECT_EQ(waiter.registers.values[Registers::kStackPointer], 0x6000U);
}

TEST_F(TcbTest, WriteRegistersResumesWhenAsked) {
    EXPECT_EQ(error(kNew.write_registers(0, 1, true, {0x4000})), Error::None);
    EXPECT_EQ(thread().state, ThreadState::Running);
    EXPECT_EQ(kNew.state()->state, 7U) << "without a scheduling context";
}

TEST_F(TcbTest, ResumingOneselfIsHarmless) {
    EXPECT_EQ(error(kSelf.resume()), Error::None);
    EXPECT_EQ(current(), &main_thread());
}

TEST_F(TcbTest, SuspendingOneselfStopsAfterTheCall) {
    auto& other = make_thread(kFree + 10, kMainPriority - 1);
    call(kTcb, 0x307);
    ASSERT_EQ(current(), &other);
    EXPECT_EQ(main_thread().state, ThreadState::Inactive);
    EXPECT_EQ(error(kSelf.resume()), Error::None);
    EXPECT_EQ(current(), &main_thread());
    EXPECT_EQ(os::refusal(received(main_thread()).message), Error::None);
}

TEST_F(TcbTest, StateNamesWhatAThreadDoes) {
    make(ObjectType::Notification, kFree + 6);
    auto& receiver = make_thread(kFree + 10, kMainPriority + 1);
    EXPECT_EQ(kSelf.state()->state, 1U);
    receive(kEndpoint);
    EXPECT_EQ(Tcb{kFree + 10}.state()->state, 2U);
    EXPECT_EQ(Tcb{kFree + 10}.state()->priority, kMainPriority + 1);
    EXPECT_EQ(Tcb{kFree + 10}.state()->core, 0U);
    make_thread(kFree + 20, kMainPriority + 1);
    receive(kFree + 6);
    EXPECT_EQ(Tcb{kFree + 20}.state()->state, 5U);
    make_thread(kFree + 30, kMainPriority + 1);
    call(kEndpoint, 0);
    ASSERT_EQ(current(), &receiver);
    EXPECT_EQ(Tcb{kFree + 30}.state()->state, 4U);
}

TEST_F(TcbTest, FlagsAreClearedThenSet) {
    EXPECT_EQ(*kNew.set_flags(0, 0), 0U);
    EXPECT_EQ(*kNew.set_flags(0, ~std::uint64_t{0}), 1U) << "only flags that exist";
    EXPECT_EQ(*kNew.set_flags(0, 0), 1U);
    EXPECT_EQ(*kNew.set_flags(1, 0), 0U);
}

TEST_F(TcbTest, OwnTlsBaseHoldsAtOnce) {
    EXPECT_EQ(error(kSelf.set_tls(0x1234'5000)), Error::None);
    EXPECT_EQ(machine().thread_local_base, 0x1234'5000U);
    EXPECT_EQ(error(kNew.set_tls(0x5678'9000)), Error::None);
    EXPECT_EQ(machine().thread_local_base, 0x1234'5000U);
}

TEST_F(TcbTest, ReceiveSlotHasADepthThatExists) {
    EXPECT_EQ(error(kNew.set_receive_slot(0, kRoot, 1)), Error::RangeError);
    EXPECT_EQ(error(kNew.set_receive_slot(65, kRoot, 1)), Error::RangeError);
    EXPECT_EQ(details(), (Details{1, 64}));
    EXPECT_EQ(thread().receive_root, abi::kNullCPtr);
    EXPECT_EQ(error(kNew.set_receive_slot(64, kRoot, 1)), Error::None);
    EXPECT_EQ(error(kNew.set_receive_slot(0, 0, 0)), Error::None) << "no slot needs none";
}

TEST_F(TcbTest, TlsBaseIsKept) {
    EXPECT_EQ(error(kNew.set_tls(0x1234)), Error::None);
    EXPECT_EQ(thread().tls, 0x1234U);
}

TEST_F(TcbTest, DeletingAThreadDeletesWhatItHolds) {
    EXPECT_EQ(error(kNew.configure(kRoot, kVSpace, kEndpoint)), Error::None);
    auto const& copy = thread().slots[kernel::Tcb::kFaultEndpoint];
    EXPECT_FALSE(copy.empty());
    EXPECT_EQ(error(kRootNode.delete_(kDepth, kThread)), Error::None);
    EXPECT_TRUE(copy.empty());
}

TEST_F(TcbTest, FloatingPointChangesHandsOnFirstUse) {
    auto& other = make_thread(kFree + 10, kMainPriority + 1);
    Fault const trap{abi::FaultKind::UserException, {7, 0, 0}};
    core().set_current(handle_fp_access(core(), trap));
    EXPECT_EQ(core().fp_owner(), &other);
    machine().fp_registers = {1, 2, 3, 4};
    receive(kEndpoint);
    core().set_current(handle_fp_access(core(), trap));
    EXPECT_EQ(core().fp_owner(), &main_thread());
    EXPECT_EQ(other.floating_point.values, (std::array<std::uint64_t, 4>{1, 2, 3, 4}));
    EXPECT_EQ(machine().fp_registers, (std::array<std::uint64_t, 4>{}));
}

TEST_F(TcbTest, DisabledFloatingPointIsAFault) {
    EXPECT_EQ(error(kSelf.set_flags(0, 1)), Error::None);
    core().set_current(handle_fp_access(core(), {abi::FaultKind::UserException, {7, 0, 0}}));
    EXPECT_EQ(main_thread().state, ThreadState::Faulted);
    EXPECT_EQ(core().fp_owner(), nullptr);
}

TEST_F(TcbTest, DisablingTheOwnerSavesItsState) {
    core().set_current(handle_fp_access(core(), {abi::FaultKind::UserException, {7, 0, 0}}));
    machine().fp_registers = {9, 9, 9, 9};
    EXPECT_EQ(error(kSelf.set_flags(0, 1)), Error::None);
    EXPECT_EQ(core().fp_owner(), nullptr);
    EXPECT_FALSE(machine().fp_enabled);
    EXPECT_EQ(main_thread().floating_point.values[0], 9U);
}

} // namespace
} // namespace kernel::test
