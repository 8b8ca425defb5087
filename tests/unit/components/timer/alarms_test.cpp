// SPDX-License-Identifier: MIT
/// Sleeps, single and periodic alarms of several sessions against a clock of one's own.
#include "components/timer/alarms.hpp"

#include <gtest/gtest.h>

#include <tuple>
#include <vector>

namespace {

using timer::Alarms;
using timer::Session;

struct Recorder final : timer::Listener {
    void wake(Session session) override { woken.push_back(session); }
    void alarm(Session session, std::uint8_t alarm, std::uint64_t time) override {
        alarms.emplace_back(session, alarm, time);
    }

    std::vector<Session> woken{};
    std::vector<std::tuple<Session, std::uint8_t, std::uint64_t>> alarms{};
};

using Raised = decltype(Recorder::alarms);

constexpr std::uint64_t kPeriod = 1'000'000;

TEST(Alarms, NothingIsDueAtFirst) {
    Recorder recorder;
    Alarms alarms{recorder};
    alarms.expire(1'000);
    EXPECT_EQ(alarms.next_deadline(), ~0ULL);
}

TEST(Alarms, SleepersWakeInOrder) {
    Recorder recorder;
    Alarms alarms{recorder};
    alarms.sleep_until(2, 300);
    alarms.sleep_until(1, 200);
    EXPECT_EQ(alarms.next_deadline(), 200U);
    alarms.expire(199);
    EXPECT_TRUE(recorder.woken.empty());
    alarms.expire(1000);
    EXPECT_EQ(recorder.woken, (std::vector<Session>{1, 2}));
    alarms.expire(2000);
    EXPECT_EQ(recorder.woken.size(), 2U);
}

TEST(Alarms, ASingleAlarmComesOnce) {
    Recorder recorder;
    Alarms alarms{recorder};
    ASSERT_TRUE(alarms.set_alarm(3, 7, 500));
    alarms.expire(500);
    alarms.expire(5000);
    EXPECT_EQ(recorder.alarms, (Raised{{3, 7, 500}}));
}

TEST(Alarms, LatenessDoesNotAddUp) {
    Recorder recorder;
    Alarms alarms{recorder};
    ASSERT_TRUE(alarms.set_periodic(1, 0, 100, kPeriod));
    for (std::uint64_t turn = 0; turn < 1000; ++turn) {
        alarms.expire(100 + turn * kPeriod + 99'999); // always late
        EXPECT_EQ(alarms.next_deadline(), 100 + (turn + 1) * kPeriod);
    }
    EXPECT_EQ(recorder.alarms.size(), 1000U);
    EXPECT_EQ(std::get<2>(recorder.alarms.back()), 100 + 999 * kPeriod);
}

TEST(Alarms, MissedPeriodsComeAsOne) {
    Recorder recorder;
    Alarms alarms{recorder};
    ASSERT_TRUE(alarms.set_periodic(1, 0, 0, kPeriod));
    alarms.expire(10 * kPeriod + 5);
    EXPECT_EQ(recorder.alarms, (Raised{{1, 0, 10 * kPeriod}}));
    EXPECT_EQ(alarms.next_deadline(), 11 * kPeriod);
}

TEST(Alarms, CancelAndReplace) {
    Recorder recorder;
    Alarms alarms{recorder};
    ASSERT_TRUE(alarms.set_periodic(1, 0, 100, kPeriod));
    ASSERT_TRUE(alarms.set_alarm(1, 0, 200));
    ASSERT_TRUE(alarms.set_alarm(1, 1, 300));
    alarms.cancel(1, 1);
    alarms.cancel(1, 2);
    alarms.cancel(1, 255);
    alarms.expire(100 * kPeriod);
    EXPECT_EQ(recorder.alarms, (Raised{{1, 0, 200}}));
}

TEST(Alarms, ForgetsASession) {
    Recorder recorder;
    Alarms alarms{recorder};
    alarms.sleep_until(1, 100);
    EXPECT_TRUE(alarms.set_periodic(1, 0, 100, kPeriod).has_value());
    EXPECT_TRUE(alarms.set_alarm(1, timer::kAlarmsPerSession - 1, 100).has_value());
    EXPECT_TRUE(alarms.set_alarm(2, 0, 300).has_value());
    alarms.sleep_until(0, 200);
    alarms.forget(1);
    alarms.forget(9);
    alarms.expire(250);
    EXPECT_EQ(recorder.woken, std::vector<Session>{0});
    EXPECT_TRUE(recorder.alarms.empty());
    EXPECT_EQ(alarms.next_deadline(), 300U);
}

TEST(Alarms, RefusesWhatTheInterfaceExcludes) {
    Recorder recorder;
    Alarms alarms{recorder};
    EXPECT_EQ(alarms.set_alarm(1, 8, 1).error(), Alarms::Refusal::BadAlarm);
    EXPECT_EQ(alarms.set_periodic(1, 255, 1, kPeriod).error(), Alarms::Refusal::BadAlarm);
    EXPECT_EQ(alarms.set_periodic(1, 0, 1, timer::kShortestPeriod - 1).error(), Alarms::Refusal::BadPeriod);
}

TEST(Alarms, TheEndOfTimeDoesNotWrap) {
    Recorder recorder;
    Alarms alarms{recorder};
    ASSERT_TRUE(alarms.set_periodic(1, 0, ~0ULL - 10, ~0ULL));
    alarms.expire(~0ULL - 1);
    EXPECT_EQ(recorder.alarms.size(), 1U);
    EXPECT_EQ(alarms.next_deadline(), ~0ULL);
    ASSERT_TRUE(alarms.set_periodic(1, 0, 5, timer::kShortestPeriod));
    alarms.expire(~0ULL);
    EXPECT_EQ(recorder.alarms.size(), 2U);
}

TEST(Alarms, SessionsDoNotShareAlarms) {
    Recorder recorder;
    Alarms alarms{recorder};
    for (Session session = 0; session < 100; ++session) {
        for (std::uint8_t alarm = 0; alarm < timer::kAlarmsPerSession; ++alarm) {
            ASSERT_TRUE(alarms.set_alarm(session, alarm, 1000U * session + alarm));
        }
        alarms.sleep_until(session, 1000U * session + 8);
    }
    alarms.expire(1'000'000);
    ASSERT_EQ(recorder.alarms.size(), 800U);
    EXPECT_EQ(recorder.woken.size(), 100U);
    EXPECT_EQ(recorder.alarms[9], (std::tuple<Session, std::uint8_t, std::uint64_t>{1, 1, 1001}));
}

} // namespace
