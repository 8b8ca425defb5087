// SPDX-License-Identifier: MIT
/// Faults as messages, and what their answers do.
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using abi::FaultKind;

std::atomic<std::uint64_t> result;

/// A thread that runs `run`, and the endpoint on which its faults arrive with badge 5.
struct Patient {
    CPtr faults;
    Thread thread;
};

auto start(Rig& rig, void (*run)(std::uint64_t), std::uint64_t argument = 0) -> Got<Patient> {
    result = 0;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    CPtr const badged = TRY(rig.mint(faults, 5));
    return Patient{faults, TRY(rig.start({.run = run, .argument = argument, .fault_endpoint = badged}))};
}

auto is_fault(os::Received const& received, FaultKind kind) -> bool {
    return received.badge == 5 && received.message.tag.has(abi::MessageTag::kFault) &&
           received.message.tag.label() == static_cast<std::uint64_t>(kind);
}

/// The fault with which `rest` ends a thread.
auto has_finished(os::Received const& received) -> bool {
    return is_fault(received, FaultKind::Capability) && received.message.words[1] == abi::kNullCPtr;
}

void read_at(std::uint64_t address) {
    result = *reinterpret_cast<std::uint64_t volatile*>(address) + 1;
    rest();
}
void write_at(std::uint64_t address) {
    *reinterpret_cast<std::uint64_t volatile*>(address) = 77;
    rest();
}
void jump_to(std::uint64_t address) {
    reinterpret_cast<void (*)()>(address)();
    rest();
}

auto a_read_is_resumed_when_mapped(Rig& rig) -> Outcome {
    Patient const patient = TRY(start(rig, read_at, kFreeAddress + 8));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::VirtualMemory));
    REQUIRE(fault.message.words[1] == kFreeAddress + 8 && fault.message.words[2] == 0);
    TRY(rig.map(TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)), kFreeAddress, kReadWrite));
    REQUIRE(has_finished(os::reply_receive(patient.faults, message(0))));
    REQUIRE(result == 1);
    return {};
}

auto a_write_is_told_from_a_read(Rig& rig) -> Outcome {
    CPtr const frame = TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits));
    TRY(rig.map(frame, kFreeAddress, kReadOnly));
    Patient const patient = TRY(start(rig, write_at, kFreeAddress));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::VirtualMemory));
    REQUIRE(fault.message.words[1] == kFreeAddress && fault.message.words[2] == abi::fault_access::kWrite);
    TRY(rig.map(frame, kFreeAddress, kReadWrite)); // changes the rights
    REQUIRE(has_finished(os::reply_receive(patient.faults, message(0))));
    REQUIRE(*reinterpret_cast<std::uint64_t volatile*>(kFreeAddress) == 77);
    return {};
}

auto data_is_not_executed(Rig& rig) -> Outcome {
    TRY(rig.map(TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)), kFreeAddress, kReadWrite));
    Patient const patient = TRY(start(rig, jump_to, kFreeAddress));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::VirtualMemory));
    REQUIRE(fault.message.words[0] == kFreeAddress && fault.message.words[1] == kFreeAddress);
    REQUIRE(fault.message.words[2] == abi::fault_access::kInstruction);
    return {};
}

auto kernel_addresses_fault(Rig& rig) -> Outcome {
    for (std::uint64_t const address : {0xFFFF'FFFF'C000'0000ULL, 0xFFFF'FF80'0000'0000ULL,
                                        0x0123'4567'89AB'CDE8ULL, 1ULL << abi::kUserAddressBits, ~7ULL}) {
        for (auto* const run : {read_at, write_at, jump_to}) {
            Patient const patient = TRY(start(rig, run, address));
            auto const fault = os::receive(patient.faults);
            REQUIRE(fault.message.tag.has(abi::MessageTag::kFault) && result == 0);
        }
    }
    return {};
}

auto an_undefined_instruction_is_skipped(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t) {
        instruction::undefined();
        result = 42;
        rest();
    };
    Patient const patient = TRY(start(rig, run));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::UserException));
    REQUIRE(has_finished(
        os::reply_receive(patient.faults, message(0, fault.message.words[0] + instruction::kSize))));
    REQUIRE(result == 42);
    return {};
}

auto a_breakpoint_is_a_debug_fault(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t) {
        instruction::breakpoint();
        rest();
    };
    Patient const patient = TRY(start(rig, run));
    REQUIRE(is_fault(os::receive(patient.faults), FaultKind::Debug));
    return {};
}

auto an_unknown_system_call_is_answered(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t) {
        result = instruction::unknown_system_call(1234);
        rest();
    };
    Patient const patient = TRY(start(rig, run));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::UnknownSyscall));
    REQUIRE(fault.message.words[1] == instruction::kUnknownSystemCall && fault.message.words[4] == 1234);
    os::Message const answer{.tag = abi::MessageTag{0, 4},
                             .words = {fault.message.words[0], fault.message.words[2], 0, 4321}};
    REQUIRE(has_finished(os::reply_receive(patient.faults, answer)));
    REQUIRE(result == 4321);
    return {};
}

auto privileged_instructions_fault(Rig& rig) -> Outcome {
    for (auto* const privileged : instruction::kPrivileged) {
        auto const run = [](std::uint64_t function) {
            reinterpret_cast<void (*)()>(function)();
            result = 1;
            rest();
        };
        Patient const patient = TRY(start(rig, run, reinterpret_cast<std::uint64_t>(privileged)));
        REQUIRE(is_fault(os::receive(patient.faults), FaultKind::UserException));
        REQUIRE(result == 0);
    }
    return {};
}

auto a_crooked_jump_faults(Rig& rig) -> Outcome {
    Patient const patient = TRY(start(rig, jump_to, instruction::crooked_jump_target()));
    REQUIRE(is_fault(os::receive(patient.faults), FaultKind::UserException));
    return {};
}

auto a_missing_capability_faults_and_is_tried_again(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t pointer) {
        result = os::receive(pointer).badge;
        rest();
    };
    CPtr const slot = rig.slot();
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    Patient const patient = TRY(start(rig, run, slot));
    auto const fault = os::receive(patient.faults);
    REQUIRE(is_fault(fault, FaultKind::Capability));
    REQUIRE(fault.message.words[1] == slot && fault.message.words[2] == 1);
    os::signal(TRY(rig.mint(notification, 31)));
    TRY(must(rig.root().copy(kDepth, kDepth, 0xF, slot, kRoot, notification)));
    REQUIRE(has_finished(os::reply_receive(patient.faults, message(0))));
    REQUIRE(result == 31);
    return {};
}

auto another_label_leaves_it_stopped(Rig& rig) -> Outcome {
    Patient const patient = TRY(start(rig, read_at, kFreeAddress));
    (void)os::receive(patient.faults);
    os::reply(message(1));
    REQUIRE(patient.thread.state() == state::kFaulted || patient.thread.state() == state::kInactive);
    // Resumed by hand, it meets the same fault again.
    TRY(must(patient.thread.tcb.resume()));
    REQUIRE(is_fault(os::receive(patient.faults), FaultKind::VirtualMemory));
    return {};
}

auto without_handler_it_stops(Rig& rig) -> Outcome {
    Thread const thread = TRY(rig.start({.run = read_at, .argument = kFreeAddress}));
    REQUIRE(thread.state() == state::kFaulted);
    return {};
}

auto a_dying_handler_leaves_it_stopped(Rig& rig) -> Outcome {
    Patient const patient = TRY(start(rig, read_at, kFreeAddress));
    TRY(must(rig.root().revoke(kDepth, patient.faults)));
    TRY(must(rig.root().delete_(kDepth, patient.faults)));
    REQUIRE(patient.thread.state() == state::kFaulted);
    return {};
}

constexpr std::array kTests{
    Test{"a_read_is_resumed_when_mapped", a_read_is_resumed_when_mapped, "PAGEFAULT0001"},
    Test{"a_write_is_told_from_a_read", a_write_is_told_from_a_read, "PAGEFAULT0002"},
    Test{"data_is_not_executed", data_is_not_executed, "PAGEFAULT0003"},
    Test{"kernel_addresses_fault", kernel_addresses_fault},
    Test{"an_undefined_instruction_is_skipped", an_undefined_instruction_is_skipped, "PAGEFAULT0005"},
    Test{"a_breakpoint_is_a_debug_fault", a_breakpoint_is_a_debug_fault, "BREAK_REQUEST_001"},
    Test{"an_unknown_system_call_is_answered", an_unknown_system_call_is_answered, "PAGEFAULT0004"},
    Test{"privileged_instructions_fault", privileged_instructions_fault},
    Test{"a_crooked_jump_faults", a_crooked_jump_faults},
    Test{"a_missing_capability_faults_and_is_tried_again", a_missing_capability_faults_and_is_tried_again},
    Test{"another_label_leaves_it_stopped", another_label_leaves_it_stopped},
    Test{"without_handler_it_stops", without_handler_it_stops},
    Test{"a_dying_handler_leaves_it_stopped", a_dying_handler_leaves_it_stopped},
};

} // namespace

auto fault_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
