// SPDX-License-Identifier: MIT
/// All registers of threads on all cores, while all that can happen to a thread happens to them at any time:
/// the end of their time, interrupts, signals, calls and faults that servers of other cores answer, moves to
/// other cores, suspension.
#include "alarm.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "probe.hpp"
#include "rig.hpp"
#include "tests.hpp"
#include "tests/support/random.hpp"

#include <array>
#include <atomic>

namespace suite {

namespace {

using abi::Syscall;
using ::tests::Random;

/// Keeps known values in all registers.
struct Keeper {
    Thread thread;
    std::uint64_t base; ///< of its thread-local storage
    std::atomic<std::uint64_t> rounds;
};

/// Is woken at its core by an alarm, and by keepers of all cores.
struct Ringer {
    CPtr notification;
    CPtr bell; ///< a capability to signal it with
    object::CoreControl core{0};
    object::IrqHandler handler{0};
};

/// Threads that run while the test ends work on it: it is not in the test's frame.
struct Field {
    static constexpr std::size_t kKeepers = 8;
    static constexpr std::uint64_t kBell = 1;

    std::array<Keeper, kKeepers> keepers;
    std::array<Ringer, os::slot::kGrantedCores> ringers;
    std::array<Thread, 2> servers;
    std::size_t cores;
    CPtr endpoint;                    ///< of the servers
    CPtr pace;                        ///< signalled after each alarm of core 0
    std::atomic<bool> begun;          ///< the keepers have their bases
    std::atomic<std::uint64_t> wrong; ///< when it happened, and how many registers: see `check`
};
Field field;

/// What a thread has just done.
enum class After : std::uint8_t { Stay, Fault, Yield, Signal, Call, Wait, Reply, Base, Rounding };

/// Notes the first one of all that finds registers changed.
void check(After after, unsigned changed) {
    constexpr std::uint64_t kAfter = 1000;
    std::uint64_t none = 0;
    if (changed != 0) {
        (void)field.wrong.compare_exchange_strong(none,
                                                  (static_cast<std::uint64_t>(after) + 1) * kAfter + changed);
    }
}

/// How long keepers run before it is another's turn, and how long it is from one alarm to the next.
auto slice() -> std::uint64_t { return os::arch::counter_frequency() / 500; }
auto pause() -> std::uint64_t { return os::arch::counter_frequency() / 100; }

auto made(std::uint64_t round) -> os::Message {
    os::Message sent{.tag = abi::MessageTag{round & 0xFFFU, abi::kMessageWords}};
    for (std::size_t index = 0; index < sent.words.size(); ++index) {
        sent.words[index] = round * 0x9E37'79B9'7F4A'7C15 + index;
    }
    return sent;
}

/// The same message, or none when the call was given up because the thread was suspended.
auto answers(os::Received const& answer, os::Message const& sent) -> bool {
    if (kernel_error(answer.message) == Error::Aborted) {
        return answer.message.words == abi::Words{};
    }
    return answer.badge == 0 && answer.message.tag.raw() == sent.tag.raw() &&
           answer.message.words == sent.words;
}

template <bool kFloats>
void do_something(Random& random, std::uint64_t round) {
    Probe probe{random.next()};
    switch (random.below(6)) {
    case 0: probe.fault<kFloats>(); return check(After::Fault, probe.changed());
    case 1:
        probe.run<Syscall::Yield, kFloats>(0, {});
        return check(After::Yield, probe.lost() + probe.unclean() + probe.message_changed());
    case 2:
        probe.run<Syscall::Send, kFloats>(field.ringers[random.below(field.cores)].bell, {});
        return check(After::Signal, probe.lost() + probe.unclean() + probe.message_changed());
    case 3: {
        auto const sent = made(round);
        probe.run<Syscall::Call, kFloats>(field.endpoint, sent);
        return check(After::Call,
                     probe.lost() + probe.unclean() + (answers(probe.received(), sent) ? 0U : 1U));
    }
    default: probe.stay<kFloats>(); return check(After::Stay, probe.changed());
    }
}

template <bool kFloats>
void keep_for_ever(std::uint64_t index) {
    auto& self = field.keepers[index];
    auto random = Random::mixed(index + 1);
    std::uint64_t const rounding = index % 4;
    if (kFloats) {
        ProbedRegisters::set_rounding(rounding);
    }
    while (!field.begun) {
        os::yield();
    }
    while (true) {
        do_something<kFloats>(random, self.rounds);
        check(After::Base, ProbedRegisters::thread_local_base() == self.base ? 0 : 1);
        check(After::Rounding, !kFloats || ProbedRegisters::rounding() == rounding ? 0 : 1);
        ++self.rounds;
    }
}

/// Answers calls with the same message, and faults with the instruction after the one that was at fault.
template <bool kFloats>
void serve_for_ever(std::uint64_t seed) {
    os::Message answer = os::receive(field.endpoint).message;
    while (true) {
        if (answer.tag.has(abi::MessageTag::kFault)) {
            answer = {.tag = abi::MessageTag{0, 1}, .words = {answer.words[0] + 4}};
        }
        Probe probe{++seed};
        probe.run<Syscall::ReplyRecv, kFloats>(field.endpoint, answer);
        check(After::Reply, probe.lost() + probe.unclean());
        answer = probe.received().message;
    }
}

template <bool kFloats>
void ring_for_ever(std::uint64_t core) {
    auto const& self = field.ringers[core];
    (void)self.core.set_alarm(os::arch::counter() + pause());
    for (std::uint64_t round = 1;; ++round) {
        Probe probe{round};
        probe.run<Syscall::Recv, kFloats>(self.notification, {});
        auto const rung = probe.received();
        auto const is_signal =
            rung.message.tag.raw() == abi::MessageTag{0, 0, abi::MessageTag::kNotification}.raw();
        check(After::Wait, probe.lost() + probe.unclean() + (is_signal ? 0U : 1U));
        if ((rung.badge & Alarm::kBadge) != 0) {
            (void)self.core.set_alarm(os::arch::counter() + pause());
            (void)self.handler.acknowledge();
            if (core == 0) {
                os::signal(field.pace);
            }
        }
    }
}

auto start_ringer(Rig& rig, std::size_t core) -> Outcome {
    auto& ringer = field.ringers[core];
    auto const line = TRY(must(rig.core(core).info())).alarm_irq;
    ringer.core = rig.core(core);
    ringer.handler = object::IrqHandler{rig.slot()};
    ringer.notification = TRY(rig.make(ObjectType::Notification));
    ringer.bell = TRY(rig.mint(ringer.notification, Field::kBell));
    TRY(must(
        object::IrqControl{os::slot::kIrqControl}.get(0, kDepth, line, kRoot, ringer.handler.capability())));
    TRY(must(ringer.handler.set_notification(TRY(rig.mint(ringer.notification, Alarm::kBadge)))));
    auto const run = core % 2 == 0 ? ring_for_ever<true> : ring_for_ever<false>;
    TRY(rig.start({.run = run, .argument = core, .core = core}));
    return {};
}

auto start_keeper(Rig& rig, std::size_t index) -> Outcome {
    auto& keeper = field.keepers[index];
    keeper.rounds = 0;
    keeper.base = (index + 1) << 32U;
    keeper.thread = TRY(rig.start({.run = index % 3 == 2 ? keep_for_ever<false> : keep_for_ever<true>,
                                   .argument = index,
                                   .priority = Priority::Low,
                                   .fault_endpoint = field.endpoint,
                                   .budget = slice(),
                                   .core = index % field.cores}));
    return must(keeper.thread.tcb.set_tls(keeper.base));
}

auto start_all(Rig& rig) -> Outcome {
    field.cores = rig.core_count();
    field.begun = false;
    field.wrong = 0;
    field.endpoint = TRY(rig.make(ObjectType::Endpoint));
    field.pace = TRY(rig.make(ObjectType::Notification));
    for (std::size_t index = 0; index < field.servers.size(); ++index) {
        auto const run = index % 2 == 0 ? serve_for_ever<true> : serve_for_ever<false>;
        field.servers[index] =
            TRY(rig.start({.run = run, .argument = index << 32U, .core = (index + 1) % field.cores}));
    }
    for (std::size_t index = 0; index < Field::kKeepers; ++index) {
        TRY(start_keeper(rig, index));
    }
    for (std::size_t core = 0; core < field.cores; ++core) {
        TRY(start_ringer(rig, core));
    }
    field.begun = true;
    return {};
}

/// What others do to a thread, whatever it is doing.
auto disturb(Rig& rig, Random& random) -> Outcome {
    auto const& keeper = field.keepers[random.below(Field::kKeepers)];
    auto const core = random.below(field.cores);
    switch (random.below(5)) {
    case 0: TRY(must(keeper.thread.tcb.suspend())); return must(keeper.thread.tcb.resume());
    case 1:
        TRY(must(keeper.thread.tcb.read_registers(static_cast<std::uint8_t>(random.below(20)), 4)));
        return {};
    case 2: return rig.move(field.servers[random.below(2)], core);
    default:
        return must(rig.core(core).configure(static_cast<std::uint8_t>(Priority::Low),
                                             keeper.thread.context.capability(), slice(),
                                             random.below(2) * 2 * slice(), 0));
    }
}

auto rounds_of_all() -> std::uint64_t {
    std::uint64_t rounds = 0;
    for (auto const& keeper : field.keepers) {
        rounds += keeper.rounds;
    }
    return rounds;
}

/// As much of everything as the keepers get done, however fast the host is; only interrupts come with time.
auto all_registers_are_kept(Rig& rig) -> Outcome {
    constexpr std::uint64_t kRounds = 2; // of keepers, to one disturbance
    auto const enough = rig.operations() / 40;
    TRY(start_all(rig));
    Random random{42};
    std::uint64_t disturbances = 0;
    while (rounds_of_all() < enough && field.wrong == 0) {
        (void)os::wait(field.pace);
        for (auto const due = rounds_of_all() / kRounds; disturbances < due; ++disturbances) {
            TRY(disturb(rig, random));
        }
    }
    for (std::size_t core = 0; core < field.cores; ++core) {
        TRY(must(rig.core(core).set_alarm(kNever)));
    }
    if (field.wrong != 0) {
        return std::unexpected(
            Failure{"registers were changed after", field.wrong, std::source_location::current()});
    }
    return {};
}

constexpr std::array kTests{
    Test{"all_registers_are_kept", all_registers_are_kept},
};

} // namespace

auto all_register_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
