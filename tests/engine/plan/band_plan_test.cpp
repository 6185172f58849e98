#include "engine/plan/band_plan.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"
#include "engine/plan/pattern_choice.hpp"
#include "tests/support/small_band.hpp"

namespace fusion::test {
namespace {

Chord chord(std::string_view symbol) { return *parse_chord_symbol(symbol); }
BandPlan::ChordAt always(std::string_view symbol) {
    return [now = chord(symbol)](std::int64_t) { return now; };
}

BandAsk ask_for(std::size_t genre = 0, std::uint64_t seed = 1) {
    BandAsk ask;
    ask.seed = seed;
    for (auto& part : ask.parts) part.blend.share[genre] = 1.0F;
    return ask;
}

// "0:36" for each note of a part in these beats: cell and pitch.
std::string notes(const BandPlan& plan, const BandAsk& ask, BandPart part, std::int64_t beats,
                  const BandPlan::ChordAt& chords = always("C")) {
    std::string text;
    for (std::int64_t beat = 0; beat < beats; ++beat)
        for (const auto& sound : plan.at(ask, beat, chords).sounds)
            if (sound.part == part)
                text += fmt::format("{}{}:{}", text.empty() ? "" : " ", beat * 12 + sound.cell,
                                    sound.pitch.count());
    return text;
}

// A band whose bars are much alike and can be told apart: the bass of pattern p has a note p cells
// in, and the end of the bar in common with all others.
GenreBand many_bars(BandHabits habits) {
    GenreBand band;
    auto& bass = band.parts[index_of(BandPart::bass)];
    for (std::uint8_t p = 0; p < 40; ++p) {
        auto pattern = pattern_of_notes({bass_note(p, BassTone::root, 1)});
        for (std::uint8_t end = 40; end < 48; ++end)
            pattern.notes.push_back(bass_note(end, BassTone::root, 1));
        bass.patterns.push_back(pattern);
    }
    bass.habits = habits;
    return band;
}
std::vector<std::int64_t> bars_of(const BandPlan& plan, const BandAsk& ask, std::int64_t bars,
                                  const FormPlan& form = {}) {
    std::vector<std::int64_t> found;
    for (std::int64_t bar = 0; bar < bars; ++bar)
        for (std::int64_t beat = bar * 4; beat < bar * 4 + 4; ++beat)
            for (const auto& sound : plan.at(ask, beat, always("C"), form).sounds)
                if (const auto cell = (beat - bar * 4) * 12 + sound.cell; cell < 40)
                    found.push_back(cell);
    return found;
}

TEST(BandPlan, PlaysThePatternOfEachPartToTheChord) {
    const std::vector<GenreBand> band{small_band()};
    const BandPlan plan{band};
    EXPECT_EQ(notes(plan, ask_for(), BandPart::bass, 8), "0:36 24:43 48:36 72:43");
    EXPECT_EQ(notes(plan, ask_for(), BandPart::bass, 4, always("Am")), "0:33 24:40");
    EXPECT_EQ(notes(plan, ask_for(), BandPart::drums, 1), "0:36 0:42 6:42");
    const auto beat = plan.at(ask_for(), 1, always("C")).sounds;
    EXPECT_EQ(std::ranges::count(beat, BandPart::chords, &BandSound::part), 4);
    EXPECT_EQ(plan.at(ask_for(), 0, always("C")).programs[0], 34);
}

TEST(BandPlan, IsSilentWhereNobodyPlays) {
    const std::vector<GenreBand> band{small_band(), GenreBand{}};
    const BandPlan plan{band};
    EXPECT_EQ(notes(plan, ask_for(1), BandPart::bass, 8), "") << "a genre without patterns";
    EXPECT_TRUE(plan.at(BandAsk{}, 0, always("C")).sounds.empty()) << "all weights zero";
    EXPECT_EQ(notes(plan, ask_for(5), BandPart::bass, 8), "") << "a genre that no band is of";
    const auto no_chord = [](std::int64_t) { return Chord{}; };
    EXPECT_EQ(notes(plan, ask_for(), BandPart::bass, 4, no_chord), "");
    EXPECT_EQ(notes(plan, ask_for(), BandPart::chords, 4, no_chord), "");
    EXPECT_NE(notes(plan, ask_for(), BandPart::drums, 4, no_chord), "") << "drums need none";
    EXPECT_TRUE(BandPlan{}.at(ask_for(), 0, always("C")).sounds.empty());
}

TEST(BandPlan, ABeatIsThatOfItsAskAndNothingElse) {
    const std::vector<GenreBand> band{many_bars({0.5F, 0.5F, 0.5F, 0.0F})};
    const BandPlan plan{band};
    const auto once = bars_of(plan, ask_for(), 64);
    EXPECT_EQ(bars_of(BandPlan{band}, ask_for(), 64), once);
    EXPECT_NE(bars_of(plan, ask_for(0, 2), 64), once) << "another seed";
    EXPECT_EQ(plan.at(ask_for(), 250, always("C")), plan.at(ask_for(), 250, always("C")))
        << "nor does it matter what was asked before";
}

TEST(BandPlan, BarsFollowEachOtherAsOftenAsTheGenreSays) {
    const auto shares = [](BandHabits habits) {
        const std::vector<GenreBand> band{many_bars(habits)};
        const auto bars = bars_of(BandPlan{band}, ask_for(), 512);
        std::map<int, double> same;
        for (const int ago : {1, 2, 4})
            for (std::size_t bar = 4; bar < bars.size(); ++bar)
                same[ago] += bars[bar] == bars[bar - static_cast<std::size_t>(ago)] ? 1.0 : 0.0;
        for (auto& [ago, count] : same) count /= static_cast<double>(bars.size());
        return same;
    };
    EXPECT_LT(shares({0.0F, 0.0F, 0.0F, 0.0F})[1], 0.1);
    EXPECT_GT(shares({0.0F, 0.0F, 1.0F, 0.0F})[1], 0.7) << "all but a phrase's first";
    const auto by_two = shares({0.0F, 1.0F, 0.0F, 0.0F});
    EXPECT_GT(by_two.at(2), 0.45) << "a phrase's third and fourth";
    EXPECT_LT(by_two.at(1), 0.1);
    EXPECT_GT(shares({0.8F, 0.0F, 0.0F, 0.0F})[4], 0.7);
}

TEST(BandPlan, APhraseKeepsToPatternsThatAreAlike) {
    // Two textures, of which each has a dozen patterns: notes on the beats, notes between them.
    GenreBand book;
    for (std::uint8_t p = 0; p < 24; ++p) {
        std::vector<BandNote> notes;
        for (std::uint8_t beat = p < 12 ? 0 : 6; beat < 48; beat += 12)
            notes.push_back(bass_note(beat, BassTone::root));
        notes.push_back(bass_note(47, static_cast<BassTone>(p % 7)));
        book.parts[0].patterns.push_back(pattern_of_notes(notes));
    }
    book.parts[0].habits = {0.0F, 0.0F, 0.0F, 0.0F};
    const std::vector<GenreBand> band{book};
    const BandPlan plan{band};
    int mixed = 0, changes = 0;
    std::int64_t before = -1;
    for (std::int64_t phrase = 0; phrase < 64; ++phrase) {
        std::set<std::int64_t> firsts;
        for (std::int64_t bar = phrase * 4; bar < phrase * 4 + 4; ++bar)
            firsts.insert(plan.at(ask_for(), bar * 4, always("C")).sounds.front().cell);
        mixed += firsts.size() > 1 ? 1 : 0;
        changes += *firsts.begin() != before ? 1 : 0;
        before = *firsts.begin();
    }
    EXPECT_LT(mixed, 8);
    EXPECT_GT(changes, 3) << "and yet it is not one texture for ever";
    EXPECT_LT(changes, 24);
}

TEST(BandPlan, LikenessIsTheShareOfWhatBothHave) {
    const auto one = pattern_of_notes({{0, 6, 0b1111, 0, 90}, {12, 6, 0b1111, 0, 90}});
    const auto broken = pattern_of_notes({{0, 6, 0b0001, 0, 90}, {12, 6, 0b0010, 0, 90}});
    EXPECT_EQ(likeness(one, one, BandPart::chords), 1.0F);
    EXPECT_EQ(likeness(one, broken, BandPart::chords), 0.0F);
    EXPECT_EQ(likeness(one, broken, BandPart::bass), 1.0F) << "the places alone";
    EXPECT_EQ(likeness(one, broken, BandPart::drums), 0.0F) << "other keys";
    EXPECT_EQ(likeness({}, {}, BandPart::bass), 1.0F);
    EXPECT_EQ(likeness(one, {}, BandPart::bass), 0.0F);
}

TEST(BandPlan, APhraseThatReturnsReturnsInTheBand) {
    const std::vector<GenreBand> band{many_bars({0.0F, 0.0F, 0.0F, 0.0F})};
    // Each second phrase is the one before it.
    const std::vector<FormBook> books{{{{{}, {1, kAllBars}}}, 1.0F}};
    const Form by_itself;
    const FormPlan form{books, by_itself};
    auto ask = ask_for();
    ask.form = {.blend = ask.parts[0].blend, .seed = ask.seed};
    const auto bars = bars_of(BandPlan{band}, ask, 32, form);
    for (std::size_t bar = 0; bar < 32; bar += 8)
        for (std::size_t b = bar; b < bar + 4; ++b) EXPECT_EQ(bars[b + 4], bars[b]) << b;
    // A part with weights of its own keeps to the form of the line, and has one without it.
    const Blend lines = std::exchange(ask.form.blend, Blend{});
    EXPECT_EQ(bars_of(BandPlan{band}, ask, 32, form), bars);
    ask.form = {.blend = lines, .seed = ask.seed, .form = 0.0F};
    EXPECT_NE(bars_of(BandPlan{band}, ask, 32, form), bars);
}

TEST(BandPlan, AFillEndsAPhrase) {
    auto book = small_band();
    auto& drums = book.parts[index_of(BandPart::drums)];
    auto fill = pattern_of_notes({{36, 3, 45, 0, 100}});
    fill.role = PatternRole::fill;
    drums.patterns.push_back(fill);
    drums.habits.fills = 1.0F;
    const std::vector<GenreBand> band{book};
    const BandPlan plan{band};
    for (std::int64_t bar = 0; bar < 8; ++bar) {
        bool has_fill = false;
        for (const auto& sound : plan.at(ask_for(), bar * 4 + 3, always("C")).sounds)
            has_fill |= sound.pitch == Pitch{45};
        EXPECT_EQ(has_fill, bar % 4 == 3) << bar;
    }
}

TEST(BandPlan, EachPartCanHaveABlendOfItsOwn) {
    auto other = small_band();
    other.parts[0].patterns = {pattern_of_notes({bass_note(6, BassTone::third)})};
    const std::vector<GenreBand> band{small_band(), other};
    const BandPlan plan{band};
    auto ask = ask_for(0);
    ask.parts[0].blend = ask_for(1).parts[0].blend;
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 4), "6:40");
    EXPECT_EQ(notes(plan, ask, BandPart::drums, 1), "0:36 0:42 6:42") << "the others as before";
}

TEST(BandPlan, ABlendIsPlayedByPhrasesInItsProportion) {
    auto other = small_band();
    other.parts[0].patterns = {pattern_of_notes({bass_note(6, BassTone::third)})};
    const std::vector<GenreBand> band{small_band(), other};
    const BandPlan plan{band};
    auto ask = ask_for(0);
    for (auto& part : ask.parts) part.blend.share = {0.75F, 0.25F};
    int of_first = 0;
    for (std::int64_t phrase = 0; phrase < 400; ++phrase) {
        std::set<std::int64_t> kinds;
        for (std::int64_t bar = phrase * 4; bar < phrase * 4 + 4; ++bar) {
            const auto sounds = plan.at(ask, bar * 4, always("C")).sounds;
            const auto bass = std::ranges::find(sounds, BandPart::bass, &BandSound::part);
            ASSERT_NE(bass, sounds.end());
            kinds.insert(bass->cell);
        }
        EXPECT_EQ(kinds.size(), 1U) << "one genre a phrase";
        of_first += kinds.contains(0) ? 1 : 0;
    }
    EXPECT_NEAR(of_first, 300, 40);
}

TEST(BandPlan, DensityLeavesTheWeakPlacesOutFirst) {
    const std::vector<GenreBand> band{small_band()};
    const BandPlan plan{band};
    const auto count = [&](float density, std::int64_t every) {
        auto ask = ask_for();
        for (auto& part : ask.parts) part.density = density;
        int found = 0;
        for (std::int64_t beat = 0; beat < 64; ++beat)
            for (const auto& sound : plan.at(ask, beat, always("C")).sounds)
                found += (beat * 12 + sound.cell) % every == 0 ? 1 : 0;
        return found;
    };
    EXPECT_EQ(count(0.0F, 1), 0);
    EXPECT_EQ(count(0.3F, 48), count(1.0F, 48)) << "the first of each bar stays";
    EXPECT_LT(count(0.3F, 1), count(0.6F, 1));
    EXPECT_LT(count(0.6F, 1), count(1.0F, 1));
    EXPECT_EQ(count(0.3F, 1), count(0.3F, 12)) << "off the beat none is left";
}

TEST(BandPlan, AChordStruckJustBeforeAChangeIsTheNextOne) {
    GenreBand book;
    book.parts[1].patterns = {pattern_of_notes({{18, 12, 0b1111, 0, 80}, {30, 18, 1, 0, 80}})};
    const std::vector<GenreBand> band{book};
    const auto chords = [](std::int64_t cell) { return chord(cell % 48 < 24 ? "C" : "F"); };
    const auto sounds = BandPlan{band}.at(ask_for(), 1, chords).sounds;
    ASSERT_EQ(sounds.size(), 4U);
    for (const auto& sound : sounds) {
        EXPECT_TRUE(chord("F").tones().holds(pitch_class_of(sound.pitch)));
        EXPECT_EQ(sound.length, Cells{12}) << "and it holds over the change";
    }
}

TEST(BandPlan, WhatWouldLastOverAChangeIsStruckAgainAsTheNextChord) {
    GenreBand book;
    book.parts[0].patterns = {pattern_of_notes({bass_note(0, BassTone::fifth, 48)})};
    book.parts[1].patterns = {pattern_of_notes({{6, 42, 0b0011, 0, 80}})};
    const std::vector<GenreBand> band{book};
    const BandPlan plan{band};
    const auto chords = [](std::int64_t cell) { return chord(cell % 48 < 24 ? "C" : "F"); };
    EXPECT_EQ(notes(plan, ask_for(), BandPart::bass, 4, chords), "0:43 24:41") << "by its root";
    EXPECT_EQ(plan.at(ask_for(), 0, chords).sounds.front().length, Cells{24});
    std::size_t voices = 0;
    for (const auto& sound : plan.at(ask_for(), 2, chords).sounds) {
        voices += sound.part == BandPart::chords ? 1 : 0;
        EXPECT_EQ(sound.cell, 0);
        EXPECT_EQ(sound.length, Cells{24});
    }
    EXPECT_EQ(voices, 2U) << "with the voices that it had";
    EXPECT_EQ(notes(plan, ask_for(), BandPart::bass, 4), "0:43") << "one chord: one note";
    book.parts[0].patterns[0].notes.push_back(bass_note(27, BassTone::root));
    const std::vector<GenreBand> busy{book};
    EXPECT_EQ(notes(BandPlan{busy}, ask_for(), BandPart::bass, 4, chords), "0:43 27:41")
        << "not where another note comes at once";
}

TEST(BandPlan, OddMetresAreFilledFromFourFour) {
    const std::vector<GenreBand> band{small_band()};
    const BandPlan plan{band};
    auto ask = ask_for();
    ask.meter = {5, 4};
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 10), "0:36 24:43 48:36 60:36 84:43 108:36");
    ask.meter = {7, 8};
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 7), "0:36 24:43 42:36 66:43")
        << "a bar begins in the middle of a beat";
    ask.meter = {2, 4};
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 4), "0:36 24:36");
    ask.meter = {1, 16};
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 1), "0:36 3:36 6:36 9:36");
    ask.meter = {16, 1};
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 64).substr(0, 30), "0:36 24:43 48:36 72:43 96:36 1");
}

TEST(BandPlan, ThreeFourAndSixEightAreToldApart) {
    const auto waltz =
        pattern_of_notes({{0, 12, 1, 0, 90}, {12, 12, 2, 0, 90}, {24, 12, 2, 0, 90}}, 36);
    const auto jig = pattern_of_notes({{0, 12, 1, 0, 90}, {18, 12, 2, 0, 90}}, 36);
    const auto either = pattern_of_notes({{0, 36, 1, 0, 90}}, 36);
    EXPECT_TRUE(suits(waltz, {3, 4}));
    EXPECT_FALSE(suits(waltz, {6, 8}));
    EXPECT_FALSE(suits(jig, {3, 4}));
    EXPECT_TRUE(suits(jig, {6, 8}));
    EXPECT_TRUE(suits(either, {3, 4}) && suits(either, {6, 8}));
    EXPECT_FALSE(suits(waltz, {4, 4}));
}

TEST(BandPlan, TheLastBarIsOneSoundThatLasts) {
    const std::vector<GenreBand> band{small_band()};
    const BandPlan plan{band};
    auto ask = ask_for();
    ask.ends_at = 96;
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 16), "0:36 24:43 48:36");
    for (const auto& sound : plan.at(ask, 4, always("C")).sounds)
        EXPECT_EQ(sound.length, sound.part == BandPart::drums ? Cells{2} : Cells{48});
    ask.ends_at = 84;  // in the middle of a bar
    for (std::int64_t beat = 0; beat < 16; ++beat)
        for (const auto& sound : plan.at(ask, beat, always("C")).sounds)
            EXPECT_LE(beat * 12 + sound.cell + sound.length.count(), 84);
}

TEST(BandPlan, LevelOctaveAndHandMoveWhatTheySay) {
    const std::vector<GenreBand> band{small_band()};
    const BandPlan plan{band};
    auto ask = ask_for();
    ask.parts[0].octave = 1;
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 4), "0:48 24:55");
    ask.parts[0].octave = 0;
    ask.parts[0].level = 0.5F;
    EXPECT_EQ(plan.at(ask, 0, always("C")).sounds.front().velocity, Velocity{45});
    ask.parts[0].level = 0.0F;
    EXPECT_EQ(notes(plan, ask, BandPart::bass, 4), "");
    ask = ask_for();
    EXPECT_EQ(plan.at(ask, 0, always("C")).sounds.front().late, 0.0F);
    for (auto& part : ask.parts) part.humanise = 1.0F;
    std::set<float> drags;
    for (std::int64_t beat = 0; beat < 32; ++beat)
        for (const auto& sound : plan.at(ask, beat, always("C")).sounds) {
            EXPECT_GE(sound.late, 0.0F);
            EXPECT_LE(sound.late, 1.0F);
            drags.insert(sound.late);
        }
    EXPECT_GT(drags.size(), 20U);
}

}  // namespace
}  // namespace fusion::test
