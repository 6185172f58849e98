// What is shown of the steps to come is what will be played, and shows a turn of a control before
// it is heard. The planner and the clock run turn by turn under simulated time.
#include "engine/realtime/line/tail_teller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

class TailTellerTest : public testing::Test {
protected:
    TailTellerTest() { rig_.tail_wanted = true; }

    PlannedTail told() {
        rig_.plan();
        return rig_.tail.out.read();
    }
    // The committed steps of the planner's making.
    std::vector<PlayedEvent> steps() {
        std::vector<PlayedEvent> all;
        for (const auto& event : rig_.played())
            if (event.kind == PlayedEvent::Kind::step && event.step.rung != Rung::repeat)
                all.push_back(event);
        return all;
    }
    LinePlace committed() {
        LinePlace place;
        for (const auto& event : rig_.played()) place = std::max(place, event.line_at);
        return place;
    }
    // Plays all of the tail, and says what in it was played otherwise.
    std::vector<std::string> played_otherwise(const PlannedTail& tail) {
        const auto end = tail.first.index + tail.count;
        const LinePlace over{tail.first.epoch, end};
        EXPECT_TRUE(rig_.run_until([&] { return committed() >= over; }));
        std::size_t compared = 0;
        std::vector<std::string> found;
        for (const auto& event : steps()) {
            const auto& step = event.step;
            if (event.line_at.epoch != tail.first.epoch || step.index < tail.first.index ||
                step.index >= end)
                continue;
            ++compared;
            const auto& planned = tail.steps[step.index - tail.first.index];
            if (planned.start != step.start || planned.duration != step.duration ||
                planned.kind != step.kind || planned.pitch != step.pitch ||
                planned.velocity != step.velocity || planned.parts != event.parts)
                found.push_back(std::to_string(step.index));
        }
        EXPECT_EQ(compared, tail.count);
        return found;
    }
    static bool same(const PlannedTail::Planned& a, const PlannedTail::Planned& b) {
        return a.start == b.start && a.duration == b.duration && a.kind == b.kind &&
               a.pitch == b.pitch;
    }

    EngineRig rig_;
};

TEST_F(TailTellerTest, WhatIsToldIsWhatIsPlayedWhenNothingChanges) {
    ASSERT_TRUE(rig_.params.set(ParamId::octave, 1.0));
    ASSERT_TRUE(rig_.params.set(ParamId::key, 2.0));
    ASSERT_TRUE(rig_.params.set(ParamId::swing, 0.6));
    ASSERT_TRUE(rig_.params.set(ParamId::humanise, 0.5));
    rig_.run_for(seconds{5});
    const auto tail = told();
    EXPECT_EQ(tail.count, 16U);
    EXPECT_GT(tail.first.index, 3U);
    EXPECT_EQ(tail.revision, rig_.params.current().revision);
    EXPECT_THAT(played_otherwise(tail), IsEmpty());
}

TEST_F(TailTellerTest, ATurnOfAWeightIsSeenBeforeItIsHeard) {
    ASSERT_TRUE(rig_.params.set(ParamId::ramp, 0.0));
    rig_.run_for(seconds{5});
    const auto before = told();
    ASSERT_TRUE(rig_.params.set_weight(1, 9.0));
    const auto after = told();
    EXPECT_EQ(after.first, before.first) << "nothing was played meanwhile";
    EXPECT_GT(after.serial, before.serial);
    EXPECT_EQ(before.revision + 1, after.revision);
    ASSERT_EQ(after.count, before.count);
    EXPECT_FALSE(std::ranges::equal(after.planned(), before.planned(), same));
    EXPECT_THAT(played_otherwise(after), IsEmpty());
    EXPECT_FALSE(played_otherwise(before).empty()) << "and the old one was not";
}

TEST_F(TailTellerTest, WhileTheTailIsMadeAgainItIsWhatTheClockHas) {
    rig_.run_for(seconds{5});
    const auto before = told();
    ASSERT_TRUE(rig_.params.set_weight(1, 9.0));
    static_cast<void>(rig_.planner.advance());
    const PlannedTail half = rig_.tail.out.read();
    ASSERT_EQ(half.count, before.count);
    EXPECT_GT(half.revision, before.revision);
    for (std::uint32_t i = 1; i < half.count; ++i) {
        EXPECT_EQ(half.steps[i].pitch, before.steps[i].pitch) << "still in its old make";
        EXPECT_EQ(half.steps[i].start, half.steps[i - 1].start + half.steps[i - 1].duration);
    }
    // The rest of the new tail is too late.
    rig_.hold_planner();
    EXPECT_THAT(played_otherwise(half), IsEmpty());
}

TEST_F(TailTellerTest, NeverHasAStepThatThePlannerKnowsToBeCommitted) {
    for (int turn = 0; turn < 400; ++turn) {
        ASSERT_TRUE(rig_.params.set_weight(1, turn % 10));
        if (turn % 7 == 0) rig_.clock_for(milliseconds{250});  // the planner is behind
        rig_.run_for(milliseconds{20});
        const auto tail = told();
        ASSERT_EQ(tail.first, committed()) << turn;
        const auto played = steps();
        ASSERT_FALSE(played.empty());
        for (const auto& planned : tail.planned())
            ASSERT_GE(planned.start, played.back().step.end()) << turn;
    }
}

TEST_F(TailTellerTest, EachNewsRingsAndNoneIsNone) {
    static_cast<void>(told());
    const auto rung = rig_.tail_bell.rung;
    EXPECT_GE(rung, 16) << "once a step";
    const auto serial = told().serial;
    ASSERT_TRUE(rig_.params.set(ParamId::tempo, 90.0));
    EXPECT_EQ(told().serial, serial) << "the tempo makes no other line";
    EXPECT_EQ(rig_.tail_bell.rung, rung);
    rig_.clock_turn();
    EXPECT_GT(told().serial, serial) << "a step was committed";
}

TEST_F(TailTellerTest, NothingIsToldToNobodyAndAllAtOnceToWhoComes) {
    rig_.tail_wanted = false;
    rig_.run_for(seconds{3});
    EXPECT_EQ(told().serial, 0U);
    EXPECT_EQ(rig_.tail_bell.rung, 0);
    rig_.tail_wanted = true;
    static_cast<void>(rig_.planner.advance());
    const PlannedTail tail = rig_.tail.out.read();
    EXPECT_EQ(tail.serial, 1U);
    EXPECT_EQ(tail.count, 16U);
    EXPECT_THAT(played_otherwise(tail), IsEmpty());
}

TEST_F(TailTellerTest, ARestartIsAnotherLineFromItsBeginning) {
    rig_.run_for(seconds{5});
    const auto before = told();
    ASSERT_TRUE(rig_.params.act(ActionId::restart));
    const auto after = told();
    EXPECT_EQ(after.first, (LinePlace{before.first.epoch + 1, 0}));
    EXPECT_EQ(after.steps[0].start, Ticks{0});
    EXPECT_THAT(played_otherwise(after), IsEmpty());
}

TEST_F(TailTellerTest, AnUnderrunMovesTheTailToWhereTheLineGoesOn) {
    rig_.run_for(seconds{2});
    rig_.clock_for(seconds{40});
    ASSERT_GT(rig_.count(PlayedEvent::Kind::underrun), 0U);
    const auto tail = told();
    EXPECT_GT(tail.steps[0].start, steps().back().step.end());
    EXPECT_THAT(played_otherwise(tail), IsEmpty());
}

}  // namespace
}  // namespace fusion::test
