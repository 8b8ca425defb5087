// SPDX-License-Identifier: MIT
/// Fault handlers that answer what makes no sense, too late, twice or never. The thread that faulted is
/// theirs; nobody else notices.
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace suite {

namespace {

using abi::FaultKind;
namespace reg = os::arch::reg;

std::atomic<unsigned> passed; ///< how often a victim came past its fault

/// Faults by reading nothing, again and again.
void read_for_ever(std::uint64_t address) {
    while (true) {
        (void)*reinterpret_cast<std::uint64_t volatile*>(address);
        ++passed;
    }
}
void be_undefined_for_ever(std::uint64_t /*argument*/) {
    while (true) {
        instruction::undefined();
        ++passed;
    }
}
/// Where an answer can send a thread: to an instruction that only the kernel may execute.
void be_privileged(std::uint64_t /*argument*/) {
    instruction::kPrivileged[0]();
    ++passed;
    rest();
}

/// A thread whose first fault has been received by this test's thread.
struct Victim {
    CPtr faults;
    Thread thread;
    os::Message fault;
};

auto is_fault(os::Message const& received, FaultKind kind) -> bool {
    return received.tag.flags() == abi::MessageTag::kFault &&
           received.tag.label() == static_cast<std::uint64_t>(kind);
}

auto start(Rig& rig, void (*run)(std::uint64_t), FaultKind kind) -> Got<Victim> {
    passed = 0;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread = TRY(rig.start({.run = run, .argument = kFreeAddress, .fault_endpoint = faults}));
    auto const fault = os::receive(faults).message;
    REQUIRE(is_fault(fault, kind) && thread.state() == state::kAwaitingReply);
    return Victim{faults, thread, fault};
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
        Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
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
    Victim const reader = TRY(start(rig, read_for_ever, FaultKind::VirtualMemory));
    auto const before = TRY(frame_of(reader.thread));
    auto const again = os::reply_receive(reader.faults, answer(0, kLongest, 0x1234));
    REQUIRE(is_fault(again.message, FaultKind::VirtualMemory) && passed == 0);
    REQUIRE(TRY(frame_of(reader.thread)) == before);
    os::reply(message(1));

    Victim const other = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
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
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
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
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
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
    Victim const victim = TRY(start(rig, read_for_ever, FaultKind::VirtualMemory));
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
        Victim const victim = TRY(start(rig, read_for_ever, FaultKind::VirtualMemory));
        TRY(must(reply.save()));
        TRY(must(rig.root().delete_(kDepth, victim.thread.tcb.capability())));
        os::send(reply.capability(), answer(0, 8, 1));
        REQUIRE(passed == 0);
    }
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(reply.save()));
    os::send(reply.capability(), message(0, victim.fault.words[0] + instruction::kSize));
    REQUIRE(passed == 1);
    return {};
}

/// Resumed by someone else, it meets its fault anew, and the answer to the old one is nobody's.
auto an_answer_to_the_resumed_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start(rig, read_for_ever, FaultKind::VirtualMemory));
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
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(victim.thread.tcb.suspend()));
    auto const before = TRY(frame_of(victim.thread));
    os::reply(message(0, victim.fault.words[0] + instruction::kSize));
    REQUIRE(victim.thread.state() == state::kInactive && passed == 0);
    REQUIRE(TRY(frame_of(victim.thread)) == before);
    return {};
}

/// The second answer is not for the fault that came in between.
auto a_second_answer_does_nothing(Rig& rig) -> Outcome {
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
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

/// Every way in which a handler can fail to answer: the thread stays stopped, and can be resumed.
auto a_fault_without_answer_is_over(Rig& rig) -> Outcome {
    object::Reply const reply{TRY(rig.make(ObjectType::Reply))};
    Victim const victim = TRY(start(rig, read_for_ever, FaultKind::VirtualMemory));
    auto const stopped = [&] { return victim.thread.state() == state::kFaulted && passed == 0; };
    auto const again = [&]() -> Outcome {
        TRY(must(victim.thread.tcb.resume()));
        REQUIRE(is_fault(os::receive(victim.faults).message, FaultKind::VirtualMemory));
        return {};
    };
    (void)os::try_receive(victim.faults); // it receives again
    REQUIRE(stopped());
    TRY(again());
    TRY(must(reply.save()));
    TRY(must(reply.abort()));
    REQUIRE(stopped());
    TRY(again());
    TRY(must(reply.save()));
    TRY(must(rig.root().delete_(kDepth, reply.capability())));
    REQUIRE(stopped());
    return {};
}

/// Takes a fault and stops with one of its own.
void take_and_fault(std::uint64_t faults) {
    (void)os::receive(faults);
    rest();
}
/// Takes a fault and waits for something else, without giving it up.
void take_and_send(std::uint64_t faults) {
    (void)os::receive(faults);
    os::send(faults, message(1));
    rest();
}

auto a_fault_ends_with_its_handler(Rig& rig) -> Outcome {
    for (auto* const run : {take_and_fault, take_and_send}) {
        passed = 0;
        CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
        Thread const handler = TRY(rig.start({.run = run, .argument = faults}));
        Thread const victim =
            TRY(rig.start({.run = read_for_ever, .argument = kFreeAddress, .fault_endpoint = faults}));
        TRY(must(rig.root().delete_(kDepth, handler.tcb.capability())));
        REQUIRE(victim.state() == state::kFaulted && passed == 0);
    }
    return {};
}

/// The endpoint is needed to get the fault, not to answer it.
auto a_fault_outlives_its_endpoint(Rig& rig) -> Outcome {
    Victim const victim = TRY(start(rig, be_undefined_for_ever, FaultKind::UserException));
    TRY(must(rig.root().revoke(kDepth, victim.faults)));
    TRY(must(rig.root().delete_(kDepth, victim.faults)));
    REQUIRE(victim.thread.state() == state::kAwaitingReply);
    os::reply(message(0, victim.fault.words[0] + instruction::kSize));
    // The next one has no handler any more.
    REQUIRE(passed == 1 && victim.thread.state() == state::kFaulted);
    return {};
}

/// What the kernel cannot call through is no handler.
auto a_weak_endpoint_handles_nothing(Rig& rig) -> Outcome {
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    for (std::uint8_t const rights :
         {abi::rights::kRead, abi::rights::kWrite, abi::rights::kGrant,
          static_cast<std::uint8_t>(abi::rights::kRead | abi::rights::kGrantReply)}) {
        passed = 0;
        CPtr const weak = TRY(rig.mint(faults, 0, rights));
        Thread const thread =
            TRY(rig.start({.run = read_for_ever, .argument = kFreeAddress, .fault_endpoint = weak}));
        REQUIRE(thread.state() == state::kFaulted && passed == 0);
        REQUIRE(os::try_receive(faults).message.tag.raw() == 0);
    }
    return {};
}

/// A thread that is to handle its own faults waits for itself; it can be stopped, resumed and deleted.
auto its_own_handler_waits_for_itself(Rig& rig) -> Outcome {
    passed = 0;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    auto const receive_for_ever = [](std::uint64_t endpoint) {
        (void)*reinterpret_cast<std::uint64_t volatile*>(kFreeAddress);
        (void)os::receive(endpoint);
        rest();
    };
    Thread const thread =
        TRY(rig.start({.run = receive_for_ever, .argument = faults, .fault_endpoint = faults}));
    REQUIRE(thread.state() == state::kSending);
    TRY(must(thread.tcb.suspend()));
    REQUIRE(thread.state() == state::kInactive);
    TRY(must(thread.tcb.resume()));
    REQUIRE(thread.state() == state::kSending);
    return must(rig.root().delete_(kDepth, thread.tcb.capability()));
}

/// Each but the first handles the fault of the one before, and faults itself.
struct Descent {
    std::array<CPtr, abi::kMaxFaultDepth + 1> endpoints{};
    std::array<Thread, abi::kMaxFaultDepth + 1> threads;

    [[nodiscard]] auto all_are(std::size_t count, unsigned state) const -> bool {
        return std::all_of(threads.begin(), threads.begin() + static_cast<std::ptrdiff_t>(count),
                           [state](Thread const& thread) { return thread.state() == state; });
    }
};

auto descend(Rig& rig, Descent& descent, std::size_t count) -> Outcome {
    auto const receive_and_fault = [](std::uint64_t endpoint) {
        if (endpoint != abi::kNullCPtr) {
            (void)os::receive(endpoint);
        }
        read_for_ever(kFreeAddress);
    };
    for (auto& endpoint : descent.endpoints) {
        endpoint = TRY(rig.make(ObjectType::Endpoint));
    }
    for (std::size_t index = count; index-- > 0;) {
        descent.threads[index] =
            TRY(rig.start({.run = receive_and_fault,
                           .argument = index == 0 ? abi::kNullCPtr : descent.endpoints[index - 1],
                           .fault_endpoint = descent.endpoints[index]}));
    }
    return {};
}

/// Or one that ends could have any number of threads end with it, in one step of the kernel.
auto faults_of_handlers_are_handled_so_deep(Rig& rig) -> Outcome {
    constexpr std::size_t kDeepest = abi::kMaxFaultDepth;
    Descent descent;
    TRY(descend(rig, descent, kDeepest));
    REQUIRE(is_fault(os::receive(descent.endpoints[kDeepest - 1]).message, FaultKind::VirtualMemory));
    REQUIRE(descent.all_are(kDeepest, state::kAwaitingReply));
    os::reply(message(1));
    REQUIRE(descent.all_are(kDeepest, state::kFaulted));
    TRY(rig.tear_down());

    TRY(descend(rig, descent, kDeepest + 1));
    REQUIRE(os::try_receive(descent.endpoints[kDeepest]).message.tag.raw() == 0);
    REQUIRE(descent.all_are(kDeepest + 1, state::kFaulted));
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
    Test{"a_fault_without_answer_is_over", a_fault_without_answer_is_over},
    Test{"a_fault_ends_with_its_handler", a_fault_ends_with_its_handler},
    Test{"a_fault_outlives_its_endpoint", a_fault_outlives_its_endpoint},
    Test{"a_weak_endpoint_handles_nothing", a_weak_endpoint_handles_nothing},
    Test{"faults_of_handlers_are_handled_so_deep", faults_of_handlers_are_handled_so_deep},
    Test{"its_own_handler_waits_for_itself", its_own_handler_waits_for_itself},
};

} // namespace

auto hostile_handler_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
