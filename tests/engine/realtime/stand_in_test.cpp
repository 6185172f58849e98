// The inference thread does not answer: the stand-in goes on with the line, and gives it back.
#include "engine/realtime/line/stand_in.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;

class StandInTest : public testing::TestWithParam<double> {
protected:
    explicit StandInTest(bool with_stand_in = true) : rig{{.with_stand_in = with_stand_in}} {
        rig.params.set(ParamId::tempo, GetParam()).value();
    }

    std::size_t steps_of(Rung rung) {
        std::size_t count = 0;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step && event.step.rung == rung) ++count;
        return count;
    }
    // The longest that no step covered, from the first one played to the last.
    Ticks longest_gap() {
        Ticks longest{0};
        Ticks covered{0};
        for (const auto& event : rig.played()) {
            if (event.kind != PlayedEvent::Kind::step) continue;
            longest = std::max(longest, event.step.start - covered);
            covered = std::max(covered, event.step.end());
        }
        return longest;
    }
    Step last_step() {
        Step last;
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step) last = event.step;
        return last;
    }
    void be_stuck_for(Nanos span) {
        rig.run_for(5s);
        rig.hold_planner();
        rig.run_for(span);
        rig.release_planner();
    }

    EngineRig rig;
};

TEST_P(StandInTest, TheLineGoesOnWithoutAHole) {
    be_stuck_for(20s);
    EXPECT_LE(longest_gap(), Ticks{0});
    EXPECT_GT(steps_of(Rung::ngram), 10U);
    EXPECT_EQ(steps_of(Rung::repeat), 0U);
    EXPECT_EQ(rig.meters.steps_bridged.load(), steps_of(Rung::ngram));
    EXPECT_THAT(rig.understudy.breaches(), IsEmpty());
}

TEST_P(StandInTest, TheLineComesBackWithinABeatAndNoNoteIsStuckOrDoubled) {
    be_stuck_for(20s);
    const auto bridged = steps_of(Rung::ngram);
    const auto own = steps_of(Rung::neural);
    rig.run_for(10s);
    EXPECT_LE(steps_of(Rung::ngram), bridged + 4);
    EXPECT_GT(steps_of(Rung::neural), own + 5);
    EXPECT_LE(longest_gap(), Ticks{0});
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST_P(StandInTest, ItObeysTheKnobsAndTheTransport) {
    be_stuck_for(10s);
    rig.hold_planner();
    rig.params.set_weight(1, 10.0).value();
    const auto revision = rig.params.current().revision;
    rig.run_for(3s);
    EXPECT_EQ(last_step().revision, revision);
    rig.params.act(ActionId::stop).value();
    rig.run_for(1s);
    const auto stood = rig.played().size();
    rig.run_for(1s);
    EXPECT_EQ(rig.played().size(), stood);
    rig.params.act(ActionId::play).value();
    const auto bridged = steps_of(Rung::ngram);
    rig.run_for(5s);
    EXPECT_GT(steps_of(Rung::ngram), bridged);
}

TEST_P(StandInTest, ARestartWhileTheLineIsStuckBeginsAtOnce) {
    be_stuck_for(20s);
    rig.hold_planner();
    rig.params.act(ActionId::restart).value();
    rig.run_for(1s);
    ASSERT_EQ(last_step().rung, Rung::ngram);
    EXPECT_LE(last_step().start, beats(10));
    rig.release_planner();
    rig.run_for(10s);
    EXPECT_EQ(last_step().rung, Rung::neural);
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_P(StandInTest, ALineThatNeverBeginsIsBegun) {
    rig.hold_planner();
    rig.run_for(5s);
    EXPECT_GT(steps_of(Rung::ngram), 0U);
    EXPECT_TRUE(rig.meters.ready.load());
}

TEST_P(StandInTest, ALineThatIsHeldWhileItIsStuckRepeatsWhatTheStandInWasTold) {
    rig.neural.use_one_duration(Cells{12});
    rig.understudy.use_one_duration(Cells{12});
    be_stuck_for(4s);
    rig.hold_planner();
    rig.params.set(ParamId::loop_bars, 1.0).value();
    rig.params.set(ParamId::hold, 1.0).value();
    const auto bridged = steps_of(Rung::ngram);
    rig.run_for(20s);
    EXPECT_GT(steps_of(Rung::ngram), bridged + 10);
    EXPECT_LE(longest_gap(), Ticks{0});
    rig.params.set(ParamId::hold, 0.0).value();
    rig.release_planner();
    rig.run_for(10s);
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_P(StandInTest, ALineThatIsHeldAlreadyIsRepeatedByTheStandInToo) {
    rig.neural.use_one_duration(Cells{6});
    rig.understudy.use_one_duration(Cells{6});
    rig.params.set(ParamId::loop_bars, 1.0).value();
    rig.run_for(5s);
    rig.params.set(ParamId::hold, 1.0).value();
    rig.run_for(5s);
    rig.hold_planner();
    rig.run_for(20s);
    EXPECT_GT(steps_of(Rung::ngram), 10U);
    rig.release_planner();
    rig.run_for(10s);
    rig.finish();
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST_P(StandInTest, AllWeightsAtZeroAreSilenceInTheBridgeToo) {
    be_stuck_for(10s);
    rig.hold_planner();
    rig.params.set_weights({0.0, 0.0, 0.0}).value();
    rig.run_for(2s);
    const auto notes = rig.meters.notes_on.load();
    rig.run_for(5s);
    EXPECT_EQ(rig.meters.notes_on.load(), notes);
    rig.params.set_weight(0, 5.0).value();
    rig.run_for(5s);
    EXPECT_GT(rig.meters.notes_on.load(), notes);
    EXPECT_THAT(rig.understudy.breaches(), IsEmpty());
}

// That nobody is stuck is not to be heard, nor whether somebody would stand in.
TEST_P(StandInTest, ARunThatIsNotStuckIsTheSameWithoutIt) {
    rig.run_for(30s);
    EXPECT_EQ(rig.understudy.made(), 0U);
    EngineRig alone;
    alone.params.set(ParamId::tempo, GetParam()).value();
    alone.run_for(30s);
    const auto& one = rig.sink.messages();
    const auto& other = alone.sink.messages();
    ASSERT_EQ(one.size(), other.size());
    for (std::size_t i = 0; i < one.size(); ++i) {
        ASSERT_EQ(one[i].message, other[i].message);
        ASSERT_EQ(one[i].deadline, other[i].deadline);
    }
}

class WithoutStandInTest : public StandInTest {
protected:
    WithoutStandInTest() : StandInTest{false} {}
};

// What the tests above would say of an engine that has none.
TEST_P(WithoutStandInTest, TheLineFallsSilentAfterOneBar) {
    be_stuck_for(20s);
    rig.run_for(5s);
    EXPECT_GT(longest_gap(), beats(8));
}

INSTANTIATE_TEST_SUITE_P(Tempos, StandInTest, testing::Values(120.0, 400.0));
INSTANTIATE_TEST_SUITE_P(Tempos, WithoutStandInTest, testing::Values(120.0, 400.0));

}  // namespace
}  // namespace fusion::test
