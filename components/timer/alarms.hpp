// SPDX-License-Identifier: MIT
/// The sleeps and alarms of all sessions in one queue. Knows times in nanoseconds, no device and no system
/// call.
#pragma once

#include "components/timer/deadline_queue.hpp"

#include <cstdint>
#include <expected>
#include <vector>

namespace timer {

using Session = std::uint16_t;

inline constexpr std::uint8_t kAlarmsPerSession = 8;
inline constexpr std::uint64_t kShortestPeriod = 100'000; ///< nanoseconds

/// What happens when time has passed. It must not call back into the alarms.
class Listener {
public:
    Listener() = default;
    Listener(Listener const&) = delete;
    auto operator=(Listener const&) -> Listener& = delete;

    virtual void wake(Session session) = 0;
    /// `time` is the moment the alarm was set for; the present may be later.
    virtual void alarm(Session session, std::uint8_t alarm, std::uint64_t time) = 0;

protected:
    ~Listener() = default;
};

class Alarms {
public:
    enum class Refusal : std::uint8_t { BadAlarm, BadPeriod };
    using Result = std::expected<void, Refusal>;

    explicit Alarms(Listener& listener) : listener_{listener} {}

    /// `Listener::wake` comes at `time`. A session sleeps once: a second sleep replaces the first.
    void sleep_until(Session session, std::uint64_t time);

    /// `Listener::alarm` comes once, at `time`.
    [[nodiscard]] auto set_alarm(Session session, std::uint8_t alarm, std::uint64_t time) -> Result;

    /// `Listener::alarm` comes at `first` and every `period` from then on, counted from `first`, so that
    /// lateness never adds up. Moments that have been missed altogether come as one, the latest of them.
    [[nodiscard]] auto set_periodic(Session session, std::uint8_t alarm, std::uint64_t first,
                                    std::uint64_t period) -> Result;

    void cancel(Session session, std::uint8_t alarm);
    /// Cancels the session's alarms and its sleep; its listener hears no more of them.
    void forget(Session session);

    /// Tells the listener about everything due at `now`.
    void expire(std::uint64_t now);

    /// When `expire` has something to do next; `kNever`: never.
    [[nodiscard]] auto next_deadline() const -> std::uint64_t;

private:
    /// Numbers in the queue: for each session its alarms, then its sleep.
    static constexpr std::uint32_t kNumbersPerSession = kAlarmsPerSession + 1U;

    [[nodiscard]] static auto number(Session session, std::uint8_t alarm) -> DeadlineQueue::Number {
        return session * kNumbersPerSession + alarm;
    }
    void arm(DeadlineQueue::Number number, std::uint64_t time, std::uint64_t period);
    void expire_one(DeadlineQueue::Entry entry, std::uint64_t now);

    Listener& listener_;
    DeadlineQueue queue_{};
    std::vector<std::uint64_t> periods_{}; ///< by number; 0: once
};

} // namespace timer
