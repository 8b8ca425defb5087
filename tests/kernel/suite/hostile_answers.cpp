// SPDX-License-Identifier: MIT
/// Fault handlers that answer what makes no sense, too late or twice. The thread that faulted is theirs;
/// nobody else notices.
#include "rig.hpp"
#include "tests.hpp"
#include "victim.hpp"

#include "os/arch.hpp"
#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

using abi::FaultKind;
namespace reg = os::arch::reg;

/// Where an answer can send a thread: to an instruction that only the kernel may execute.
void be_privileged(std::uint64_t /*argument*/) {
    instruction::kPrivileged[0]();
    ++passed;
    rest();
}

/// Everything of a thread that an answer could change.
using Frame = std::array<std::uint64_t, reg::kCount>;
auto frame_of(Thread const& thread) -> Got<Frame> {
    constexpr std::size_t kAtOnce = 8;
    Frame frame{};
    for (std::size_t first = 0; first < frame.size(); first += kAtOnce) {
        auto const count = std::min(kAtOnce, frame.size() - first);
        auto const some = TRY(must(
            thread.tcb.read_registers(static_cast<std::uint8_t>(first), static_cast<std::uint8_t>(count))));
        std::copy_n(some.begin(), count, frame.begin() + static_cast<std::ptrdiff_t>(first));
    }
    return frame;
}

auto answer(std::uint64_t label, std::size_t length, std::uint64_t word) -> os::Message {
    os::Message made{.tag = abi::MessageTag{label, length, 0xFF}};
    made.words.fill(word);
    made.words[7] = kRoot; // attached, if that meant anything
    return made;
}

auto wrong_labels_leave_it_stopped(Rig& rig) -> Outcome {
    constexpr std::uint64_t kLargest = (std::uint64_t{1} << 52U) - 1;
    for (std::uint64_t const label :
         {std::uint64_t{1}, std::uint64_t{0x100}, std::uint64_t{0x307}, kLargest}) {
        Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
        auto const before = TRY(frame_of(victim.thread));
        os::reply(answer(label, 8, ~std::uint64_t{0}));
        REQUIRE(victim.thread.state() == state::kFaulted && passed == 0);
        REQUIRE(TRY(frame_of(victim.thread)) == before);
    }
    return {};
}

/// Of an answer that is longer than a message can be, eight words count; none where none has a meaning.
auto wrong_lengths_are_cut(Rig& rig) -> Outcome {
    constexpr std::size_t kLongest = 15;
    Victim const reader = TRY(start_victim(rig, read_for_ever, FaultKind::VirtualMemory));
    auto const before = TRY(frame_of(reader.thread));
    auto const again = os::reply_receive(reader.faults, answer(0, kLongest, 0x1234));
    REQUIRE(is_fault(again.message, FaultKind::VirtualMemory) && passed == 0);
    REQUIRE(TRY(frame_of(reader.thread)) == before);
    os::reply(message(1));

    Victim const other = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    auto longest = answer(0, kLongest, 0);
    auto const found = TRY(frame_of(other.thread));
    std::copy_n(found.begin() + reg::kFirstArgument, 5, longest.words.begin() + 3);
    longest.words[0] = other.fault.words[0] + instruction::kSize;
    longest.words[1] = other.fault.words[3]; // the stack pointer
    longest.words[2] = other.fault.words[4]; // the flags
    REQUIRE(is_fault(os::reply_receive(other.faults, longest).message, FaultKind::UserException));
    REQUIRE(passed == 1);
    os::reply(message(1));
    return {};
}

auto an_answer_gives_no_privilege(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    auto all_bits = answer(0, 8, ~std::uint64_t{0});
    all_bits.words[0] = reinterpret_cast<std::uint64_t>(be_privileged);
    all_bits.words[1] = victim.thread.stack_top;
    all_bits.words[2] = instruction::kPrivilegedFlags;
    auto const fault = os::reply_receive(victim.faults, all_bits).message;
    REQUIRE(is_fault(fault, FaultKind::UserException) && passed == 0);
    os::reply(message(1));
    return {};
}

/// Addresses of the kernel and of nothing, as program counter and stack pointer.
auto it_faults_wherever_it_is_sent(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    for (std::uint64_t const target : {~std::uint64_t{0}, std::uint64_t{0xFFFF'FF80'0000'0000},
                                       std::uint64_t{1} << abi::kUserAddressBits, kFreeAddress}) {
        TRY(must(victim.thread.tcb.write_registers(reg::kProgramCounter, 2, true, {target, target})));
        auto const fault = os::receive(victim.faults).message;
        REQUIRE(fault.tag.flags() == abi::MessageTag::kFault && passed == 0);
        REQUIRE(victim.thread.state() == state::kAwaitingReply);
    }
    os::reply(message(1));
    REQUIRE(victim.thread.state() == state::kFaulted);
    return {};
}

auto an_answer_to_the_dead_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, read_for_ever, FaultKind::VirtualMemory));
    TRY(must(rig.root().delete_(kDepth, victim.thread.tcb.capability())));
    auto const before = rig.fingerprint();
    os::reply(answer(0, 8, 1));
    os::reply(answer(0, 8, 1));
    REQUIRE(rig.fingerprint() == before && passed == 0);
    REQUIRE(os::try_receive(victim.faults).message.tag.raw() == 0);
    return {};
}

/// The same where the fault was kept. The reply object is free for another caller.
auto a_kept_fault_dies_with_its_thread(Rig& rig) -> Outcome {
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    for (int round = 0; round < 2; ++round) {
        Victim const victim = TRY(start_victim(rig, read_for_ever, FaultKind::VirtualMemory));
        TRY(must(reply.save()));
        TRY(must(rig.root().delete_(kDepth, victim.thread.tcb.capability())));
        os::send(reply.capability(), answer(0, 8, 1));
        REQUIRE(passed == 0);
    }
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(reply.save()));
    os::send(reply.capability(), message(0, victim.fault.words[0] + instruction::kSize));
    REQUIRE(passed == 1);
    return {};
}

/// Resumed by someone else, it meets its fault anew, and the answer to the old one is nobody's.
auto an_answer_to_the_resumed_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, read_for_ever, FaultKind::VirtualMemory));
    TRY(must(victim.thread.tcb.resume()));
    REQUIRE(victim.thread.state() == state::kSending);
    os::reply(message(1));
    REQUIRE(victim.thread.state() == state::kSending && passed == 0);
    REQUIRE(is_fault(os::receive(victim.faults).message, FaultKind::VirtualMemory));
    os::reply(message(1));
    REQUIRE(victim.thread.state() == state::kFaulted);
    return {};
}

auto an_answer_to_the_suspended_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(victim.thread.tcb.suspend()));
    auto const before = TRY(frame_of(victim.thread));
    os::reply(message(0, victim.fault.words[0] + instruction::kSize));
    REQUIRE(victim.thread.state() == state::kInactive && passed == 0);
    REQUIRE(TRY(frame_of(victim.thread)) == before);
    return {};
}

/// The second answer is not for the fault that came in between.
auto a_second_answer_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start_victim(rig, be_undefined_for_ever, FaultKind::UserException));
    auto const next = message(0, victim.fault.words[0] + instruction::kSize);
    os::reply(next);
    REQUIRE(passed == 1 && victim.thread.state() == state::kSending);
    os::reply(next);
    REQUIRE(passed == 1 && victim.thread.state() == state::kSending);
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    (void)os::receive(victim.faults);
    TRY(must(reply.save()));
    os::send(reply.capability(), next);
    REQUIRE(passed == 2 && victim.thread.state() == state::kSending);
    os::send(reply.capability(), next);
    os::try_send(reply.capability(), next);
    REQUIRE(passed == 2 && victim.thread.state() == state::kSending);
    return {};
}

constexpr std::array kTests{
    Test{"wrong_labels_leave_it_stopped", wrong_labels_leave_it_stopped},
    Test{"wrong_lengths_are_cut", wrong_lengths_are_cut},
    Test{"an_answer_gives_no_privilege", an_answer_gives_no_privilege},
    Test{"it_faults_wherever_it_is_sent", it_faults_wherever_it_is_sent},
    Test{"an_answer_to_the_dead_does_nothing", an_answer_to_the_dead_does_nothing},
    Test{"a_kept_fault_dies_with_its_thread", a_kept_fault_dies_with_its_thread},
    Test{"an_answer_to_the_resumed_does_nothing", an_answer_to_the_resumed_does_nothing},
    Test{"an_answer_to_the_suspended_does_nothing", an_answer_to_the_suspended_does_nothing},
    Test{"a_second_answer_does_nothing", a_second_answer_does_nothing},
};

} // namespace

auto hostile_answer_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
