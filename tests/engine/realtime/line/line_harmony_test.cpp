// Chords by hand reach the line: in the key that it is composed in, by the next note, and leave it
// to the bit as it was.
#include "engine/realtime/line/line_harmony.hpp"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/harmony.hpp"
#include "engine/music/chord_symbol.hpp"
#include "tests/support/chord_book.hpp"
#include "tests/support/engine_rig.hpp"

namespace fusion::test {
namespace {

using std::chrono::seconds;

Chord chord(std::string_view symbol) { return *parse_chord_symbol(symbol); }

PitchClassSet set(std::initializer_list<int> classes) {
    PitchClassSet made{0};
    for (const int c : classes) made = made.with(pitch_class_of(c));
    return made;
}

TEST(HeardChord, IsToldInTheKeyThatTheLineIsComposedIn) {
    EXPECT_EQ(heard_chord(chord("C"), {}, {}).tones, set({0, 4, 7}));
    EXPECT_EQ(heard_chord(chord("D"), {}, {.key = 2}).tones, set({0, 4, 7}));
    EXPECT_EQ(heard_chord(chord("D"), {}, {.key = 2, .transpose = -2}).tones, set({2, 6, 9}));
    EXPECT_EQ(heard_chord(chord("D"), {}, {.octave = 2}).tones, set({2, 6, 9}));
    EXPECT_EQ(heard_chord({}, chord("C"), {}).tones, set({}));
}

TEST(HeardChord, InAnotherScaleIsWhatSoundsAsTheChord) {
    // In C minor the composed E sounds as Eb, and so does the composed Eb.
    const auto in_key = heard_chord(chord("Cm"), {}, {.scale = Scale::minor});
    EXPECT_TRUE(in_key.tones.holds(pitch_class_of(4)));
    EXPECT_TRUE(in_key.tones.holds(pitch_class_of(3)));
    EXPECT_EQ(in_key.spared, set({}));
}

TEST(HeardChord, IsToldToTheNetworksAsTheyWouldHaveComposedIt) {
    const auto told = [](std::string_view symbol, const PitchSettings& settings) {
        return heard_chord(chord(symbol), {}, settings).code;
    };
    EXPECT_EQ(told("Dm7", {}), code_of(chord("Dm7")));
    EXPECT_EQ(told("Em7", {.key = 2}), code_of(chord("Dm7")));
    EXPECT_EQ(told("Cm", {.scale = Scale::minor}), code_of(chord("C")))
        << "the composed E sounds as Eb there";
    EXPECT_EQ(heard_chord({}, chord("C"), {}).code, kNoChordCode);
}

TEST(HeardChord, AToneOutsideTheScaleIsSparedTheScale) {
    const PitchSettings pentatonic{.scale = Scale::pentatonic};
    const auto heard = heard_chord(chord("E7"), {}, pentatonic);
    EXPECT_TRUE(heard.tones.holds(pitch_class_of(8))) << "G#";
    EXPECT_TRUE(heard.spared.holds(pitch_class_of(8)));
    HarmonyAsk ask;
    ask.pull = 0.7F;
    ask.now = heard;
    EXPECT_EQ(place_pitch(Pitch{68}, placing(pentatonic, ask, beats(1))), Pitch{68});
    EXPECT_EQ(place_pitch(Pitch{68}, placing(pentatonic, {}, beats(1))), Pitch{67})
        << "without a chord the scale has it";
    EXPECT_EQ(place_pitch(Pitch{66}, placing(pentatonic, ask, beats(1))),
              place_pitch(Pitch{66}, pentatonic))
        << "what is no tone goes where it went";
}

class HarmonyOfTheLine : public testing::Test {
protected:
    static void play(EngineRig& rig, const char* text) {
        rig.harmony.tell(*Progression::parse(text));
        rig.params.harmony_changed();
    }
    static void listen(EngineRig& rig, std::vector<StepRequest>& asked) {
        rig.neural.before_each([&](const StepRequest& request) {
            asked.push_back(request);
            return Status{};
        });
    }
};

TEST_F(HarmonyOfTheLine, TheNextStepThatIsNotYetPlayedObeys) {
    EngineRig rig;
    std::vector<StepRequest> asked;
    listen(rig, asked);
    rig.run_for(seconds{3});
    for (const auto& request : asked) EXPECT_TRUE(request.harmony.is_free());
    const auto before = rig.line().size();
    asked.clear();
    play(rig, "F#7");
    rig.run_for(seconds{3});
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.front().index, before) << "the first step that is not yet played is made anew";
    EXPECT_EQ(asked.front().harmony.onset, HarmonyAsk::Onset::first);
    for (const auto& request : asked) {
        EXPECT_EQ(request.harmony.now.tones, set({6, 10, 1, 4}));
        EXPECT_FLOAT_EQ(request.harmony.pull, 0.7F);
    }
}

TEST_F(HarmonyOfTheLine, GivenBackTheMusicIsAsIfNothingHadBeen) {
    EngineRig turned;
    EngineRig untouched;
    for (auto* rig : {&turned, &untouched}) rig->run_for(seconds{4});
    play(turned, "Dm7 G7 | C^7");
    turned.plan();
    play(turned, "");
    for (auto* rig : {&turned, &untouched}) rig->run_for(seconds{4});
    const auto a = turned.line();
    const auto b = untouched.line();
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        EXPECT_EQ(a[i].event, b[i].event) << i;
        EXPECT_EQ(a[i].pitch, b[i].pitch) << i;
    }
}

TEST_F(HarmonyOfTheLine, WhoeverIsNotAskedIsNotObeyed) {
    EngineRig rig;
    std::vector<StepRequest> asked;
    play(rig, "F#7");
    ASSERT_TRUE(rig.params.set(ParamId::harmony, 0));  // plan
    listen(rig, asked);
    rig.run_for(seconds{2});
    for (const auto& request : asked) EXPECT_TRUE(request.harmony.is_free());
    asked.clear();
    ASSERT_TRUE(rig.params.set(ParamId::harmony, 2));  // midi, and nothing is held
    rig.run_for(seconds{2});
    for (const auto& request : asked) EXPECT_TRUE(request.harmony.is_free());
    asked.clear();
    rig.harmony.tell(chord("Am"));
    rig.params.harmony_changed();
    rig.run_for(seconds{2});
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.back().harmony.now.tones, set({9, 0, 4}));
    asked.clear();
    ASSERT_TRUE(rig.params.set(ParamId::harmony_pull, 0));
    rig.run_for(seconds{2});
    ASSERT_FALSE(asked.empty());
    for (const auto& request : asked) EXPECT_TRUE(request.harmony.is_free());
}

TEST_F(HarmonyOfTheLine, WhereNobodyGivesChordsThePlansAreObeyed) {
    const std::vector<ChordModel> chords{bar_by_bar("C", {{"C", "G7"}, {"G7", "C"}}, 0.5F)};
    EngineRig rig;
    rig.harmony.tell(HarmonyBook{chords, {}});
    ASSERT_TRUE(rig.params.set_weights({10.0, 0.0, 0.0}));
    std::vector<StepRequest> asked;
    listen(rig, asked);
    rig.run_for(seconds{6});
    std::size_t seventh = 0;
    for (const auto& request : asked) {
        EXPECT_FLOAT_EQ(request.harmony.pull, 0.5F) << "as the genre obeys";
        seventh += request.harmony.now.tones == set({7, 11, 2, 5}) ? 1 : 0;
    }
    EXPECT_GT(seventh, 0U);
    play(rig, "F#7");
    asked.clear();
    rig.run_for(seconds{2});
    ASSERT_FALSE(asked.empty());
    EXPECT_EQ(asked.front().harmony.now.tones, set({6, 10, 1, 4}));
    EXPECT_FLOAT_EQ(asked.front().harmony.pull, 0.7F);
    play(rig, "");
    asked.clear();
    rig.run_for(seconds{2});
    ASSERT_FALSE(asked.empty());
    EXPECT_FLOAT_EQ(asked.front().harmony.pull, 0.5F) << "the plan has the word again";
}

TEST(SoundingChord, IsWhatKeyAndScaleMakeOfThePlan) {
    const std::vector<ChordModel> chords{bar_by_bar("Am", {{"Am", "E7"}, {"E7", "Am"}})};
    HandHarmony hand;
    hand.book = {chords, {}};
    HarmonyPlan plan{hand.book};
    LineSettings settings;
    settings.weights.value[0] = 1.0F;
    settings.harmony_pull = 0.7F;
    const auto at = [&](std::int64_t cell) {
        return to_text(sounding_chord(hand, plan, settings, cell));
    };
    EXPECT_EQ(at(0), "Am");
    EXPECT_EQ(at(48), "E7");
    settings.pitch.key = 2;
    EXPECT_EQ(at(0), "Bm");
    settings.pitch = {.scale = Scale::minor};
    EXPECT_EQ(at(0), "Ab") << "A goes down with the third";
    settings.pitch = {};
    settings.harmony_pull = 0.0F;
    EXPECT_EQ(at(0), "N.C.") << "the line is free";
}

TEST_F(HarmonyOfTheLine, EachStepHearsTheChordOfItsPlaceInAnyMetre) {
    for (const auto& [numerator, denominator] : {std::pair{4, 4}, {5, 4}, {7, 8}, {3, 4}}) {
        EngineRig rig;
        ASSERT_TRUE(rig.params.set(ParamId::meter_numerator, numerator));
        ASSERT_TRUE(rig.params.set(ParamId::meter_denominator, denominator));
        const auto progression = *Progression::parse("Dm7 G7 | C^7");
        rig.harmony.tell(progression);
        rig.params.harmony_changed();
        std::vector<StepRequest> asked;
        listen(rig, asked);
        rig.run_for(seconds{20});
        const auto meter = rig.params.current().meter();
        std::size_t seen = 0;
        for (const auto& step : rig.line()) {
            const auto request = std::find_if(asked.rbegin(), asked.rend(),
                                              [&](const auto& r) { return r.index == step.index; });
            ASSERT_NE(request, asked.rend());
            const auto cell = cell_of(step.start);
            const Cells within{static_cast<std::int32_t>(cell % meter.bar().count())};
            const auto now = progression.chord_at(cell / meter.bar().count(), within, meter.bar());
            EXPECT_EQ(request->harmony.now.tones, now.tones()) << "cell " << cell;
            EXPECT_EQ(request->harmony.at, within);
            ++seen;
        }
        EXPECT_GT(seen, 20U);
    }
}

TEST_F(HarmonyOfTheLine, AThousandChordsAreAProgression) {
    std::string text;
    for (int i = 0; i < 500; ++i) text += "Dm7 G7b9 |";
    EngineRig rig;
    play(rig, text.c_str());
    EXPECT_EQ(rig.harmony.now().progression.chords(), 1000U);
    rig.run_for(seconds{5});
    EXPECT_EQ(rig.meters.underruns.load(), 0U);
}

TEST(HarmonyLink, TheReaderHasAWholeProgressionHoweverOftenItChanges) {
    HarmonyTeller teller;
    auto reader = teller.reader();
    std::atomic<bool> done{false};
    std::thread planner{[&] {
        std::uint64_t newest = 0;
        while (!done.load()) {
            const auto& read = reader.read();
            ASSERT_GE(read.serial, newest);
            newest = read.serial;
            const auto bars = newest == 0 ? 0 : 1 + newest % 7;
            ASSERT_EQ(read.progression.bars(), bars) << newest;
        }
    }};
    for (std::uint64_t serial = 1; serial <= 20'000; ++serial) {
        std::string text = "C";
        for (std::uint64_t bar = 0; bar < serial % 7; ++bar) text += " | F";
        teller.tell(*Progression::parse(text));
    }
    done = true;
    planner.join();
    EXPECT_EQ(teller.now().serial, 20'000U);
}

}  // namespace
}  // namespace fusion::test
