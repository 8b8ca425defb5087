// SPDX-License-Identifier: MIT
/// The wiring of the timer: sessions, their alarms, and the device that says when one is due.
#include "components/timer/alarm_source.hpp"
#include "components/timer/alarms.hpp"
#include "generated/env.hpp"
#include "generated/timer.hpp"
#include "os/log.hpp"
#include "os/server.hpp"

#include <map>
#include <utility>
#include <variant>

namespace {

using idl::timer::TimerError;
using timer::Alarms;
using timer::Session;
using Sleep = os::Pending<idl::timer::method::Sleep>;

/// What is due becomes answers to sleepers, and events.
class Answers final : public timer::Listener {
public:
    explicit Answers(os::Service<idl::timer::Interface> const& service) : service_{service} {}

    /// A sleep that takes the place of an earlier one of the session answers that one with `Busy`.
    void expect_wake(Session session, Sleep call) { sleepers_.insert_or_assign(session, std::move(call)); }

    void forget(Session session) { sleepers_.erase(session); }

    void wake(Session session) override {
        auto call = sleepers_.extract(session);
        if (!call.empty()) {
            call.mapped().answer();
        }
    }
    // A client that is too far behind to take an event loses it.
    void alarm(Session session, std::uint8_t alarm, std::uint64_t time) override {
        (void)service_.events(session).alarm(alarm, time);
    }

private:
    os::Service<idl::timer::Interface> service_;
    std::map<Session, Sleep> sleepers_{};
};

/// The clock: the source's ticks in nanoseconds.
class Clock {
public:
    explicit Clock(timer::AnyAlarmSource const& source) : source_{source} {}

    [[nodiscard]] auto now() const -> std::uint64_t {
        return std::visit(
            [](auto const& source) { return os::ticks_to_nanoseconds(source.count(), source.frequency()); },
            source_);
    }
    /// As `AlarmSource`, in nanoseconds.
    [[nodiscard]] auto arm(std::uint64_t deadline) const -> bool {
        return std::visit(
            [deadline](auto const& source) {
                return source.arm(deadline == timer::kNever
                                      ? timer::kNever
                                      : os::nanoseconds_to_ticks(deadline, source.frequency()));
            },
            source_);
    }

private:
    timer::AnyAlarmSource source_;
};

/// The port `timer`.
class TimerServer {
public:
    TimerServer(Answers& answers, Clock const& clock, os::Device const& device)
        : answers_{answers}, clock_{clock}, device_{device} {}

    auto now() -> std::uint64_t { return clock_.now(); }

    void sleep(os::Caller const& caller, std::uint64_t duration, Sleep call) {
        answers_.expect_wake(caller.session, std::move(call));
        alarms_.sleep_until(caller.session, later(clock_.now(), duration));
        settle();
    }
    auto set_alarm(os::Caller const& caller, std::uint8_t alarm, std::uint64_t time)
        -> std::expected<void, TimerError> {
        return settled(alarms_.set_alarm(caller.session, alarm, time));
    }
    auto set_periodic(os::Caller const& caller, std::uint8_t alarm, std::uint64_t first, std::uint64_t period)
        -> std::expected<void, TimerError> {
        return settled(alarms_.set_periodic(caller.session, alarm, first, period));
    }
    void cancel(os::Caller const& caller, std::uint8_t alarm) { alarms_.cancel(caller.session, alarm); }

    void forget(Session session) {
        alarms_.forget(session);
        answers_.forget(session);
    }

    void on_notification(std::uint64_t bits) {
        if ((bits & device_.interrupt_badge()) == 0) {
            return;
        }
        settle();
        // Behind `settle`: the line is down only since the alarm has been set anew.
        device_.acknowledge_interrupt();
    }

private:
    static auto later(std::uint64_t time, std::uint64_t duration) -> std::uint64_t {
        std::uint64_t sum{};
        return __builtin_add_overflow(time, duration, &sum) ? timer::kNever : sum;
    }

    /// Raises what is due and arms the device for what is next.
    void settle() {
        do {
            alarms_.expire(clock_.now());
        } while (!clock_.arm(alarms_.next_deadline()));
    }
    auto settled(Alarms::Result result) -> std::expected<void, TimerError> {
        if (!result) {
            bool const bad_alarm = result.error() == Alarms::Refusal::BadAlarm;
            return std::unexpected(bad_alarm ? TimerError::BadAlarm : TimerError::BadPeriod);
        }
        settle();
        return {};
    }

    Answers& answers_;
    Clock clock_;
    os::Device device_;
    Alarms alarms_{answers_};
};

} // namespace

void os::main(Env& env) {
    auto const source = timer::make_alarm_source(env.clock());
    if (!source) {
        os::log(LogLevel::Error, "cannot drive ", env.clock().compatible());
        return;
    }
    Answers answers{env.timer_service()};
    TimerServer server{answers, Clock{*source}, env.clock()};
    env.clock().acknowledge_interrupt(); // the line may have fired before anybody listened
    os::serve(env.timer_service(), server);
}
