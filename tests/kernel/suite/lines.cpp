// SPDX-License-Identifier: MIT
/// Interrupts of several cores: lines that are routed to a core, and an alarm for each.
///
/// Which core an interrupt has come to shows in its conditional stores: see `instruction::undisturbed`.
#include "instructions.hpp"
#include "os/arch.hpp"
#include "os/syscall.hpp"
#include "raised_line.hpp"
#include "rig.hpp"
#include "tests.hpp"

#include <array>
#include <atomic>
#include <optional>

namespace suite {

namespace {

constexpr unsigned kSeveral = 2;
constexpr std::uint64_t kNever = ~std::uint64_t{0};

/// An interrupt, and how a test causes it: that of a device, or the alarm of a core.
struct Source {
    object::IrqHandler handler;
    CPtr notification;
    std::optional<RaisedLine> line; ///< empty: it is an alarm
    object::CoreControl core;       ///< whose alarm it is

    void raise() const {
        if (line) {
            line->raise();
        } else {
            (void)core.set_alarm(0);
        }
    }
    void quiet() const {
        if (line) {
            line->quiet();
        } else {
            (void)core.set_alarm(kNever);
        }
    }
    /// Whether it has come; it is asked for without sleeping, which would be an interrupt of its own.
    [[nodiscard]] auto arrived() const -> bool { return os::try_receive(notification).badge != 0; }
    /// Causes it once. False: it did not come.
    [[nodiscard]] auto happens() const -> bool {
        raise();
        bool const came = eventually([this] { return arrived(); });
        quiet();
        return handler.acknowledge() && came;
    }
};

/// A notification with a badge that a handler signals.
auto told(Rig& rig, object::IrqHandler handler) -> Got<CPtr> {
    CPtr const notification = TRY(rig.make(ObjectType::Notification));
    TRY(must(handler.set_notification(TRY(rig.mint(notification, 2)))));
    return notification;
}

auto device_of(Rig& rig) -> Got<Source> {
    object::IrqHandler const handler{rig.device().interrupt_handler()};
    Source const source{handler, TRY(told(rig, handler)), RaisedLine{rig.device()}, rig.core()};
    source.quiet();
    return source;
}

auto alarm_of(Rig& rig, std::size_t core) -> Got<Source> {
    auto const info = TRY(must(rig.core(core).info()));
    CPtr const slot = rig.slot();
    TRY(must(rig.core(core).set_alarm(kNever)));
    TRY(must(object::IrqControl{os::slot::kIrqControl}.get(0, kDepth, info.alarm_irq, kRoot, slot)));
    object::IrqHandler const handler{slot};
    return Source{handler, TRY(told(rig, handler)), std::nullopt, rig.core(core)};
}

/// A thread that causes the interrupt or watches for it while the test's own does the other.
struct Watch {
    Source const* source;
    std::atomic<std::uint64_t> ready;
    std::atomic<std::uint64_t> turns;
    std::atomic<unsigned> done;
    bool quiet;    ///< the core that was watched was not interrupted
    bool happened; ///< the interrupt came
};
Watch watch;

void look(std::uint64_t /*argument*/) {
    watch.quiet = instruction::undisturbed(watch.ready, watch.turns);
    ++watch.done;
    rest();
}
void cause(std::uint64_t /*argument*/) {
    watch.happened = eventually([] { return watch.ready != 0; }) && watch.source->happens();
    ++watch.turns;
    ++watch.done;
    rest();
}

/// Causes the interrupt once: whether that left core `number` alone. `helper` is on no core but that one, or
/// on core 1 if that is the test's own.
auto leaves_alone(Rig& rig, Thread const& helper, Source const& source, std::size_t number) -> Got<bool> {
    watch.source = &source;
    watch.ready = 0;
    watch.done = 0;
    TRY(must(helper.tcb.suspend()));
    TRY(rig.move(helper, number == 0 ? 1 : number));
    TRY(rig.restart(helper, number == 0 ? cause : look, 0));
    if (number == 0) {
        watch.quiet = instruction::undisturbed(watch.ready, watch.turns);
    } else {
        watch.happened = eventually([] { return watch.ready != 0; }) && source.happens();
        ++watch.turns;
    }
    REQUIRE(eventually([] { return watch.done == 1; }));
    REQUIRE(watch.happened);
    return watch.quiet;
}

/// Other interrupts may come to a core at any time, but not always.
auto arrives_only_at(Rig& rig, Source const& source, std::size_t core) -> Outcome {
    Thread const helper = TRY(rig.start({.run = [](std::uint64_t /*argument*/) { rest(); }, .core = 1}));
    for (std::size_t number = 0; number < rig.core_count(); ++number) {
        constexpr int kRounds = 10;
        constexpr int kAttempts = 500;
        if (number == core) {
            for (int round = 0; round < kRounds; ++round) {
                REQUIRE(!TRY(leaves_alone(rig, helper, source, number)));
            }
            continue;
        }
        bool alone = false;
        for (int attempt = 0; attempt < kAttempts && !alone; ++attempt) {
            alone = TRY(leaves_alone(rig, helper, source, number));
        }
        REQUIRE(alone);
    }
    TRY(must(helper.tcb.suspend()));
    return {};
}

auto a_line_arrives_where_it_is_routed(Rig& rig) -> Outcome {
    auto const source = TRY(device_of(rig));
    auto const handler = source.handler;
    TRY(arrives_only_at(rig, source, 0));
    for (std::size_t core = 1; core < rig.core_count(); ++core) {
        CPtr const target = rig.core(core).capability();
        if (source.line->can_be_routed()) {
            TRY(must(handler.set_core(target)));
            TRY(arrives_only_at(rig, source, core));
        } else {
            REQUIRE(refusal(handler.set_core(target)) == Error::IllegalOperation);
            TRY(arrives_only_at(rig, source, 0));
        }
    }
    return must(handler.set_core(rig.core(0).capability()));
}

auto a_line_moves_while_it_waits(Rig& rig) -> Outcome {
    auto const source = TRY(device_of(rig));
    auto const handler = source.handler;
    for (std::size_t round = 0; round < 4 * rig.core_count(); ++round) {
        source.raise();
        REQUIRE(eventually([&] { return source.arrived(); }));
        // Still raised, but masked: it comes to the other core when it is acknowledged.
        (void)handler.set_core(rig.core(round % rig.core_count()).capability());
        source.raise(); // again: QEMU's PLIC forgets what it has been asked for
        TRY(must(handler.acknowledge()));
        REQUIRE(eventually([&] { return source.arrived(); }));
        source.quiet();
        TRY(must(handler.acknowledge()));
    }
    return must(handler.set_core(rig.core(0).capability()));
}

auto lines_go_to_cores_only(Rig& rig) -> Outcome {
    object::IrqHandler const handler{rig.device().interrupt_handler()};
    REQUIRE(refusal(handler.set_core(kRoot)) == Error::InvalidCapability);
    REQUIRE(refusal(handler.set_core(0)) == Error::InvalidCapability);
    for (std::size_t core = 0; core < rig.core_count(); ++core) {
        auto const alarm = TRY(alarm_of(rig, core));
        REQUIRE(refusal(alarm.handler.set_core(rig.core(core).capability())) == Error::IllegalOperation);
    }
    return {};
}

auto an_alarm_arrives_at_its_own_core(Rig& rig) -> Outcome {
    for (std::size_t core = 0; core < rig.core_count(); ++core) {
        TRY(arrives_only_at(rig, TRY(alarm_of(rig, core)), core));
    }
    return {};
}

/// All alarms run at a time, set and acknowledged from here.
auto alarms_of_all_cores_at_once(Rig& rig) -> Outcome {
    constexpr std::size_t kMost = os::slot::kGrantedCores;
    std::array<std::optional<Source>, kMost> alarms{};
    for (std::size_t core = 0; core < rig.core_count(); ++core) {
        alarms[core] = TRY(alarm_of(rig, core));
    }
    std::uint64_t const step = os::arch::counter_frequency() / 500;
    for (int round = 0; round < 10; ++round) {
        std::uint64_t const begin = os::arch::counter();
        for (std::size_t core = rig.core_count(); core-- > 0;) {
            TRY(must(rig.core(core).set_alarm(begin + (core + 1) * step)));
        }
        for (std::size_t core = 0; core < rig.core_count(); ++core) {
            (void)os::wait(alarms[core]->notification);
            REQUIRE(os::arch::counter() >= begin + (core + 1) * step);
            TRY(must(rig.core(core).set_alarm(kNever)));
            TRY(must(alarms[core]->handler.acknowledge()));
        }
    }
    return {};
}

auto an_alarm_is_taken_back_from_another_core(Rig& rig) -> Outcome {
    auto const alarm = TRY(alarm_of(rig, 1));
    std::uint64_t const soon = os::arch::counter_frequency() / 100;
    for (int round = 0; round < 5; ++round) {
        TRY(must(rig.core(1).set_alarm(os::arch::counter() + 10 * soon)));
        TRY(must(rig.core(1).set_alarm(kNever)));
    }
    spend(20 * soon);
    REQUIRE(!alarm.arrived());
    return {};
}

constexpr std::array kTests{
    Test{"a_line_arrives_where_it_is_routed", a_line_arrives_where_it_is_routed, "SMPIRQ0001", kSeveral},
    Test{"a_line_moves_while_it_waits", a_line_moves_while_it_waits},
    Test{"lines_go_to_cores_only", lines_go_to_cores_only},
    Test{"an_alarm_arrives_at_its_own_core", an_alarm_arrives_at_its_own_core, "SMPIRQ0001", kSeveral},
    Test{"alarms_of_all_cores_at_once", alarms_of_all_cores_at_once, "TIMER0001"},
    Test{"an_alarm_is_taken_back_from_another_core", an_alarm_is_taken_back_from_another_core, "", kSeveral},
};

} // namespace

auto line_tests() -> std::span<Test const> { return kTests; }

} // namespace suite
