// SPDX-License-Identifier: MIT
/// The registers of threads: read and written by others, kept over system calls and preemption, never
/// privileged.
#include "instructions.hpp"
#include "kernel/abi/fault.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <algorithm>
#include <array>
#include <atomic>

namespace suite {

namespace {

namespace reg = os::arch::reg;

std::atomic<std::uint64_t> result;

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

auto every_register_is_written(Rig& rig) -> Outcome {
    Thread const thread = TRY(rig.start({.run = [](std::uint64_t) { rest(); }, .priority = Priority::Low}));
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
    Test{"system_calls_keep_registers", system_calls_keep_registers},
    Test{"preemption_keeps_registers", preemption_keeps_registers, "FPU0001"},
    Test{"floating_point_can_be_forbidden", floating_point_can_be_forbidden, "FPU0004"},
    Test{"every_register_is_written", every_register_is_written, "REGRESSIONS0001"},
    Test{"reservations_end_with_a_switch", reservations_end_with_a_switch, "REGRESSIONS0002"},
};

} // namespace

auto thread_register_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
