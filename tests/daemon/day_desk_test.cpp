#include "daemon/day_desk.hpp"

#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

class DayDeskTest : public testing::Test {
protected:
    DayDeskTest() {
        plan_.scenes = {{9 * 60, kEachDay, "morning", 0.0}, {17 * 60, kEachDay, "evening", 0.0}};
        plan_.quiet = {{22 * 60, 8 * 60, kEachDay}};
    }
    void it_is(int hour, int minute = 0) { wall_ = WallTime{2, hour * 60 + minute}; }
    void begin(Nanos delay = 0s, bool plays = true) {
        desk_.emplace(plan_, params_, scenes_, [this] { return wall_; });
        desk_->begin(now_, delay, plays);
    }
    void turn(Nanos later = 1s) { desk_->turn(now_ += later); }
    [[nodiscard]] double tempo() const { return params_.current().real(ParamId::tempo); }
    [[nodiscard]] bool plays() const { return params_.current().on(ParamId::playing); }
    void set(ParamId id, double value) { ASSERT_TRUE(params_.set(id, value)); }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    SceneDesk scenes_{params_,
                      [] { return 0.0; },
                      {{}, {{"morning", {{"tempo", 70.0}}}, {"evening", {{"tempo", 130.0}}}}, {}},
                      [](const std::string&) {}};
    DayPlan plan_;
    std::optional<WallTime> wall_;
    TimePoint now_{100s};
    std::optional<DayDesk> desk_;
};

TEST_F(DayDeskTest, ItBeginsInTheSceneOfTheHourAndGoesOnToTheNext) {
    it_is(12);
    begin();
    EXPECT_EQ(tempo(), 70.0);
    it_is(16, 59);
    turn();
    EXPECT_EQ(tempo(), 70.0);
    it_is(17);
    turn();
    EXPECT_EQ(tempo(), 130.0);
}

TEST_F(DayDeskTest, WhatHandsDoBetweenTwoEntriesHolds) {
    it_is(12);
    begin();
    set(ParamId::tempo, 99.0);
    for (int minute = 0; minute < 60; ++minute) {
        it_is(13, minute);
        turn();
    }
    EXPECT_EQ(tempo(), 99.0);
}

TEST_F(DayDeskTest, QuietStopsTheTransportAndItsEndStartsItAgain) {
    it_is(21, 59);
    begin();
    EXPECT_TRUE(plays());
    it_is(22);
    turn();
    EXPECT_FALSE(plays());
    set(ParamId::playing, 1.0);
    it_is(23);
    turn();
    EXPECT_TRUE(plays()) << "a hand that wants to hear it hears it";
    set(ParamId::playing, 0.0);
    it_is(8);
    turn();
    EXPECT_TRUE(plays());
}

TEST_F(DayDeskTest, WhoHadStoppedItBeforeTheQuietFindsItStopped) {
    it_is(20);
    begin();
    set(ParamId::playing, 0.0);
    it_is(22);
    turn();
    it_is(8);
    turn();
    EXPECT_FALSE(plays());
}

TEST_F(DayDeskTest, AStartInTheQuietIsSilentAndOneAfterItPlaysWhateverWasSaved) {
    it_is(3);
    begin();
    EXPECT_FALSE(plays());
    it_is(8);
    turn();
    EXPECT_TRUE(plays());
    set(ParamId::playing, 0.0);  // as a power cut in the quiet left it
    begin();
    EXPECT_TRUE(plays());
}

TEST_F(DayDeskTest, AClockThatIsSetByAnHourEitherWayLeadsToWhatHoldsThen) {
    it_is(17, 10);
    begin();
    EXPECT_EQ(tempo(), 130.0);
    it_is(16, 10);
    turn();
    EXPECT_EQ(tempo(), 70.0);
    it_is(17, 10);
    turn();
    EXPECT_EQ(tempo(), 130.0);
    it_is(22, 30);
    turn();
    EXPECT_FALSE(plays());
    it_is(21, 30);
    turn();
    EXPECT_TRUE(plays());
}

TEST_F(DayDeskTest, AClockThatStandsIn1970IsWaitedFor) {
    wall_.reset();
    begin();
    turn();
    EXPECT_TRUE(plays());
    EXPECT_NE(tempo(), 70.0);
    it_is(10);
    turn();
    EXPECT_EQ(tempo(), 70.0);
}

TEST_F(DayDeskTest, AfterTheDelayItPlaysUnlessItIsQuietThen) {
    it_is(12);
    begin(20s);
    EXPECT_FALSE(plays());
    turn(19s);
    EXPECT_FALSE(plays());
    turn(1s);
    EXPECT_TRUE(plays());
    it_is(21, 59);
    begin(90s);
    it_is(22, 0);
    turn(100s);
    EXPECT_FALSE(plays());
    it_is(8);
    turn();
    EXPECT_TRUE(plays());
}

TEST_F(DayDeskTest, AnotherPlanHoldsAtOnceAndOneThatIsTakenAwayLeavesNoQuiet) {
    it_is(12);
    begin();
    plan_.scenes[0].scene = "evening";
    turn();
    EXPECT_EQ(tempo(), 130.0);
    it_is(23);
    turn();
    EXPECT_FALSE(plays());
    plan_ = {};
    turn();
    EXPECT_TRUE(plays());
}

}  // namespace
}  // namespace fusion
