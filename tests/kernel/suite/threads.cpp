// SPDX-License-Identifier: MIT
/// TCB invocations, and what of a thread survives the kernel.
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>

namespace suite {

namespace {

namespace reg = os::arch::reg;

std::atomic<std::uint64_t> result;

void count_for_ever(std::uint64_t /*argument*/) {
    while (true) {
        ++result;
    }
}

auto registers_are_written_and_read(Rig& rig) -> Outcome {
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    for (std::uint8_t first = reg::kFirstArgument; first + 7U <= reg::kCount; first += 7) {
        std::array<std::uint64_t, 7> const values{first, 1, 2, 3, 4, 5, ~0ULL};
        TRY(must(thread.write_registers(first, 7, false, values)));
        auto const read = TRY(must(thread.read_registers(first, 7)));
        for (std::size_t index = 0; index < values.size(); ++index) {
            REQUIRE(read[index] == values[index]);
        }
    }
    REQUIRE(refusal(thread.write_registers(0, 8, false, {})) == Error::RangeError);
    REQUIRE(refusal(thread.write_registers(reg::kCount, 1, false, {})) == Error::RangeError);
    REQUIRE(refusal(thread.write_registers(reg::kCount - 1, 2, false, {})) == Error::RangeError);
    REQUIRE(refusal(thread.read_registers(0, 0)) == Error::RangeError);
    REQUIRE(refusal(thread.read_registers(0, 9)) == Error::RangeError);
    REQUIRE(refusal(object::Tcb{os::slot::kTcb}.write_registers(0, 1, false, {})) == Error::IllegalOperation);
    return {};
}

auto privileged_flags_are_masked(Rig& rig) -> Outcome {
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    constexpr std::uint64_t kAll = instruction::kPrivilegedFlags | instruction::kConditionFlags;
    TRY(must(thread.write_registers(instruction::kFlagsRegister, 1, false, {kAll})));
    auto const flags = TRY(must(thread.read_registers(instruction::kFlagsRegister, 1)))[0];
    REQUIRE(flags == instruction::kConditionFlags);
    return {};
}

auto every_mode_runs_as_user(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t) {
        instruction::mask_interrupts(); // would work in any privileged mode
        result = 1;
        rest();
    };
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    for (std::uint64_t mode = 0; mode < 32; ++mode) {
        result = 0;
        Thread const thread = TRY(rig.start({.run = run, .fault_endpoint = faults}));
        (void)os::try_receive(faults);
        TRY(must(thread.tcb.suspend()));
        TRY(must(thread.tcb.write_registers(instruction::kFlagsRegister, 1, false, {mode})));
        TRY(rig.restart(thread, run, 0));
        auto const fault = os::try_receive(faults).message;
        REQUIRE(fault.tag.label() == static_cast<std::uint64_t>(abi::FaultKind::UserException) &&
                result == 0);
        TRY(must(rig.root().delete_(kDepth, thread.tcb.capability())));
    }
    return {};
}

auto suspend_stops_and_resume_goes_on(Rig& rig) -> Outcome {
    result = 0;
    Thread const thread = TRY(rig.start({.run = count_for_ever, .priority = Priority::Low}));
    CPtr const never = TRY(rig.make(ObjectType::Notification));
    (void)os::try_receive(never);
    REQUIRE(thread.state() == state::kRunning);
    TRY(must(thread.tcb.suspend()));
    TRY(must(thread.tcb.suspend()));
    TRY(rig.settle());
    REQUIRE(result == 0 && thread.state() == state::kInactive);
    TRY(must(thread.tcb.resume()));
    REQUIRE(thread.state() == state::kRunning);
    return {};
}

auto a_thread_can_end_itself(Rig& rig) -> Outcome {
    result = 0;
    auto const run = [](std::uint64_t slot) {
        result = 1;
        (void)object::CNode{kRoot}.delete_(kDepth, slot);
        result = 2;
        rest();
    };
    CPtr const next = rig.slot() + 1; // where `start` puts the TCB
    Thread const thread = TRY(rig.start({.run = run, .argument = next}));
    REQUIRE(thread.tcb.capability() == next && result == 1);
    REQUIRE(rig.type_in(next) == ObjectType::Null);
    return {};
}

auto system_calls_keep_registers(Rig& rig) -> Outcome {
    result = 0;
    auto const run = [](std::uint64_t seed) {
        std::uint64_t lost = 0;
        for (std::uint64_t round = 0; round < 500; ++round) {
            lost += instruction::registers_lost_in_system_call(seed + round);
        }
        result += lost == 0 ? 1 : 1000;
        rest();
    };
    // Two at once, which take turns at every call: floating-point registers change owners each time.
    TRY(rig.start({.run = run, .argument = 0x1234'0000, .priority = Priority::Low}));
    TRY(rig.start({.run = run, .argument = 0x5678'0000'0000, .priority = Priority::Low}));
    TRY(rig.settle());
    REQUIRE(result == 2);
    return {};
}

auto preemption_keeps_registers(Rig& rig) -> Outcome {
    result = 0;
    auto const run = [](std::uint64_t seed) {
        double sum = static_cast<double>(seed);
        std::uint64_t words = seed;
        for (std::uint64_t round = 0; round < 2'000'000; ++round) {
            sum += 0.5;
            words += round;
        }
        bool const good = sum == static_cast<double>(seed) + 1'000'000.0 && words == seed + 1'999'999'000'000;
        result += good ? 1 : 1000;
        rest();
    };
    std::uint64_t const slice = os::arch::counter_frequency() / 2000;
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        TRY(rig.start({.run = run, .argument = seed, .priority = Priority::Low, .budget = slice}));
    }
    TRY(rig.settle());
    REQUIRE(result == 3);
    return {};
}

auto floating_point_can_be_forbidden(Rig& rig) -> Outcome {
    auto const run = [](std::uint64_t value) {
        double volatile number = static_cast<double>(value);
        number = number * 2;
        rest();
    };
    CPtr const faults = TRY(rig.make(ObjectType::Endpoint));
    Thread const thread = TRY(rig.start({.run = run, .argument = 3, .fault_endpoint = faults}));
    REQUIRE(os::try_receive(faults).message.tag.label() ==
            static_cast<std::uint64_t>(abi::FaultKind::Capability));
    TRY(must(thread.tcb.suspend()));
    constexpr std::uint64_t kForbidden = 1;
    REQUIRE(TRY(must(thread.tcb.set_flags(0, kForbidden))) == kForbidden);
    TRY(rig.restart(thread, run, 3));
    REQUIRE(os::try_receive(faults).message.tag.label() ==
            static_cast<std::uint64_t>(abi::FaultKind::UserException));
    return {};
}

auto configure_checks_types(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const thread{TRY(rig.make(ObjectType::Tcb))};
    REQUIRE(refusal(thread.configure(endpoint, kOwnSpace, 0)) == Error::InvalidCapability);
    REQUIRE(refusal(thread.configure(kRoot, endpoint, 0)) == Error::InvalidCapability);
    REQUIRE(refusal(thread.configure(kRoot, kOwnSpace, kRoot)) == Error::InvalidCapability);
    return must(thread.configure(kRoot, kOwnSpace, endpoint));
}

auto deleting_a_running_thread_is_safe(Rig& rig) -> Outcome {
    for (int round = 0; round < 20; ++round) {
        Thread const low = TRY(rig.start({.run = count_for_ever, .priority = Priority::Low}));
        TRY(must(rig.root().delete_(kDepth, low.tcb.capability())));
        TRY(must(rig.root().delete_(kDepth, low.context.capability())));
    }
    return {};
}

/// What is refused leaves the thread as it was.
auto a_thread_needs_a_cspace(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    object::Tcb const fresh{TRY(rig.make(ObjectType::Tcb))};
    for (CPtr const nothing : {abi::kNullCPtr, rig.slot()}) {
        REQUIRE(refusal(fresh.configure(nothing, kOwnSpace, endpoint)) == Error::InvalidCapability);
        REQUIRE(refusal(fresh.configure(kRoot, nothing, endpoint)) == Error::InvalidCapability);
    }
    REQUIRE(TRY(must(fresh.state())).state == state::kInactive);
    return {};
}

auto a_thread_keeps_its_cspace(Rig& rig) -> Outcome {
    CPtr const endpoint = TRY(rig.make(ObjectType::Endpoint));
    auto const call_for_ever = [](std::uint64_t target) {
        while (true) {
            (void)os::call(target, message(3));
        }
    };
    Thread const thread = TRY(rig.start({.run = call_for_ever, .argument = endpoint}));
    for (CPtr const wrong : {abi::kNullCPtr, rig.slot(), endpoint}) {
        REQUIRE(os::receive(endpoint).message.tag.label() == 3);
        REQUIRE(refusal(thread.tcb.configure(wrong, kOwnSpace, endpoint)) == Error::InvalidCapability);
        REQUIRE(thread.state() == state::kAwaitingReply);
        os::reply(message(0));
    }
    return {};
}

auto every_register_is_written(Rig& rig) -> Outcome {
    Thread const thread = TRY(rig.start({.run = count_for_ever, .priority = Priority::Low}));
    TRY(must(thread.tcb.suspend()));
    std::array<std::uint64_t, reg::kCount> values{};
    for (std::size_t index = 0; index < values.size(); ++index) {
        values[index] = 0x0101'0101'0101'0101U * (index + 1);
    }
    values[reg::kProgramCounter] = reinterpret_cast<std::uint64_t>(instruction::dump_registers);
    values[reg::kStackPointer] = thread.stack_top - 256;
    values[instruction::kFlagsRegister] = instruction::kPlainFlags;
    for (std::size_t first = 0; first < values.size(); first += 7) {
        std::array<std::uint64_t, 7> some{};
        auto const count = std::min(some.size(), values.size() - first);
        std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(first), count, some.begin());
        TRY(must(thread.tcb.write_registers(static_cast<std::uint8_t>(first),
                                            static_cast<std::uint8_t>(count), false, some)));
    }
    TRY(must(thread.tcb.resume()));
    TRY(rig.settle());
    auto const found = instruction::dumped_registers(thread.stack_top - 256);
    for (std::size_t index = reg::kStackPointer; index < values.size(); ++index) {
        REQUIRE(found[index] == values[index]);
    }
    return {};
}

struct Turns {
    std::atomic<std::uint64_t> count{};
    std::atomic<bool> over{};
    std::atomic<unsigned> survived{};
    CPtr done{};
};

/// Gives the other one its turn, again and again.
void take_turns(std::uint64_t argument) {
    auto& turns = *reinterpret_cast<Turns*>(argument);
    while (!turns.over) {
        ++turns.count;
        os::yield();
    }
    rest();
}

void reserve(std::uint64_t argument) {
    auto& turns = *reinterpret_cast<Turns*>(argument);
    for (int round = 0; round < 20; ++round) {
        turns.survived += instruction::reservation_survives_yield() ? 1U : 0U;
        turns.survived += instruction::reservation_survives_preemption(turns.count) ? 1U : 0U;
    }
    turns.over = true;
    os::signal(turns.done);
    rest();
}

/// The other thread may have changed what was reserved: the conditional store has to fail.
auto reservations_end_with_a_switch(Rig& rig) -> Outcome {
    Turns turns;
    turns.done = TRY(rig.make(ObjectType::Notification));
    std::uint64_t const slice = os::arch::counter_frequency() / 2000;
    for (auto* const run : {take_turns, reserve}) {
        TRY(rig.start({.run = run,
                       .argument = reinterpret_cast<std::uint64_t>(&turns),
                       .priority = Priority::Low,
                       .budget = slice}));
    }
    (void)os::wait(turns.done);
    TRY(rig.settle());
    REQUIRE(turns.over && turns.survived == 0);
    return {};
}

constexpr std::array kTests{
    Test{"registers_are_written_and_read", registers_are_written_and_read, "REGRESSIONS0001"},
    Test{"privileged_flags_are_masked", privileged_flags_are_masked, "REGRESSIONS0003"},
    Test{"every_mode_runs_as_user", every_mode_runs_as_user, "REGRESSIONS0003"},
    Test{"suspend_stops_and_resume_goes_on", suspend_stops_and_resume_goes_on, "SCHED0000"},
    Test{"a_thread_can_end_itself", a_thread_can_end_itself},
    Test{"system_calls_keep_registers", system_calls_keep_registers},
    Test{"preemption_keeps_registers", preemption_keeps_registers, "FPU0001"},
    Test{"floating_point_can_be_forbidden", floating_point_can_be_forbidden, "FPU0004"},
    Test{"configure_checks_types", configure_checks_types, "THREADS0004"},
    Test{"a_thread_needs_a_cspace", a_thread_needs_a_cspace, "THREADS0004"},
    Test{"a_thread_keeps_its_cspace", a_thread_keeps_its_cspace, "THREADS0005"},
    Test{"every_register_is_written", every_register_is_written, "REGRESSIONS0001"},
    Test{"reservations_end_with_a_switch", reservations_end_with_a_switch, "REGRESSIONS0002"},
    Test{"deleting_a_running_thread_is_safe", deleting_a_running_thread_is_safe},
};

} // namespace

auto thread_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
