#include "engine/plan/progression.hpp"

#include <gmock/gmock.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

using testing::AllOf;
using testing::HasSubstr;

Progression read(std::string_view text) {
    const auto progression = Progression::parse(text);
    if (!progression) ADD_FAILURE() << text << ": " << progression.error().message;
    return progression.value_or(Progression{});
}

std::string written_out(std::string_view text) { return read(text).text(); }

std::string why_not(std::string_view text) {
    const auto progression = Progression::parse(text);
    return progression ? "was read as " + progression->text() : progression.error().message;
}

std::string at(const Progression& progression, std::int64_t bar, int cell, Meter meter = {}) {
    return to_text(progression.chord_at(bar, Cells{cell}, meter.bar()));
}

TEST(Progression, BarsShareTheirTimeEqually) {
    const auto progression = read("Dm7 G7 | C^7");
    EXPECT_EQ(progression.bars(), 2U);
    EXPECT_EQ(at(progression, 0, 0), "Dm7");
    EXPECT_EQ(at(progression, 0, 23), "Dm7");
    EXPECT_EQ(at(progression, 0, 24), "G7");
    EXPECT_EQ(at(progression, 1, 0), "Cmaj7");
    EXPECT_EQ(at(progression, 1, 47), "Cmaj7");
    EXPECT_EQ(at(progression, 2, 0), "Dm7") << "it loops";
    EXPECT_EQ(at(progression, 2'000'000'001, 0), "Cmaj7");
}

TEST(Progression, TheNextChordIsTheNextOther) {
    const auto progression = read("Dm7 G7 | C^7 | %");
    const auto next = [&](std::int64_t bar, int cell) {
        const auto found = progression.next_chord(bar, Cells{cell}, Cells{48});
        return found ? to_text(found->chord) + " in " + std::to_string(found->in.count()) : "none";
    };
    EXPECT_EQ(next(0, 0), "G7 in 24");
    EXPECT_EQ(next(0, 23), "G7 in 1");
    EXPECT_EQ(next(0, 24), "Cmaj7 in 24");
    EXPECT_EQ(next(1, 6), "Dm7 in 90");
    EXPECT_EQ(next(5, 47), "Dm7 in 1");
    EXPECT_EQ(read("C | C C").next_chord(0, Cells{0}, Cells{48}), std::nullopt);
    // The bar's own beginning, once round.
    const auto one_bar = read("C F");
    EXPECT_EQ(one_bar.next_chord(0, Cells{24}, Cells{48}),
              (NextChord{Chord{PitchClass{0}, ChordQuality::major}, Cells{24}}));
}

TEST(Progression, EveryMetreIsSharedOut) {
    const auto progression = read("C F | G Am Dm | E");
    for (const Meter meter : {Meter{3, 4}, Meter{5, 4}, Meter{7, 8}, Meter{6, 8}, Meter{1, 16}}) {
        const auto bar = meter.bar();
        for (std::int64_t b = 0; b < 6; ++b)
            for (int cell = 0; cell < bar.count(); ++cell) {
                const auto next = progression.next_chord(b, Cells{cell}, bar);
                ASSERT_TRUE(next);
                ASSERT_GT(next->in, Cells{0});
                // It is there when it is said to be, and not a cell before.
                const auto when = cell + next->in.count();
                const auto chord_at = [&](int c) {
                    return progression.chord_at(b + c / bar.count(), Cells{c % bar.count()}, bar);
                };
                ASSERT_EQ(chord_at(when), next->chord);
                ASSERT_EQ(chord_at(when - 1), chord_at(cell));
            }
    }
    EXPECT_EQ(at(progression, 0, 18, {3, 4}), "F");
    EXPECT_EQ(at(progression, 0, 29, {5, 4}), "C");
    EXPECT_EQ(at(progression, 0, 30, {5, 4}), "F");
    EXPECT_EQ(at(progression, 1, 13, {7, 8}), "G");
    EXPECT_EQ(at(progression, 1, 14, {7, 8}), "Am");
}

TEST(Progression, EmptyBarsAndRepeatSignsAreWrittenOut) {
    EXPECT_EQ(written_out("C | | G"), "C | C | G");
    EXPECT_EQ(written_out("C G | %|F"), "C G | C G | F");
    EXPECT_EQ(written_out("| C | G |"), "C | G");
    EXPECT_EQ(written_out("C || G ||"), "C | G");
    EXPECT_EQ(written_out("|: C | G :| F"), "C | G | C | G | F");
    EXPECT_EQ(written_out("C | G :| F"), "C | G | C | G | F");
    EXPECT_EQ(written_out("|:C:|:G:|"), "C | C | G | G");
    EXPECT_EQ(written_out("|: C :| |: G :|"), "C | C | G | G");
    EXPECT_EQ(written_out("F | |: C :||: G :||"), "F | C | C | G | G");
    EXPECT_EQ(written_out("C / / G | Dm . . ."), "C C C G | Dm Dm Dm Dm");
    EXPECT_EQ(written_out("Dm7,G7|\nC7(b9, #11)|N.C."), "Dm7 G7 | C7b9#11 | N.C.");
    EXPECT_EQ(written_out("D:min7 G:7 | C:maj :|"), "Dm7 G7 | C | Dm7 G7 | C");
    const auto twice = read("Dm7 G7 | C/E Bb7#5 | F#m7b5");
    EXPECT_EQ(read(twice.text()), twice);
}

TEST(Progression, NothingIsNone) {
    for (const char* text : {"", "  ", "|", "||", "\n|\n"}) {
        EXPECT_TRUE(read(text).empty()) << text;
        EXPECT_EQ(read(text).text(), "");
    }
    EXPECT_EQ(read(""), Progression{});
}

TEST(Progression, WhatCannotBeReadIsToldWithItsPlace) {
    EXPECT_THAT(why_not("Dm7 H7 | C"), AllOf(HasSubstr("character 5:"), HasSubstr("written B")));
    EXPECT_THAT(why_not("Dm7 G7xy | C"), AllOf(HasSubstr("character 7:"), HasSubstr("xy")));
    EXPECT_THAT(why_not("B♭ | Q"), HasSubstr("character 6:"));
    EXPECT_THAT(why_not("% | C"), HasSubstr("character 1:"));
    EXPECT_THAT(why_not("| | C"), AllOf(HasSubstr("character 3:"), HasSubstr("empty first")));
    EXPECT_THAT(why_not("C | G %"), AllOf(HasSubstr("character 7:"), HasSubstr("fills its bar")));
    EXPECT_THAT(why_not("C | % G"), AllOf(HasSubstr("character 7:"), HasSubstr("fills its bar")));
    EXPECT_THAT(why_not("/ C"), HasSubstr("character 1:"));
    EXPECT_THAT(why_not("C |: G"), AllOf(HasSubstr("character 3:"), HasSubstr("never closed")));
    EXPECT_THAT(why_not("|: C |: G :|"), AllOf(HasSubstr("character 6:"), HasSubstr("within")));
    EXPECT_THAT(why_not("|: :|"), HasSubstr("repeat of nothing"));
    EXPECT_THAT(why_not(":| C"), HasSubstr("repeat of nothing"));
    EXPECT_THAT(why_not("C : G"), HasSubstr("character 3:"));
    std::string long_bar;
    for (int i = 0; i < 17; ++i) long_bar += "C ";
    EXPECT_THAT(why_not(long_bar), AllOf(HasSubstr("character 33:"), HasSubstr("16")));
}

TEST(Progression, AThousandChordsAreFineAndTooManyAreTold) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += i % 2 == 0 ? "C |" : "Dm7 |";
    const auto progression = read(text);
    EXPECT_EQ(progression.chords(), 1000U);
    EXPECT_EQ(at(progression, 999, 0), "Dm7");
    EXPECT_EQ(progression.next_chord(999, Cells{0}, Cells{48})->in, Cells{48});

    std::string full = "C";
    for (std::size_t i = 1; i < kMaxProgressionChords; ++i) full += "|C";
    EXPECT_EQ(read(full).bars(), kMaxProgressionChords);
    EXPECT_THAT(why_not(full + "|C"), HasSubstr("more than 4096 chords"));
    EXPECT_THAT(why_not(full + "|%"), HasSubstr("more than 4096 chords"));
    EXPECT_THAT(why_not(full + ":|"), HasSubstr("more than 4096 chords"));
}

}  // namespace
}  // namespace fusion
