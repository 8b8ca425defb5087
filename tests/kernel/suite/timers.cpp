// SPDX-License-Identifier: MIT
/// The counter, the alarm, and long work of the kernel that an alarm interrupts.
#include "alarm.hpp"
#include "os/arch.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include "os/syscall.hpp"

#include <array>

namespace suite {

namespace {

auto alarms_come_in_time(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    std::uint64_t const millisecond = os::arch::counter_frequency() / 1000;
    for (std::uint64_t const milliseconds : {1UL, 10UL, 100UL, 1000UL}) {
        std::uint64_t const before = os::arch::counter();
        TRY(alarm.wait_until(before + milliseconds * millisecond));
        // How much later depends on the host.
        REQUIRE(os::arch::counter() >= before + milliseconds * millisecond);
    }
    return {};
}

auto time_goes_on_meanwhile(Rig& rig) -> Outcome {
    Alarm const alarm = TRY(take_alarm(rig));
    std::uint64_t last = os::arch::counter();
    for (std::uint64_t round = 0; round < 200; ++round) {
        std::uint64_t const now = os::arch::counter();
        REQUIRE(now >= last);
        // Some of these deadlines have passed when they are set: they come at once.
        TRY(alarm.wait_until(now + round * 10));
        last = os::arch::counter();
        REQUIRE(last >= now + round * 10);
    }
    return {};
}

struct Ticker {
    Alarm alarm;
    std::uint64_t period;
    std::atomic<unsigned> ticks;
};

void tick(std::uint64_t argument) {
    auto& self = *reinterpret_cast<Ticker*>(argument);
    while (true) {
        (void)self.alarm.wait_until(os::arch::counter() + self.period);
        ++self.ticks;
    }
}

constexpr unsigned kRadix = 12;
constexpr CPtr kCopies = CPtr{1} << kRadix;

/// How often an alarm comes while thousands of capabilities are revoked.
auto interruptions_of_a_revocation(Rig& rig) -> Got<unsigned> {
    CPtr const node = TRY(rig.make(ObjectType::CNode, kRadix));
    CPtr const original = TRY(rig.make(ObjectType::Endpoint));
    for (CPtr index = 0; index < kCopies; ++index) {
        TRY(must(object::CNode{node}.copy(kRadix, kDepth, 0xF, index, kRoot, original)));
    }
    Ticker ticker{TRY(take_alarm(rig)), os::arch::counter_frequency() / 10'000, {}};
    Thread const thread = TRY(rig.start({.run = tick, .argument = reinterpret_cast<std::uint64_t>(&ticker)}));
    unsigned const before = ticker.ticks;
    TRY(must(rig.root().revoke(kDepth, original)));
    unsigned const ticks = ticker.ticks - before;
    TRY(must(thread.tcb.suspend()));
    TRY(must(rig.core().set_alarm(kNever)));
    REQUIRE(rig.type_in(original) == ObjectType::Endpoint);
    for (CPtr index = 0; index < kCopies; ++index) {
        REQUIRE(TRY(must(object::CNode{node}.identify(kRadix, index))).type == 0);
    }
    return ticks;
}

auto a_revocation_is_interrupted_and_completes(Rig& rig) -> Outcome {
    constexpr int kAttempts = 64; // a fast host may be done before the second alarm, or the first
    unsigned interruptions = 0;
    for (int attempt = 0; attempt < kAttempts && interruptions < 2; ++attempt) {
        interruptions += TRY(interruptions_of_a_revocation(rig));
        TRY(rig.tear_down());
    }
    REQUIRE(interruptions >= 2);
    return {};
}

constexpr std::array kTests{
    Test{"alarms_come_in_time", alarms_come_in_time, "TIMER0001"},
    Test{"time_goes_on_meanwhile", time_goes_on_meanwhile, "TIMER0002"},
    Test{"a_revocation_is_interrupted_and_completes", a_revocation_is_interrupted_and_completes,
         "PREEMPT_REVOKE"},
};

} // namespace

auto timer_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
