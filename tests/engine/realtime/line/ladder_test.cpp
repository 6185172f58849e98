// neural, n-gram, repeat of the last bar, rest: who plays when inference is slow, failing or gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

std::size_t made_by(const std::vector<Step>& line, Rung rung) {
    return static_cast<std::size_t>(
        std::count_if(line.begin(), line.end(), [&](const Step& s) { return s.rung == rung; }));
}

TEST(Ladder, AFailingNeuralGeneratorIsReplacedAndTriedAgain) {
    EngineRig rig;
    rig.run_for(seconds{2});
    bool broken = true;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        if (broken) return fail(Error::Code::io, "the network is on fire");
        return {};
    });
    rig.run_for(seconds{20});
    EXPECT_GT(made_by(rig.line(), Rung::ngram), 10U);
    EXPECT_EQ(rig.meters.rung.load(), Rung::ngram);
    const auto errors = rig.meters.generator_errors.load();
    EXPECT_GT(errors, 1U) << "it was tried again";
    EXPECT_LT(errors, 15U) << "but not for every step";
    broken = false;
    rig.run_for(seconds{60});
    EXPECT_EQ(rig.meters.rung.load(), Rung::neural);
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_THAT(rig.fallback.breaches(), IsEmpty());
}

TEST(Ladder, ANeuralGeneratorSlowerThanTheMusicSharesTheLineWithTheFallback) {
    EngineRig rig;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        rig.clock_for(milliseconds{400});
        return {};
    });
    rig.run_for(seconds{120});
    rig.finish();
    EXPECT_GT(made_by(rig.line(), Rung::ngram), 10U);
    EXPECT_GT(made_by(rig.line(), Rung::neural), 10U);
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_THAT(rig.fallback.breaches(), IsEmpty());
}

// The rung of a step that the planner makes so long before it is due, the clock asleep since the
// step before.
Rung made_before_due(Nanos before) {
    EngineRig rig{{.horizon_steps = 2}};
    rig.neural.use_one_duration(Cells{12});
    rig.fallback.use_one_duration(Cells{12});
    rig.run_for(seconds{4});
    rig.hold_planner();
    const auto planned = rig.planner.planned_ahead();
    const auto last = rig.line().size() + planned;
    EXPECT_TRUE(rig.run_until([&] { return rig.line().size() == last; }));
    rig.time.sleep_until(rig.core.time_at(rig.line().back().end()) - before);
    rig.plan();
    rig.release_planner();
    rig.run_for(seconds{1});
    return rig.line().at(last).rung;
}

TEST(Ladder, TimeGoesOnForThePlannerWhileTheClockSleeps) {
    EXPECT_EQ(made_before_due(milliseconds{200}), Rung::neural);
    EXPECT_EQ(made_before_due(milliseconds{3}), Rung::ngram);
}

TEST(Ladder, AfterOneLongHiccupTheNetworkComesBack) {
    EngineRig rig;
    bool hiccup = false;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        if (hiccup) rig.clock_for(seconds{5});
        hiccup = false;
        return {};
    });
    rig.run_for(seconds{10});
    hiccup = true;
    rig.run_for(seconds{60});
    EXPECT_FALSE(hiccup);
    EXPECT_EQ(rig.meters.rung.load(), Rung::neural);
    EXPECT_EQ(rig.neural.next_index(), rig.planner.first_uncommitted() + 16);
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST(Ladder, TheFallbackHasBeenToldWhatTheNetworkPlayed) {
    EngineRig rig;
    rig.run_for(seconds{10});
    rig.neural.before_each(
        [](const StepRequest&) -> Status { return fail(Error::Code::io, "gone"); });
    rig.run_for(seconds{6});
    EXPECT_GE(rig.fallback.told(), Voice::kMostTold);
    EXPECT_GT(rig.fallback.made(), 0U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
}

TEST(Ladder, WithoutAnyStepTheLastBarIsRepeatedOnceThenThereIsSilence) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    rig.run_for(seconds{8});
    rig.hold_planner();
    ASSERT_TRUE(rig.run_until([&] { return rig.meters.underruns.load() == 1; }));
    const auto line = rig.line();
    ASSERT_GT(line.size(), 8U);
    rig.run_for(seconds{3});
    EXPECT_EQ(rig.meters.rung.load(), Rung::silence);
    std::vector<Step> repeats;
    for (const auto& event : rig.played())
        if (event.kind == PlayedEvent::Kind::step && event.step.rung == Rung::repeat)
            repeats.push_back(event.step);
    ASSERT_EQ(repeats.size(), 4U) << "a 4/4 bar of quarter notes";
    for (std::size_t i = 0; i < 4; ++i) {
        const auto& original = line[line.size() - 4 + i];
        EXPECT_EQ(repeats[i].pitch, original.pitch);
        EXPECT_EQ(repeats[i].start, original.start + beats(4));
    }
    const auto sent = rig.sink.messages().size();
    rig.run_for(seconds{10});
    EXPECT_EQ(rig.sink.messages().size(), sent) << "then silence";
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 1U) << "one underrun is counted once";
}

TEST(Ladder, AfterAnUnderrunTheLineGoesOnAtABeat) {
    for (const int away_ms : {1, 130, 700, 1999, 2600, 9000}) {
        EngineRig rig;
        rig.run_for(seconds{8});
        rig.hold_planner();
        ASSERT_TRUE(rig.run_until([&] { return rig.meters.underruns.load() == 1; }));
        const auto before = rig.line().size();
        rig.run_for(milliseconds{away_ms});
        rig.release_planner();
        rig.run_for(seconds{6});
        rig.finish();
        const auto line = rig.line();
        ASSERT_GT(line.size(), before + 2) << away_ms;
        EXPECT_EQ(line[before].start.count() % kTicksPerBeat.count(), 0) << away_ms;
        EXPECT_THAT(faults_of_line(line, 1), IsEmpty()) << away_ms;
        EXPECT_THAT(faults(rig.sink.messages()), IsEmpty()) << away_ms;
        EXPECT_EQ(rig.meters.underruns.load(), 1U) << away_ms;
    }
}

TEST(Ladder, AStepThatComesAfterItsTimeIsLeftOutAndCounted) {
    EngineRig rig;
    rig.run_for(seconds{4});
    // The generator takes so long that the clock runs dry while one step is made.
    bool slow = true;
    rig.neural.before_each([&](const StepRequest& request) -> Status {
        if (!slow || request.forced) return {};
        slow = false;
        rig.clock_for(seconds{40});
        return {};
    });
    rig.run_for(seconds{50});
    rig.finish();
    EXPECT_EQ(rig.meters.underruns.load(), 1U);
    EXPECT_GE(rig.meters.late_steps.load(), 1U);
    EXPECT_EQ(rig.count(PlayedEvent::Kind::late_step), rig.meters.late_steps.load());
    EXPECT_THAT(faults_of_line(rig.line(), 1), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_GT(rig.line().back().start, beats(80));
}

TEST(Ladder, WithoutAFallbackAFailureIsARepeatThenSilenceAndItComesBack) {
    EngineRig rig{{.with_fallback = false}};
    rig.run_for(seconds{4});
    bool broken = true;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        if (broken) return fail(Error::Code::io, "gone");
        return {};
    });
    rig.run_for(seconds{20});
    EXPECT_TRUE(rig.planner.error().has_value());
    EXPECT_EQ(rig.meters.rung.load(), Rung::silence);
    broken = false;
    rig.run_for(seconds{5});
    rig.finish();
    EXPECT_FALSE(rig.planner.error().has_value());
    EXPECT_EQ(rig.meters.rung.load(), Rung::neural);
    EXPECT_THAT(faults_of_line(rig.line(), 1), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
}

TEST(Ladder, ControlsActThroughTheFallbackToo) {
    EngineRig rig;
    rig.neural.before_each(
        [](const StepRequest&) -> Status { return fail(Error::Code::io, "gone"); });
    rig.params.set(ParamId::ramp, 0.0).value();
    rig.run_for(seconds{4});
    const auto before = rig.line().size();
    rig.params.set_weight(1, 10.0).value();
    const auto revision = rig.params.current().revision;
    rig.run_for(seconds{4});
    ASSERT_GT(rig.line().size(), before);
    EXPECT_GE(rig.line()[before].revision, revision);
}

}  // namespace
}  // namespace fusion::test
