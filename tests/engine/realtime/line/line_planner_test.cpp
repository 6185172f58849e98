// What a control change does to the line, and what it leaves alone. The planner and the clock run
// turn by turn under simulated time.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

TEST(LinePlanner, FillsTheHorizonAndNoMore) {
    EngineRig rig{{.horizon_steps = 12}};
    rig.plan();
    EXPECT_EQ(rig.planner.planned_ahead(), 12U);
    EXPECT_EQ(rig.neural.made(), 12U);
    rig.clock_turn();
    EXPECT_EQ(rig.meters.horizon_depth.load(), 11U) << "the first step is committed";
    EXPECT_TRUE(rig.meters.ready.load());
}

TEST(LinePlanner, PlaysAContiguousLineWithEveryNoteEnded) {
    EngineRig rig;
    rig.run_for(seconds{30});
    rig.finish();
    EXPECT_GT(rig.line().size(), 60U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
    EXPECT_EQ(rig.fallback.made(), 0U);
}

TEST(LinePlanner, AChangeOfWeightsChangesTheNextStepAndNothingBeforeIt) {
    EngineRig changed;
    EngineRig untouched;
    ASSERT_TRUE(changed.params.set(ParamId::ramp, 0.0));
    ASSERT_TRUE(untouched.params.set(ParamId::ramp, 0.0));
    changed.run_for(seconds{5});
    untouched.run_for(seconds{5});
    const auto before = changed.line().size();
    ASSERT_TRUE(changed.params.set_weight(1, 9.0));
    const auto revision = changed.params.current().revision;
    changed.run_for(seconds{5});
    untouched.run_for(seconds{5});

    const auto with = changed.line();
    const auto without = untouched.line();
    ASSERT_GT(with.size(), before + 3);
    for (std::size_t i = 0; i < before; ++i) EXPECT_EQ(with[i], without[i]);
    EXPECT_GE(with[before].revision, revision);
    EXPECT_LT(with[before - 1].revision, revision);
    std::size_t different = 0;
    for (std::size_t i = before; i < std::min(with.size(), without.size()); ++i)
        if (with[i].event != without[i].event) ++different;
    EXPECT_GT(different, 2U);
}

TEST(LinePlanner, AChangeThatIsTakenBackBeforeTheNextStepLeavesTheMusicAsItWas) {
    EngineRig turned;
    EngineRig untouched;
    turned.run_for(seconds{5});
    untouched.run_for(seconds{5});
    ASSERT_TRUE(turned.params.set(ParamId::temperature, 2.0));
    turned.plan();
    ASSERT_TRUE(turned.params.set(ParamId::temperature, spec(ParamId::temperature).initial));
    turned.run_for(seconds{5});
    untouched.run_for(seconds{5});
    const auto a = turned.line();
    const auto b = untouched.line();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].event, b[i].event) << i;
}

TEST(LinePlanner, RestsInARowAreToldHowLongTheLineMayStillBeSilent) {
    EngineRig rig;
    ASSERT_TRUE(rig.params.set(ParamId::longest_rest, 2.5));
    std::vector<StepRequest> requests;
    rig.neural.before_each([&](const StepRequest& request) {
        requests.push_back(request);
        return Status{};
    });
    rig.run_for(seconds{20});
    const auto line = rig.line();
    std::size_t after_rests = 0;
    Ticks silent{0};
    for (const Step& step : line) {
        const auto asked = std::find_if(requests.rbegin(), requests.rend(),
                                        [&](const auto& r) { return r.index == step.index; });
        ASSERT_NE(asked, requests.rend());
        const auto left = std::max(Ticks{0}, Ticks{2400} - silent);
        EXPECT_EQ(to_ticks(asked->longest_rest), left) << "step " << step.index;
        after_rests += silent > Ticks{0} ? 1U : 0U;
        silent = step.kind == StepKind::note ? Ticks{0} : silent + step.duration;
    }
    EXPECT_GT(after_rests, 3U);
}

TEST(LinePlanner, TempoAndChannelDoNotMakeTheLineAgain) {
    EngineRig rig;
    rig.run_for(seconds{2});
    const auto made = rig.neural.made();
    ASSERT_TRUE(rig.params.set(ParamId::tempo, 90.0));
    ASSERT_TRUE(rig.params.set(ParamId::channel, 5));
    rig.plan();
    EXPECT_EQ(rig.neural.made(), made);
}

// What follows from the model: each turned knob is in force for the first step that is not yet
// played.
class SamplingControl : public testing::TestWithParam<std::pair<ParamId, double>> {};

TEST_P(SamplingControl, ActsByTheNextStepAndOnNoneBefore) {
    const auto [id, value] = GetParam();
    EngineRig rig;
    std::vector<std::pair<std::uint32_t, SamplingSettings>> asked;
    rig.neural.before_each([&](const StepRequest& request) -> Status {
        asked.emplace_back(request.index, request.sampling);
        return {};
    });
    rig.run_for(seconds{3});
    const auto before = rig.line().size();
    const auto settings = LineSettings::of(rig.params.current()).sampling;
    ASSERT_TRUE(rig.params.set(id, value));
    const auto revision = rig.params.current().revision;
    const auto turned = LineSettings::of(rig.params.current()).sampling;
    ASSERT_NE(turned, settings);
    asked.clear();
    rig.run_for(seconds{3});
    ASSERT_GT(rig.line().size(), before);
    EXPECT_LT(rig.line()[before - 1].revision, revision);
    EXPECT_EQ(rig.line()[before].revision, revision);
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.front().first, before) << "the first step that is not yet played is made anew";
    for (const auto& [index, sampling] : asked) EXPECT_EQ(sampling, turned) << "step " << index;
}

INSTANTIATE_TEST_SUITE_P(
    Every, SamplingControl,
    testing::Values(std::pair{ParamId::temperature, 2.0}, std::pair{ParamId::top_p, 0.5},
                    std::pair{ParamId::decision, 1.0}, std::pair{ParamId::coupling, 0.0},
                    std::pair{ParamId::guidance, 3.0}, std::pair{ParamId::density, 0.5},
                    std::pair{ParamId::rests, -0.5}),
    [](const auto& of) { return std::string{spec(of.param.first).name}; });

TEST(LinePlanner, TheSeedActsByTheNextStep) {
    EngineRig rig;
    rig.run_for(seconds{3});
    const auto before = rig.line().size();
    ASSERT_TRUE(rig.params.set(ParamId::seed, 77));
    const auto revision = rig.params.current().revision;
    rig.run_for(seconds{3});
    ASSERT_GT(rig.line().size(), before);
    EXPECT_EQ(rig.line()[before].revision, revision);
}

TEST(LinePlanner, AllWeightsZeroIsARestToTheNextBeat) {
    EngineRig rig;
    ASSERT_TRUE(rig.params.set(ParamId::ramp, 0.0));
    rig.run_for(seconds{3});
    ASSERT_TRUE(rig.params.set_weights({0.0, 0.0, 0.0}));
    const auto before = rig.line().size();
    rig.run_for(seconds{4});
    const auto line = rig.line();
    ASSERT_GT(line.size(), before + 4);
    for (std::size_t i = before; i < line.size(); ++i) {
        EXPECT_EQ(line[i].kind, StepKind::rest);
        EXPECT_EQ(line[i].end().count() % kTicksPerBeat.count(), 0);
        EXPECT_LE(line[i].duration, kTicksPerBeat);
    }
    ASSERT_TRUE(rig.params.set_weight(0, 5.0));
    rig.sink.clear();
    rig.run_for(seconds{4});
    EXPECT_THAT(rig.sink.notes_on(), testing::Not(IsEmpty())) << "the line comes back";
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST(LinePlanner, ALateTailPlaysTheOldStepAndTheLineGoesOnFromIt) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{6});
    rig.run_for(seconds{2});
    const auto before = rig.line().size();
    ASSERT_TRUE(rig.params.set_weight(2, 10.0));
    const auto revision = rig.params.current().revision;
    rig.hold_planner();
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() == before + 2; }));
    rig.release_planner();
    rig.run_for(seconds{3});
    const auto line = rig.line();
    EXPECT_LT(line[before].revision, revision);
    EXPECT_LT(line[before + 1].revision, revision);
    EXPECT_GE(line[before + 2].revision, revision);
    EXPECT_THAT(faults_of_line(line), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

// The race: the new tail is on its way while the clock commits the old step, whose duration may be
// another than the new one's. The old step is the truth; the tail is made again to follow it.
TEST(LinePlanner, AStepCommittedInAnOlderMakeBecomesTheTruthOfTheLine) {
    EngineRig rig;
    bool racing = false;
    std::size_t races = 0;
    rig.neural.before_each([&](const StepRequest& request) -> Status {
        if (!racing || request.forced) return {};
        racing = false;
        // The clock commits one to three old steps while the new first one is being made.
        const auto wanted = rig.line().size() + 1 + races++ % 3;
        while (rig.line().size() < wanted) rig.clock_turn();
        return {};
    });
    rig.run_for(seconds{2});
    for (int round = 0; round < 200; ++round) {
        rig.params.set_weight(static_cast<std::size_t>(round % 3), 1.0 + round % 9).value();
        racing = true;
        rig.run_for(milliseconds{700});
    }
    rig.finish();
    EXPECT_EQ(races, 200U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_GT(rig.neural.told(), 200U) << "committed events were given to the generator as forced";
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

TEST(LinePlanner, ARampBeginsWithTheStepThatObeysItAlsoWhereItWasSeenSooner) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    rig.run_for(milliseconds{3200});
    // While the next step is made anew the clock plays it as it was.
    bool slow = true;
    std::optional<std::uint32_t> seen;
    rig.neural.before_each([&](const StepRequest& request) -> Status {
        if (!std::exchange(slow, false)) return {};
        seen = request.index;
        rig.clock_for(milliseconds{400});
        return {};
    });
    ASSERT_TRUE(rig.params.set_weight(0, 9.0, 4.0));
    rig.run_for(milliseconds{1500});
    ASSERT_TRUE(seen);
    const auto weight_of = [&](std::uint32_t index) {
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step && event.step.index == index)
                return event.weights.value[0];
        return -1.0F;
    };
    EXPECT_FLOAT_EQ(weight_of(*seen), 5.0F) << "the clock was quicker";
    EXPECT_FLOAT_EQ(weight_of(*seen + 1), 6.0F) << "a beat of four after the last that did not";
    rig.finish();
}

TEST(LinePlanner, TheClockSaysFromWhereOnItObeysARevisionAndWhatSounds) {
    EngineRig rig;
    rig.run_for(seconds{3});
    ASSERT_TRUE(rig.params.set(ParamId::mute, 1));
    const auto revision = rig.params.current().revision;
    rig.run_for(seconds{3});
    const auto& events = rig.played();
    const auto obeyed = std::find_if(events.begin(), events.end(), [&](const PlayedEvent& event) {
        return event.kind == PlayedEvent::Kind::obeyed && event.step.revision == revision;
    });
    ASSERT_NE(obeyed, events.end());
    EXPECT_NEAR(static_cast<double>(obeyed->tick.count()), 6 * 960.0, 8.0);
    const auto sounds = [](const PlayedEvent& event) { return event.sounds; };
    EXPECT_TRUE(std::any_of(events.begin(), obeyed, sounds));
    EXPECT_TRUE(std::none_of(obeyed, events.end(), sounds));
    rig.finish();
}

TEST(LinePlanner, AKnobInMotionDoesNotStarveTheLine) {
    EngineRig rig;
    rig.neural.before_each([&](const StepRequest&) -> Status {
        rig.clock_for(milliseconds{20});
        return {};
    });
    rig.run_for(seconds{1});
    // A new value before every piece of the planner's work, for a simulated minute.
    int value = 0;
    const auto end = rig.time.now() + seconds{60};
    while (rig.time.now() < end) {
        rig.params.set_weight(0, (value++ % 100) / 10.0).value();
        rig.planner.advance();
        rig.clock_turn();
    }
    rig.finish();
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    // And it is the newest values that are heard: the line is never more than some steps behind.
    EXPECT_GT(rig.line().back().revision + 200, rig.params.current().revision);
}

TEST(LinePlanner, ASweepWhileTheTransportStandsKeepsMemorySmallAndTheLineRight) {
    EngineRig rig{{.steps_in_flight = 32}};
    rig.run_for(seconds{1});
    rig.params.act(ActionId::stop);
    rig.run_for(milliseconds{10});
    for (int i = 0; i < 5000; ++i) {
        rig.params.set_weight(1, i % 10).value();
        rig.planner.advance();
        if (i % 3 == 0) rig.clock_turn();
    }
    rig.params.act(ActionId::play);
    rig.run_for(seconds{5});
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_LE(rig.neural.snapshots(), 2U * 16U);
}

TEST(LinePlanner, AFullQueueLosesNothing) {
    EngineRig rig{{.steps_in_flight = 3}};
    rig.run_for(seconds{20});
    rig.finish();
    EXPECT_GT(rig.line().size(), 30U);
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

TEST(LinePlanner, RestartBeginsTheSameMusicAgain) {
    EngineRig rig;
    rig.run_for(seconds{6});
    const auto first = rig.line();
    rig.params.act(ActionId::restart);
    rig.run_for(seconds{6});
    const auto both = rig.line();
    const auto again = std::find_if(both.begin() + static_cast<std::ptrdiff_t>(first.size()),
                                    both.end(), [](const Step& s) { return s.index == 0; });
    ASSERT_NE(again, both.end());
    EXPECT_EQ(again->start, Ticks{0});
    const auto length = std::min(first.size(), static_cast<std::size_t>(both.end() - again));
    ASSERT_GT(length, 5U);
    for (std::size_t i = 0; i < length; ++i) {
        EXPECT_EQ(again[static_cast<std::ptrdiff_t>(i)].event, first[i].event);
        EXPECT_EQ(again[static_cast<std::ptrdiff_t>(i)].start, first[i].start);
    }
}

TEST(LinePlanner, TransposeGateAndVelocityShapeTheNextNote) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    rig.run_for(seconds{2});
    rig.params.set(ParamId::transpose, 36).value();
    rig.params.set(ParamId::gate, 0.5).value();
    rig.params.set(ParamId::velocity, 48).value();
    const auto before = rig.line().size();
    rig.run_for(seconds{2});
    const auto step = rig.line()[before];
    EXPECT_EQ(step.pitch.count(), rig.neural.vocabulary()[step.event].pitch->count() + 36);
    EXPECT_EQ(step.gate, Ticks{480});
    EXPECT_EQ(step.velocity, Velocity{48});
}

}  // namespace
}  // namespace fusion::test
