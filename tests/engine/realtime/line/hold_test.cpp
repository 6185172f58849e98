// What `hold` repeats, from where on, and how the line goes on afterwards.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/engine/realtime/line/loop_faults.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::IsEmpty;

TEST(Hold, RepeatsTheLastBarsFromTheVeryNextNote) {
    for (const int bars : {1, 2, 4}) {
        EngineRig rig;
        set_loop_bars(rig, bars);
        rig.run_for(seconds{12});
        hold(rig);
        const auto from = rig.line().size();
        rig.run_for(seconds{40});
        const auto line = rig.line();
        EXPECT_THAT(faults_of_loop(line, from, kBar * bars), IsEmpty()) << bars;
        EXPECT_THAT(faults_of_line(line), IsEmpty());
        EXPECT_EQ(line[from].revision, rig.params.current().revision) << "the very next note";
        const auto begin = line[from].start;
        EXPECT_EQ(notes_in(line, begin - kBar * bars, begin),
                  notes_in(line, begin, begin + kBar * bars))
            << "all that began in the loop comes again";
        EXPECT_GT(notes_in(line, begin, begin + kBar * bars), 2U * bars);
        EXPECT_EQ(rig.meters.underruns.load(), 0U);
    }
}

TEST(Hold, AsksNoGeneratorAndLetsTheLineGoOnFromTheVeryNextNote) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    hold(rig);
    rig.run_for(seconds{1});
    const auto made = rig.neural.made();
    rig.run_for(seconds{20});
    EXPECT_EQ(rig.neural.made(), made);

    const auto from = rig.line().size();
    EXPECT_EQ(rig.neural.next_index(), from) << "it was told the copies meanwhile";
    std::vector<StepRequest> asked;
    rig.neural.before_each([&](const StepRequest& request) {
        asked.push_back(request);
        return Status{};
    });
    release(rig);
    rig.run_for(seconds{10});
    const auto line = rig.line();
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.front().index, from);
    EXPECT_FALSE(asked.front().forced) << "the first free step comes at once";
    EXPECT_EQ(line[from].revision, rig.params.current().revision);
    EXPECT_GT(faults_of_loop(line, from, kBar).size(), 4U) << "something new";
    EXPECT_THAT(faults_of_line(line), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_EQ(rig.fallback.made(), 0U);
}

TEST(Hold, TheGeneratorIsToldTheCopiesAsTheyWere) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    std::map<std::uint32_t, EventId> told;
    rig.neural.before_each([&](const StepRequest& request) {
        if (request.forced) told[request.index] = *request.forced;
        return Status{};
    });
    hold(rig);
    const auto from = rig.line().size();
    rig.run_for(seconds{10});
    const auto line = rig.line();
    ASSERT_GT(told.size(), 10U);
    for (const auto& [index, event] : told) {
        ASSERT_GE(index, from);
        EXPECT_EQ(event, line.at(index).event);
    }
}

TEST(Hold, WithoutAWholeBarTheLineGoesOnUntilThereIsOneAndLoopsThat) {
    EngineRig rig;
    hold(rig);
    set_loop_bars(rig, 4);
    rig.run_for(seconds{30});
    const auto line = rig.line();
    ASSERT_GT(line.size(), 30U);
    EXPECT_GT(notes_in(line, Ticks{0}, kBar), 1U);
    EXPECT_THAT(faults_of_loop(line, first_from(line, kBar), kBar), IsEmpty());
    EXPECT_THAT(faults_of_line(line), IsEmpty());
}

TEST(Hold, OfMoreBarsThanThereAreTakesTheWholeOnes) {
    EngineRig rig;
    set_loop_bars(rig, 16);
    ASSERT_TRUE(rig.run_until([&] {
        const auto line = rig.line();
        return !line.empty() && line.back().start > beats(13);
    }));
    hold(rig);
    const auto from = rig.line().size();
    rig.run_for(seconds{30});
    EXPECT_THAT(faults_of_loop(rig.line(), from, kBar * 3), IsEmpty());
}

TEST(Hold, ControlsActOnTheLoopAndNotOnItsTimes) {
    EngineRig rig;
    set_loop_bars(rig, 2);
    rig.run_for(seconds{10});
    hold(rig);
    rig.run_for(seconds{6});
    const auto plain = rig.line();
    rig.params.set(ParamId::transpose, 5).value();
    rig.params.set(ParamId::velocity, 48).value();
    rig.params.set(ParamId::gate, 0.5).value();
    rig.params.set(ParamId::humanise, 1.0).value();
    const auto from = plain.size();
    rig.run_for(seconds{20});
    const auto line = rig.line();
    std::map<Ticks, Step> at;
    for (const auto& step : line) at[step.start] = step;
    std::size_t leaning = 0;
    for (std::size_t i = from; i < line.size(); ++i) {
        ASSERT_TRUE(at.contains(line[i].start - kBar * 2)) << i;
        const auto& before = at[line[i].start - kBar * 2];
        EXPECT_EQ(line[i].duration, before.duration);
        if (line[i].kind == StepKind::rest) continue;
        EXPECT_EQ(line[i].event, before.event);
        EXPECT_EQ(line[i].pitch.count(), rig.neural.vocabulary()[line[i].event].pitch->count() + 5);
        EXPECT_EQ(line[i].gate.count(), line[i].duration.count() / 2);
        EXPECT_NEAR(line[i].velocity.count(), 48, 16);
        if (before.index >= from && before.lean != line[i].lean) ++leaning;
    }
    EXPECT_GT(leaning, 5U) << "no two rounds are played alike";
}

TEST(Hold, PlaysOnWithAllWeightsAtZero) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.params.set(ParamId::ramp, 0.0).value();
    rig.run_for(seconds{8});
    hold(rig);
    const auto from = rig.line().size();
    rig.run_for(seconds{4});
    ASSERT_TRUE(rig.params.set_weights({0.0, 0.0, 0.0}));
    rig.run_for(seconds{10});
    EXPECT_THAT(faults_of_loop(rig.line(), from, kBar), IsEmpty());
    const auto silent_from = rig.line().size();
    release(rig);
    rig.run_for(seconds{4});
    const auto line = rig.line();
    for (std::size_t i = silent_from; i < line.size(); ++i)
        EXPECT_EQ(line[i].kind, StepKind::rest) << i;
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST(Hold, ALoopOfSilenceIsAsLongAsItIsWhateverTheLongestRest) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.params.set(ParamId::ramp, 0.0).value();
    rig.run_for(seconds{4});
    ASSERT_TRUE(rig.params.set_weights({0.0, 0.0, 0.0}));
    rig.run_for(seconds{5});
    hold(rig);
    ASSERT_TRUE(rig.params.set_weights({5.0, 5.0, 5.0}));
    rig.params.set(ParamId::longest_rest, 1.0).value();
    const auto from = rig.line().size();
    rig.run_for(seconds{10});
    const auto line = rig.line();
    ASSERT_GT(line.size(), from + 10);
    for (std::size_t i = from; i < line.size(); ++i) EXPECT_EQ(line[i].kind, StepKind::rest);
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
}

TEST(Hold, AnotherLengthOrMetreWhileHeldLoopsWhatWasHeardLast) {
    EngineRig rig;
    set_loop_bars(rig, 4);
    rig.run_for(seconds{12});
    hold(rig);
    rig.run_for(seconds{10});
    auto from = rig.line().size();
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    EXPECT_THAT(faults_of_loop(rig.line(), from, kBar), IsEmpty());
    from = rig.line().size();
    rig.params.set(ParamId::meter_numerator, 3).value();
    rig.run_for(seconds{8});
    EXPECT_THAT(faults_of_loop(rig.line(), from, beats(3)), IsEmpty());
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
}

TEST(Hold, LoopBarsAloneDoNotMakeTheLineAgain) {
    EngineRig rig;
    rig.run_for(seconds{5});
    const auto made = rig.neural.made();
    set_loop_bars(rig, 7);
    rig.plan();
    EXPECT_EQ(rig.neural.made(), made);
}

TEST(Hold, IsExactForAnHourInEveryMetre) {
    for (const auto& [numerator, denominator] : {std::pair{4, 4}, {7, 8}, {5, 16}, {3, 2}}) {
        EngineRig rig{{.poll = milliseconds{50}}};
        rig.params.set(ParamId::meter_numerator, numerator).value();
        rig.params.set(ParamId::meter_denominator, denominator).value();
        set_loop_bars(rig, 3);
        rig.run_for(seconds{40});
        hold(rig);
        const auto from = rig.line().size();
        rig.run_for(std::chrono::hours{1});
        const Ticks length{3 * 3840 * numerator / denominator};
        const auto line = rig.line();
        EXPECT_THAT(faults_of_loop(line, from, length), IsEmpty()) << numerator;
        EXPECT_THAT(faults_of_line(line), IsEmpty());
        EXPECT_GT(line.back().start, beats(7000));
        EXPECT_LE(rig.neural.snapshots(), 64U);
    }
}

TEST(Hold, ThatComesTooLateForTheNextNotesLoopsThemToo) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{6});
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    const auto before = rig.line().size();
    hold(rig);
    rig.hold_planner();
    ASSERT_TRUE(rig.run_until([&] { return rig.line().size() == before + 2; }));
    rig.release_planner();
    rig.run_for(seconds{12});
    const auto line = rig.line();
    EXPECT_LT(line[before + 1].revision, rig.params.current().revision);
    EXPECT_THAT(faults_of_loop(line, before + 2, kBar), IsEmpty());
    EXPECT_THAT(faults_of_line(line), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

// The first copy is made but cannot be sent: the clock has an older make in the queue and plays it.
TEST(Hold, OvertakenByTheClockLoopsWhatWasPlayed) {
    EngineRig rig{{.steps_in_flight = 2}};
    rig.neural.use_one_duration(Cells{6});
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    const auto before = rig.line().size();
    rig.params.set_weight(0, 9.0).value();
    rig.planner.advance();
    rig.planner.advance();
    const auto turned = rig.params.current().revision;
    hold(rig);
    rig.planner.advance();
    while (rig.line().size() == before) rig.clock_turn();
    rig.run_for(seconds{12});
    const auto line = rig.line();
    EXPECT_EQ(line[before].revision, turned) << "not yet a copy";
    EXPECT_GT(line[before + 1].revision, turned);
    EXPECT_THAT(faults_of_loop(line, before + 1, kBar), IsEmpty());
    EXPECT_THAT(faults_of_line(line), IsEmpty());
}

TEST(Hold, RacesOfCopiesWithTheClockLeaveTheLineRight) {
    EngineRig rig{{.steps_in_flight = 2}};
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    for (int round = 0; round < 100; ++round) {
        rig.params.set(ParamId::hold, round % 2).value();
        for (int i = 0; i < 5; ++i) {
            rig.planner.advance();
            const auto wanted = rig.line().size() + static_cast<std::size_t>(round % 3);
            while (rig.line().size() < wanted) rig.clock_turn();
        }
        rig.run_for(milliseconds{300});
    }
    rig.finish();
    EXPECT_THAT(faults_of_line(rig.line()), IsEmpty());
    EXPECT_THAT(faults(rig.sink.messages()), IsEmpty());
    EXPECT_THAT(rig.neural.breaches(), IsEmpty());
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

TEST(Hold, AnUnderrunIsHeardOnceAndTheLoopIsWhereItWas) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.run_for(seconds{8});
    hold(rig);
    rig.run_for(seconds{4});
    const auto from = rig.line().size();
    rig.hold_planner();
    ASSERT_TRUE(rig.run_until([&] { return rig.meters.underruns.load() == 1; }));
    rig.run_for(milliseconds{700});
    rig.release_planner();
    rig.run_for(seconds{20});
    const auto line = rig.line();
    EXPECT_THAT(faults_of_line(line, 1), IsEmpty());
    // From one whole round after the gap on, all is as it was before it.
    std::map<std::int64_t, Step> round;
    for (std::size_t i = from; i > 0 && line[i].start + kBar > line[from].start; --i)
        round[line[i].start.count() % kBar.count()] = line[i];
    const auto gap = std::adjacent_find(
        line.begin(), line.end(), [](const auto& a, const auto& b) { return a.end() != b.start; });
    ASSERT_NE(gap, line.end());
    std::size_t compared = 0;
    for (const auto& step : line) {
        if (step.start < gap->end() + kBar * 2) continue;
        const auto was = round.find(step.start.count() % kBar.count());
        ASSERT_NE(was, round.end()) << step.index;
        EXPECT_TRUE(same_music(step, was->second)) << step.index;
        ++compared;
    }
    EXPECT_GT(compared, 10U);
}

TEST(Hold, ALoopOverAnUnderrunRestsThereAndCanBeLetGoOf) {
    EngineRig rig;
    set_loop_bars(rig, 8);
    rig.run_for(seconds{8});
    rig.hold_planner();
    rig.run_for(seconds{40});
    rig.release_planner();
    rig.run_for(seconds{2});
    hold(rig);
    const auto from = rig.line().size();
    rig.run_for(seconds{40});
    const auto line = rig.line();
    for (std::size_t i = from; i < line.size(); ++i) EXPECT_LE(line[i].duration, beats(4));
    EXPECT_THAT(faults_of_loop(line, from, line.size(), kBar * 8, 20), IsEmpty());
    EXPECT_GT(notes_in(line, line[from].start, line.back().end()), 2U);
    EXPECT_THAT(faults_of_line(line, 1), IsEmpty());
}

TEST(Hold, ARestartWhileHeldLoopsTheFirstBarOfTheNewLine) {
    EngineRig rig;
    set_loop_bars(rig, 2);
    rig.run_for(seconds{10});
    hold(rig);
    rig.run_for(seconds{3});
    const auto before = rig.line().size();
    rig.params.act(ActionId::restart).value();
    rig.run_for(seconds{20});
    auto line = rig.line();
    line.erase(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(before));
    ASSERT_EQ(line.front().start, Ticks{0});
    EXPECT_THAT(faults_of_loop(line, first_from(line, kBar), kBar), IsEmpty());
    EXPECT_THAT(faults_of_line(line), IsEmpty());
}

TEST(Hold, CarriesThePartsAndTheBlendOfTheOriginal) {
    EngineRig rig;
    set_loop_bars(rig, 1);
    rig.params.set(ParamId::ramp, 0.0).value();
    rig.run_for(seconds{8});
    hold(rig);
    const auto from = rig.line().size();
    ASSERT_TRUE(rig.params.set_weights({0.0, 9.0, 0.0}));
    rig.run_for(seconds{10});
    std::map<Ticks, PlayedEvent> at;
    std::size_t compared = 0;
    for (const auto& event : rig.played()) {
        if (event.kind != PlayedEvent::Kind::step) continue;
        at[event.step.start] = event;
        const auto original = at.find(event.step.start - kBar);
        if (event.step.index < from || original == at.end()) continue;
        EXPECT_EQ(event.parts, original->second.parts);
        EXPECT_EQ(event.weights, original->second.weights);
        ++compared;
    }
    EXPECT_GT(compared, 10U);
}

}  // namespace
}  // namespace fusion::test
