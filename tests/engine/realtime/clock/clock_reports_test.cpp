#include "engine/realtime/clock/clock_reports.hpp"

#include <gtest/gtest.h>

namespace fusion::test {
namespace {

using namespace std::chrono_literals;

class ClockReportsTest : public testing::Test {
protected:
    static std::int64_t ns(TimePoint time) { return time.time_since_epoch().count(); }

    SimulatedTime time_;
    EngineMeters meters_;
    RtLog log_;
    struct Bell final : Waker {
        void wake() noexcept override { ++rung; }
        int rung = 0;
    };

    TripleBuffer<PlayHead> head_{PlayHead{}};
    Bell bell_;
    Semaphore wake_;
    SpscQueue<CommitNote> commits_{2};
    SpscQueue<PlayedEvent> played_{2};
    ClockReports reports_{{std::move(commits_.in), std::move(played_.in), std::move(head_.in),
                           wake_, time_, meters_, log_, &bell_},
                          ns(time_.now())};
};

TEST_F(ClockReportsTest, ThePlannerIsToldWhichSendingWasPlayedWhereAndIsWoken) {
    StepMessage message;
    message.serial = 17;
    message.epoch = 3;
    message.step.index = 5;
    reports_.to_planner(message, CommitNote::Kind::committed, Ticks{960});
    CommitNote note;
    ASSERT_TRUE(commits_.out.try_pop(note));
    EXPECT_EQ(note.serial, 17U);
    EXPECT_EQ(note.epoch, 3U);
    EXPECT_EQ(note.index, 5U);
    EXPECT_EQ(note.start, Ticks{960});
    EXPECT_TRUE(wake_.wait_for(Nanos{0}));
}

TEST_F(ClockReportsTest, ANoteToThePlannerThatFindsNoRoomIsToldToTheLog) {
    for (int i = 0; i < 3; ++i) reports_.to_planner({}, CommitNote::Kind::missed, Ticks{0});
    RtRecord record;
    ASSERT_TRUE(log_.try_pop(record));
    EXPECT_EQ(record.event, RtEvent::commit_dropped);
    EXPECT_FALSE(log_.try_pop(record));
}

TEST_F(ClockReportsTest, AnEventThatFindsNoRoomIsCounted) {
    for (int i = 0; i < 5; ++i) reports_.tell(PlayedEvent::Kind::beat, beats(i), time_.now());
    EXPECT_EQ(meters_.events_dropped.load(), 3U);
    PlayedEvent event;
    ASSERT_TRUE(played_.out.try_pop(event));
    EXPECT_EQ(event.tick, Ticks{0});
}

TEST_F(ClockReportsTest, AChangeIsTimedByTheFirstStepThatObeysItAndNoOther) {
    const auto since = time_.now();
    time_.sleep_until(since + 1s);
    const auto changed = ns(time_.now());
    time_.sleep_until(since + 1s + 30ms);
    reports_.obeyed(changed, since);
    reports_.obeyed(changed, since);
    reports_.obeyed(ns(since), since);
    EXPECT_EQ(meters_.change_to_commit.count(), 1U);
    EXPECT_EQ(meters_.change_to_commit.max(), Micros{30ms});
}

TEST_F(ClockReportsTest, AChangeThatWaitedForThePlayerIsNotTimed) {
    const auto changed = ns(time_.now() + 1s);
    time_.sleep_until(time_.now() + 10s);
    reports_.obeyed(changed, time_.now());
    EXPECT_EQ(meters_.change_to_commit.count(), 0U);
}

TEST_F(ClockReportsTest, WhereItIsIsNeverBeforeTheBeginning) {
    const auto at = time_.now();
    reports_.publish({.at = at,
                      .epoch = 70000,
                      .running = true,
                      .heard = Ticks{-4},
                      .decided = Ticks{-1},
                      .song = Ticks{-4},
                      .tempo = Bpm{93.0},
                      .sync = SyncState::locked,
                      .depth = 7});
    EXPECT_EQ(meters_.play_head_ticks.load(), 0);
    EXPECT_EQ(meters_.song_ticks.load(), -4);
    const auto head = head_.out.read();
    EXPECT_EQ(head.tick, Ticks{0});
    EXPECT_EQ(head.epoch, 70000U);
    EXPECT_EQ(head.at, at);
    EXPECT_TRUE(head.running);
    EXPECT_EQ(head.tempo, Bpm{93.0});
}

TEST_F(ClockReportsTest, WhatWasToldInATurnRingsOnceAtItsEnd) {
    const auto end_of_a_turn = [&] { reports_.publish({}); };
    end_of_a_turn();
    EXPECT_EQ(bell_.rung, 0);
    for (int i = 0; i < 3; ++i) reports_.tell(PlayedEvent::Kind::beat, beats(i), time_.now());
    EXPECT_EQ(bell_.rung, 0);
    end_of_a_turn();
    end_of_a_turn();
    EXPECT_EQ(bell_.rung, 1);
}

}  // namespace
}  // namespace fusion::test
