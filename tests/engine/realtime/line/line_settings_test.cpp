// How an event becomes a note: key, register, gate, loudness, the hand; and the genres' parts.
#include "engine/realtime/line/line_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <set>

#include "engine/realtime/line/line_writer.hpp"
#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

EventId event_of(const Vocabulary& vocabulary, std::optional<Pitch> pitch, int cells) {
    return vocabulary.find({pitch, Cells{cells}}).value();
}

LineSettings initial() {
    const SimulatedTime time;
    return LineSettings::of(ParamStore{{"jazz", "pop"}, time}.current());
}

GeneratedEvent quarter(int velocity) {
    GeneratedEvent made;
    made.event = event_of(small_vocabulary(), Pitch{60}, 12);
    made.velocity = static_cast<std::uint8_t>(velocity);
    made.proposals.fill(kNoProposal);
    return made;
}

Step written(const LineSettings& settings, int velocity = 96, std::uint32_t index = 0) {
    PlannedStep planned;
    planned.message.step.index = index;
    write_event(planned, quarter(velocity), Ticks{960}, small_vocabulary(), settings);
    return planned.message.step;
}

TEST(LineSettings, AtTheInitialSettingsANoteIsAsItWasMade) {
    for (int velocity = 1; velocity <= 127; ++velocity) {
        const auto step = written(initial(), velocity);
        EXPECT_EQ(step.velocity.count(), velocity);
        EXPECT_EQ(step.pitch, Pitch{60});
        EXPECT_EQ(step.lean, 0);
    }
}

TEST(LineSettings, AccentSpreadsOrLevelsTheNotesAroundTheVelocity) {
    auto settings = initial();
    settings.velocity = 60;
    const auto at = [&](double accent, int made) {
        settings.accent = accent;
        return static_cast<int>(written(settings, made).velocity.count());
    };
    EXPECT_EQ(at(0.0, 50), 60);
    EXPECT_EQ(at(0.0, 127), 60);
    EXPECT_EQ(at(1.0, 48), 30) << "half the level, as made";
    EXPECT_EQ(at(2.0, 72), 30) << "twice as far below";
    EXPECT_EQ(at(2.0, 112), 80);
    EXPECT_EQ(at(2.0, 1), 1) << "never silent";
    EXPECT_EQ(at(2.0, 96), 60) << "the level itself stays";
}

TEST(LineSettings, ScaleKeyOctaveAndRegisterPlaceTheNextNote) {
    EngineRig rig;
    rig.run_for(seconds{3});
    rig.params.set(ParamId::scale, static_cast<double>(Scale::minor)).value();
    rig.params.set(ParamId::key, 9).value();
    rig.params.set(ParamId::octave, 1).value();
    rig.params.set(ParamId::lowest, 70).value();
    rig.params.set(ParamId::highest, 81).value();
    const auto before = rig.line().size();
    rig.run_for(seconds{20});
    const auto line = rig.line();
    const auto classes = pitch_classes(Scale::minor);
    std::size_t notes = 0;
    for (std::size_t i = before; i < line.size(); ++i) {
        if (line[i].kind == StepKind::rest) continue;
        ++notes;
        const int pitch = line[i].pitch.count();
        EXPECT_GE(pitch, 70);
        EXPECT_LE(pitch, 81);
        EXPECT_NE(classes >> static_cast<unsigned>((pitch + 3) % 12) & 1U, 0U) << pitch;
    }
    EXPECT_GT(notes, 10U);
    EXPECT_EQ(line[before].revision, rig.params.current().revision);
}

TEST(LineSettings, HumaniseLeansByAtMost25MillisecondsAndLeavesTheGrid) {
    auto settings = initial();
    settings.humanise = 1.0;
    settings.human_tempo = Bpm{120.0};  // 25 ms are 48 ticks
    std::set<int> leans;
    std::set<int> velocities;
    double sum = 0.0;
    constexpr std::uint32_t kSteps = 2000;
    for (std::uint32_t i = 0; i < kSteps; ++i) {
        const auto step = written(settings, 96, i);
        EXPECT_EQ(step, written(settings, 96, i)) << "the same dice";
        EXPECT_EQ(step.duration, Ticks{960});
        EXPECT_EQ(step.start, Ticks{0});
        EXPECT_LE(std::abs(step.lean), 48);
        EXPECT_NEAR(step.velocity.count(), 96, 16);
        leans.insert(step.lean);
        velocities.insert(step.velocity.count());
        sum += step.lean;
    }
    EXPECT_GT(leans.size(), 60U) << "early and late, by little and by much";
    EXPECT_GT(velocities.size(), 20U);
    EXPECT_NEAR(sum / kSteps, 0.0, 2.0);
    const auto whole = written(settings, 96, 7).lean;
    settings.humanise = 0.5;
    EXPECT_NEAR(written(settings, 96, 7).lean, whole / 2.0, 1.0);
    settings.sampling.seed = 12;
    EXPECT_NE(written(settings, 96, 7).lean, whole);
}

TEST(LineSettings, TempoMakesTheLineAgainOnlyWhileItIsHumanised) {
    EngineRig rig;
    rig.run_for(seconds{2});
    auto made = rig.neural.made();
    rig.params.set(ParamId::tempo, 90.0).value();
    rig.plan();
    EXPECT_EQ(rig.neural.made(), made);
    rig.params.set(ParamId::humanise, 0.5).value();
    rig.plan();
    made = rig.neural.made();
    rig.params.set(ParamId::tempo, 180.0).value();
    rig.plan();
    EXPECT_GT(rig.neural.made(), made);
}

TEST(LineSettings, EveryGenresProposalComesAsANoteOfItsOwnPart) {
    const auto vocabulary = small_vocabulary();
    auto settings = initial();
    settings.pitch.transpose = 2;
    settings.gate = 0.5;
    PlannedStep planned;
    auto made = quarter(80);
    made.proposals[0] = event_of(vocabulary, Pitch{64}, 6);
    made.proposals[1] = event_of(vocabulary, std::nullopt, 24);
    made.proposals[2] = event_of(vocabulary, Pitch{55}, 12);
    write_event(planned, made, Ticks{480}, vocabulary, settings);
    const auto& parts = planned.message.parts;
    EXPECT_EQ(parts[0],
              (PartNote{PartNote::Kind::note, Pitch{66}, Velocity{80}, Ticks{480}, Ticks{240}}));
    EXPECT_EQ(parts[1].kind, PartNote::Kind::rest);
    EXPECT_EQ(parts[1].duration, Ticks{1920});
    EXPECT_EQ(parts[2].pitch, Pitch{57});
    EXPECT_EQ(parts[2].duration, Ticks{960});
    EXPECT_EQ(parts[2].gate, Ticks{240}) << "of the time that the step leaves it";
    EXPECT_EQ(parts[3].kind, PartNote::Kind::none);
}

TEST(LineSettings, PartsAndWeightsReachWhoListens) {
    EngineRig rig;
    rig.params.set(ParamId::ramp, 0.0).value();
    ASSERT_TRUE(rig.params.set_weights({2.0, 0.0, 6.0}));
    rig.run_for(seconds{5});
    std::size_t notes = 0;
    for (const auto& event : rig.played()) {
        if (event.kind != PlayedEvent::Kind::step) continue;
        EXPECT_EQ(event.weights.value[0], 2.0F);
        EXPECT_EQ(event.weights.value[2], 6.0F);
        for (std::size_t g = 0; g < 3; ++g) {
            EXPECT_NE(event.parts[g].kind, PartNote::Kind::none);
            if (event.parts[g].kind != PartNote::Kind::note) continue;
            ++notes;
            EXPECT_LE(event.parts[g].gate, std::min(event.parts[g].duration, event.step.duration));
            EXPECT_GT(event.parts[g].gate, Ticks{0});
        }
        EXPECT_EQ(event.parts[3].kind, PartNote::Kind::none);
    }
    EXPECT_GT(notes, 10U);
}

TEST(LineSettings, EachWeightRampsOverItsOwnTime) {
    EngineRig rig;
    rig.neural.use_one_duration(Cells{12});
    ASSERT_TRUE(rig.params.set_weights({5.0, 0.0, 0.0}));
    rig.run_for(seconds{4});
    rig.params.set_weight(1, 10.0, 8.0).value();
    rig.params.set_weight(2, 10.0, 0.0).value();
    const auto before = rig.line().size();
    rig.run_for(seconds{6});
    const auto weights_of = [&](std::size_t index) {
        for (const auto& event : rig.played())
            if (event.kind == PlayedEvent::Kind::step && event.step.index == index)
                return event.weights;
        return GenreWeights{};
    };
    const auto next = weights_of(before);
    EXPECT_EQ(next.value[0], 5.0F);
    EXPECT_EQ(next.value[2], 10.0F) << "at once";
    EXPECT_NEAR(next.value[1], 1.25, 0.01) << "an eighth of the way to 10";
    EXPECT_NEAR(weights_of(before + 8).value[1], 10.0, 0.01) << "eight beats on";
}

}  // namespace
}  // namespace fusion::test
