// SPDX-License-Identifier: MIT
/// What the message of each fault says, to the instruction, and what its answer does: with the thread that
/// faults beside its handler and in another address space.
#include "home.hpp"
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "marked.hpp"
#include "os/arch.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

using abi::FaultKind;
namespace reg = os::arch::reg;

/// Of the fault endpoint: none, and one.
constexpr std::array<std::uint64_t, 2> kFaultBadges{0, 5};
constexpr std::uint64_t kWord = 0x1122'3344'5566'7788;

/// What the thread that faults shares with the test.
struct Subject {
    std::uint64_t address;
    std::uint64_t mark; ///< address of the instruction that faults
    std::uint64_t result;
    std::atomic<unsigned> done;
    instruction::Exchange exchange;
};

auto subject(std::uint64_t argument) -> Subject& { return *reinterpret_cast<Subject*>(argument); }

void read_it(std::uint64_t argument) {
    auto& self = subject(argument);
    self.result = instruction::read_marked(self.address, self.mark);
    ++self.done;
    rest();
}

void write_it(std::uint64_t argument) {
    auto& self = subject(argument);
    instruction::write_marked(self.address, kWord, self.mark);
    ++self.done;
    rest();
}

void run_it(std::uint64_t argument) {
    auto& self = subject(argument);
    reinterpret_cast<void (*)()>(self.address)();
    ++self.done;
    rest();
}

void break_off(std::uint64_t argument) {
    auto& self = subject(argument);
    instruction::breakpoint_marked(self.mark);
    ++self.done;
    rest();
}

void ask_the_handler(std::uint64_t argument) {
    auto& self = subject(argument);
    instruction::exchange_by_system_call(self.exchange);
    ++self.done;
    rest();
}

void be_undefined(std::uint64_t argument) {
    auto& self = subject(argument);
    instruction::exchange_by_undefined(self.exchange);
    ++self.done;
    rest();
}

/// A thread, and the endpoint of its faults with `badge`.
struct Ward {
    Home home;
    Subject* subject;
    CPtr faults;
    std::uint64_t badge;
    Thread thread;
};

auto start(Rig& rig, Where where, void (*run)(std::uint64_t), std::uint64_t badge,
           std::uint64_t address = kFreeAddress) -> Got<Ward> {
    auto home = TRY(Home::make(rig, where));
    auto& shared = home.share<Subject>();
    shared.address = address;
    shared.exchange.before = {11, 22, 33, 44, 55};
    shared.exchange.flags_before = instruction::kSomeFlags;
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    CPtr const handler = badge == 0 ? faults : TRY(rig.mint(faults, badge));
    auto const thread = TRY(home.start(run, shared, {.fault_endpoint = handler}));
    return Ward{home, &shared, faults, badge, thread};
}

auto is_fault(Ward const& ward, os::Received const& received, FaultKind kind) -> bool {
    return received.badge == ward.badge && received.message.tag.flags() == abi::MessageTag::kFault &&
           received.message.tag.label() == static_cast<std::uint64_t>(kind);
}

auto is_memory_fault(Ward const& ward, os::Received const& received, std::uint64_t access) -> bool {
    return is_fault(ward, received, FaultKind::VirtualMemory) && received.message.tag.length() == 4 &&
           received.message.words[1] == ward.subject->address && received.message.words[2] == access;
}

/// It rests, which is one more fault.
auto has_finished(Ward const& ward, os::Received const& received) -> bool {
    return is_fault(ward, received, FaultKind::Capability) && received.message.words[1] == abi::kNullCPtr &&
           ward.subject->done == 1;
}

auto map_page(Rig& rig, Ward const& ward, std::uint8_t rights) -> Outcome {
    auto const address = ward.subject->address & ~4095ULL;
    return rig.map_in(ward.home.space(), TRY(rig.make(ObjectType::Frame, abi::kSmallFrameBits)), address,
                      rights);
}

/// Leaves the thread stopped, and then lets it go on behind the instruction.
auto skip(Ward const& ward, std::uint64_t pc) -> Outcome {
    os::reply(message(1));
    REQUIRE(ward.thread.state() == state::kFaulted && ward.subject->done == 0);
    std::array<std::uint64_t, 7> const registers{pc};
    TRY(must(ward.thread.tcb.write_registers(reg::kProgramCounter, 1, true, registers)));
    return {};
}

/// The first fault of `run`, which has to be an access to memory.
auto check_memory_faults(Rig& rig, Where where, void (*run)(std::uint64_t), std::uint64_t access) -> Outcome {
    for (std::uint64_t const badge : kFaultBadges) {
        // Mapped, it goes on; still not mapped, it faults again.
        Ward const mended = TRY(start(rig, where, run, badge, kFreeAddress + badge * 8));
        auto fault = os::receive(mended.faults);
        REQUIRE(is_memory_fault(mended, fault, access));
        REQUIRE(fault.message.words[0] == mended.subject->mark && mended.subject->done == 0);
        fault = os::reply_receive(mended.faults, message(0));
        REQUIRE(is_memory_fault(mended, fault, access));
        TRY(map_page(rig, mended, kReadWrite));
        REQUIRE(has_finished(mended, os::reply_receive(mended.faults, message(0))));
        os::reply(message(1));
        // Left stopped, it can be made to skip the instruction.
        Ward const skipped = TRY(start(rig, where, run, badge, kFreeAddress + 0x10'0000));
        fault = os::receive(skipped.faults);
        REQUIRE(is_memory_fault(skipped, fault, access));
        TRY(skip(skipped, fault.message.words[0] + instruction::kSize));
        REQUIRE(has_finished(skipped, os::receive(skipped.faults)));
        os::reply(message(1));
        TRY(rig.tear_down());
    }
    return {};
}

auto read_faults(Rig& rig, Where where) -> Outcome { return check_memory_faults(rig, where, read_it, 0); }

auto write_faults(Rig& rig, Where where) -> Outcome {
    return check_memory_faults(rig, where, write_it, abi::fault_access::kWrite);
}

auto execute_faults(Rig& rig, Where where) -> Outcome {
    for (std::uint64_t const badge : kFaultBadges) {
        for (bool const there_is_data : {false, true}) {
            Ward const ward = TRY(start(rig, where, run_it, badge));
            auto fault = os::receive(ward.faults);
            if (there_is_data) {
                TRY(map_page(rig, ward, kReadWrite)); // which does not make it code
                fault = os::reply_receive(ward.faults, message(0));
            }
            REQUIRE(is_memory_fault(ward, fault, abi::fault_access::kInstruction));
            REQUIRE(fault.message.words[0] == ward.subject->address);
            // On to where it came from: the return address.
            auto const back = TRY(must(ward.thread.tcb.read_registers(reg::kReturnAddress, 1)))[0];
            TRY(skip(ward, back));
            REQUIRE(has_finished(ward, os::receive(ward.faults)));
            os::reply(message(1));
            TRY(rig.tear_down());
        }
    }
    return {};
}

/// The answer that gives the thread new registers, a new stack pointer and new flags.
auto rewritten(std::uint64_t pc, std::uint64_t sp) -> os::Message {
    return {.tag = abi::MessageTag{0, 8},
            .words = {pc, sp, instruction::kOtherFlags, 101, 102, 103, 104, 105}};
}

auto was_rewritten(instruction::Exchange const& exchange, std::uint64_t sp) -> bool {
    return exchange.after == std::array<std::uint64_t, 5>{101, 102, 103, 104, 105} &&
           exchange.flags_after == instruction::kOtherFlags && exchange.sp_after == sp;
}

constexpr std::uint64_t kMoved = 64; ///< how far the handler moves the stack pointer

auto unknown_calls(Rig& rig, Where where) -> Outcome {
    for (std::uint64_t const badge : kFaultBadges) {
        Ward const ward = TRY(start(rig, where, ask_the_handler, badge));
        auto const& exchange = ward.subject->exchange;
        auto const fault = os::receive(ward.faults);
        REQUIRE(is_fault(ward, fault, FaultKind::UnknownSyscall) && fault.message.tag.length() == 8);
        auto const next = exchange.pc + instruction::kSize;
        REQUIRE(fault.message.words == abi::Words{next, instruction::kUnknownSystemCall, exchange.sp, 0, 11,
                                                  22, 33, 44}); // a system call takes the flags
        auto const answer = rewritten(next, exchange.sp - kMoved);
        REQUIRE(has_finished(ward, os::reply_receive(ward.faults, answer)));
        REQUIRE(was_rewritten(exchange, exchange.sp - kMoved));
        os::reply(message(1));
    }
    return {};
}

auto undefined_instructions(Rig& rig, Where where) -> Outcome {
    for (std::uint64_t const badge : kFaultBadges) {
        Ward const ward = TRY(start(rig, where, be_undefined, badge));
        auto const& exchange = ward.subject->exchange;
        auto const fault = os::receive(ward.faults);
        REQUIRE(is_fault(ward, fault, FaultKind::UserException) && fault.message.tag.length() == 5);
        REQUIRE(fault.message.words[0] == exchange.pc && fault.message.words[3] == exchange.sp &&
                fault.message.words[4] == instruction::kSomeFlags);
        auto const answer = rewritten(exchange.pc + instruction::kSize, exchange.sp - kMoved);
        REQUIRE(has_finished(ward, os::reply_receive(ward.faults, answer)));
        REQUIRE(was_rewritten(exchange, exchange.sp - kMoved));
        os::reply(message(1));
    }
    return {};
}

/// A short answer replaces as many registers as it has words; one of none leaves all as they were.
auto short_answers_replace_less(Rig& rig) -> Outcome {
    Ward const ward = TRY(start(rig, Where::Same, ask_the_handler, 5));
    auto const& exchange = ward.subject->exchange;
    (void)os::receive(ward.faults);
    auto answer = rewritten(exchange.pc + instruction::kSize, exchange.sp);
    answer.tag = abi::MessageTag{0, 4};
    REQUIRE(has_finished(ward, os::reply_receive(ward.faults, answer)));
    REQUIRE(exchange.after == std::array<std::uint64_t, 5>{101, 22, 33, 44, 55});
    os::reply(message(1));
    Ward const other = TRY(start(rig, Where::Same, ask_the_handler, 5));
    (void)os::receive(other.faults);
    answer.tag = abi::MessageTag{0, 0};
    REQUIRE(has_finished(other, os::reply_receive(other.faults, answer)));
    REQUIRE(other.subject->exchange.after == other.subject->exchange.before);
    os::reply(message(1));
    return {};
}

auto a_breakpoint_can_be_stepped_over(Rig& rig) -> Outcome {
    Ward const ward = TRY(start(rig, Where::Other, break_off, 5));
    auto fault = os::receive(ward.faults);
    REQUIRE(is_fault(ward, fault, FaultKind::Debug));
    REQUIRE(fault.message.words[0] == ward.subject->mark);
    // Answered, it meets the same instruction again.
    fault = os::reply_receive(ward.faults, message(0));
    REQUIRE(is_fault(ward, fault, FaultKind::Debug) && ward.subject->done == 0);
    TRY(skip(ward, fault.message.words[0] + instruction::kSize));
    REQUIRE(has_finished(ward, os::receive(ward.faults)));
    os::reply(message(1));
    return {};
}

template <Outcome (*kTest)(Rig&, Where), Where kWhere>
auto at(Rig& rig) -> Outcome {
    return kTest(rig, kWhere);
}

constexpr auto read_here = at<read_faults, Where::Same>;
constexpr auto write_here = at<write_faults, Where::Same>;
constexpr auto execute_here = at<execute_faults, Where::Same>;
constexpr auto unknown_here = at<unknown_calls, Where::Same>;
constexpr auto undefined_here = at<undefined_instructions, Where::Same>;
constexpr auto read_there = at<read_faults, Where::Other>;
constexpr auto write_there = at<write_faults, Where::Other>;
constexpr auto execute_there = at<execute_faults, Where::Other>;
constexpr auto unknown_there = at<unknown_calls, Where::Other>;
constexpr auto undefined_there = at<undefined_instructions, Where::Other>;

constexpr std::array kTests{
    Test{"a_read_fault_is_resumed_or_skipped", read_here, "PAGEFAULT0001"},
    Test{"a_write_fault_is_resumed_or_skipped", write_here, "PAGEFAULT0002"},
    Test{"an_execute_fault_tells_both_addresses", execute_here, "PAGEFAULT0003"},
    Test{"an_unknown_call_is_rewritten", unknown_here, "PAGEFAULT0004"},
    Test{"an_undefined_instruction_is_rewritten", undefined_here, "PAGEFAULT0005"},
    Test{"a_read_fault_is_resumed_or_skipped_elsewhere", read_there, "PAGEFAULT1001"},
    Test{"a_write_fault_is_resumed_or_skipped_elsewhere", write_there, "PAGEFAULT1002"},
    Test{"an_execute_fault_tells_both_addresses_elsewhere", execute_there, "PAGEFAULT1003"},
    Test{"an_unknown_call_is_rewritten_elsewhere", unknown_there, "PAGEFAULT1004"},
    Test{"an_undefined_instruction_is_rewritten_elsewhere", undefined_there, "PAGEFAULT1005"},
    Test{"short_answers_replace_less", short_answers_replace_less, "PAGEFAULT0004"},
    Test{"a_breakpoint_can_be_stepped_over", a_breakpoint_can_be_stepped_over, "BREAK_REQUEST_001"},
};

} // namespace

auto handler_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
