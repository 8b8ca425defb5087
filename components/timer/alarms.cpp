// SPDX-License-Identifier: MIT
/// One number in the queue for each alarm and each sleep; a session is its block of numbers.
#include "components/timer/alarms.hpp"

namespace timer {

void Alarms::sleep_until(Session session, std::uint64_t time) {
    arm(number(session, kAlarmsPerSession), time, 0);
}

auto Alarms::set_alarm(Session session, std::uint8_t alarm, std::uint64_t time) -> Result {
    if (alarm >= kAlarmsPerSession) return std::unexpected(Refusal::BadAlarm);
    arm(number(session, alarm), time, 0);
    return {};
}

auto Alarms::set_periodic(Session session, std::uint8_t alarm, std::uint64_t first, std::uint64_t period)
    -> Result {
    if (alarm >= kAlarmsPerSession) return std::unexpected(Refusal::BadAlarm);
    if (period < kShortestPeriod) return std::unexpected(Refusal::BadPeriod);
    arm(number(session, alarm), first, period);
    return {};
}

void Alarms::cancel(Session session, std::uint8_t alarm) {
    if (alarm < kAlarmsPerSession) queue_.cancel(number(session, alarm));
}

void Alarms::forget(Session session) {
    for (std::uint8_t own = 0; own < kNumbersPerSession; ++own) {
        queue_.cancel(number(session, own));
    }
}

void Alarms::expire(std::uint64_t now) {
    while (auto const entry = queue_.earliest()) {
        if (entry->deadline > now) return;
        expire_one(*entry, now);
    }
}

auto Alarms::next_deadline() const -> std::uint64_t {
    auto const entry = queue_.earliest();
    return entry ? entry->deadline : kNever;
}

void Alarms::arm(DeadlineQueue::Number number, std::uint64_t time, std::uint64_t period) {
    if (number >= periods_.size()) periods_.resize(number + std::size_t{1});
    periods_[number] = period;
    queue_.set(number, time);
}

void Alarms::expire_one(DeadlineQueue::Entry entry, std::uint64_t now) {
    auto const session = static_cast<Session>(entry.number / kNumbersPerSession);
    auto const alarm = static_cast<std::uint8_t>(entry.number % kNumbersPerSession);
    auto const period = periods_[entry.number];
    if (period == 0) {
        queue_.cancel(entry.number);
        if (alarm == kAlarmsPerSession) {
            listener_.wake(session);
        } else {
            listener_.alarm(session, alarm, entry.deadline);
        }
        return;
    }
    auto const latest = entry.deadline + (now - entry.deadline) / period * period;
    std::uint64_t next{};
    if (__builtin_add_overflow(latest, period, &next)) {
        queue_.cancel(entry.number); // half a millennium from now
    } else {
        queue_.set(entry.number, next);
    }
    listener_.alarm(session, alarm, latest);
}

} // namespace timer
