#include "engine/music/chord_symbol.hpp"

#include <gmock/gmock.h>

namespace fusion {
namespace {

using testing::HasSubstr;

Chord read(std::string_view text) {
    const auto chord = parse_chord_symbol(text);
    if (!chord) ADD_FAILURE() << text << ": " << chord.error().message;
    return chord.value_or(Chord{});
}

std::string why_not(std::string_view text) {
    const auto chord = parse_chord_symbol(text);
    return chord ? text.data() + std::string{" was read as "} + to_text(*chord)
                 : chord.error().message;
}

// Whatever else is said to be this chord.
void expect_all(const char* canonical, std::initializer_list<const char*> spellings) {
    const auto chord = read(canonical);
    EXPECT_EQ(to_text(chord), canonical);
    for (const char* spelling : spellings)
        EXPECT_EQ(to_text(read(spelling)), canonical) << spelling;
}

TEST(ChordSymbol, TheUsualSpellingsOfAChordAreOneChord) {
    expect_all("C", {"Cmaj", "CM", "Cma", "C:maj", "C:(1,3,5)"});
    expect_all("Cm", {"C-", "Cmin", "Cmi", "C:min", "C−"});
    expect_all("C7", {"Cdom7", "C:7"});
    expect_all("Cmaj7", {"C^7", "C^", "CΔ7", "CΔ", "C∆", "CM7", "Cj7", "Cma7", "C7M", "C:maj7"});
    expect_all("Cm7", {"C-7", "Cmin7", "Cmi7", "C:min7"});
    expect_all("CmMaj7",
               {"Cm^7", "C-Δ7", "Cm(maj7)", "Cm(M7)", "CmM7", "C-j7", "C:minmaj7", "Cminmaj7"});
    expect_all("C6", {"CM6", "Cmaj6", "C:maj6"});
    expect_all("C6/9", {"C69", "CM69", "C6add9", "C6(9)", "C:maj6(9)"});
    expect_all("Cm6", {"C-6", "C:min6"});
    expect_all("Cm6/9", {"C-69", "Cm69"});
    expect_all("Cdim", {"C°", "Co", "Cº", "C:dim", "Cmb5"});
    expect_all("Cdim7", {"C°7", "Co7", "C:dim7"});
    expect_all("Cm7b5",
               {"Cø", "Cø7", "CØ", "Ch7", "C-7b5", "C-7-5", "Cm7(b5)", "Cmin7♭5", "C:hdim7"});
    expect_all("Caug", {"C+", "C(#5)", "C+5", "C:aug"});
    expect_all("Csus4", {"Csus", "C4", "C:sus4"});
    expect_all("Csus2", {"C:sus2"});
    expect_all("C7sus4", {"C7sus", "Csus7", "C:sus4(b7)"});
    expect_all("C5", {"C:5"});
    expect_all("N.C.", {"NC", "N", "n.c."});
}

TEST(ChordSymbol, TensionsMayBeWrittenInManyWays) {
    expect_all("C9", {"C79", "C7(9)", "C7add9", "C7/9", "C:9"});
    expect_all("C13", {"C7913", "C9(13)", "C7(9,13)", "C7(9/13)"});
    expect_all("C7add13", {"C7(13)"});
    expect_all("C7b9", {"C7(b9)", "C7/b9", "C7-9", "C79b", "C9b", "C7♭9"});
    expect_all("C7#9", {"C7+9", "C79#", "C7♯9"});
    expect_all("C7b9add13", {"C13b9", "C79b13", "C7(b9, 13)"});
    expect_all("C7b9b13", {"C79b13b"});
    expect_all("C9b13", {"C7913b"});
    expect_all("C9#11", {"C7911#", "C9(#11)"});
    expect_all("Cmaj9#11", {"Cj7911#", "C^9#11", "CM7(9,#11)"});
    expect_all("C6/9#11", {"C6911#", "C69#11"});
    expect_all("C7#5", {"C+7", "C7+", "Caug7", "C7(#5)"});
    expect_all("C9#5", {"C9+", "C+9", "C+79"});
    expect_all("C7#5#9", {"C+79#"});
    expect_all("C7#5b9#9#11", {"C7alt", "Calt"});
    expect_all("Cmaj7#5", {"C+j7", "CM7+", "C^7#5"});
    expect_all("Cm#5", {"Cm+"});
    expect_all("Cm9b5", {"Cø9", "C-9b5"});
    expect_all("Cm11", {"C-7911"});
    expect_all("C13sus4", {"Csus7913"});
    expect_all("C7sus4b9", {"C7susb9"});
    expect_all("C7b13", {"C7b6"});
    expect_all("Cadd9", {"C2", "C(9)", "C(add9)", "C:maj(9)"});
    expect_all("Cmadd9", {"C-(9)", "Cm(add9)", "Cminadd9"});
    expect_all("C(b5)", {"C(♭5)"});
    expect_all("C(#11)", {"Cadd#11"});
    expect_all("Cno5", {"Comit5", "C:(1,3)", "C:maj(*5)"});
    expect_all("C5b9no5", {"C:(1,b2)"});
}

TEST(ChordSymbol, TheRootMayBeAnyNoteAndTheAccidentalBelongsToIt) {
    expect_all("B7", {"Cb7", "C♭7"});
    expect_all("Eb", {"D#", "E♭", "Fbb"});
    expect_all("F#m7", {"Gbm7", "F♯-7", "G♭min7"});
    expect_all("Bb5", {"A#5"});
    expect_all("B(b5)", {});
    expect_all("Db(b5)", {"C#b5"});
    expect_all("Bbaug", {"Bb#5"});
    expect_all("D", {"C##", "Ebb", "C𝄪"});
}

TEST(ChordSymbol, TheBassIsANoteOrADegreeOfHarte) {
    expect_all("C/E", {"C:maj/3", "C/Fb"});
    expect_all("Am7/G", {"A:min7/b7", "A-7/G"});
    expect_all("F#m/A", {"F#:min/b3"});
    expect_all("C6/9/E", {"C69/E"});
    expect_all("G7/C", {});
    expect_all("C6/D", {"C:maj6/9"});
    expect_all("C", {"C/C", "C/1"});
    expect_all("Cmaj7/B", {"C:maj7/7"});
}

TEST(ChordSymbol, EverySetOfTonesIsSpelledSoThatReadingItGivesTheSame) {
    for (const int root : {0, 6, 11})
        for (unsigned bits = 0; bits < 1U << 11U; ++bits) {
            const auto tones = PitchClassSet{static_cast<std::uint16_t>(bits << 1U | 1U)};
            const auto r = pitch_class_of(root);
            const Chord chord{r, r + static_cast<int>(bits % 12), tones.transposed(root)};
            ASSERT_EQ(read(to_text(chord)), chord) << to_text(chord);
            ASSERT_LE(to_text(chord).size(), kMaxChordSymbolBytes);
        }
}

TEST(ChordSymbol, WhatIsNoneIsToldWithItsPlaceAndWhatWouldBeRight) {
    EXPECT_THAT(why_not("H7"),
                testing::AllOf(HasSubstr("character 1:"), HasSubstr("H7"), HasSubstr("written B")));
    EXPECT_THAT(why_not("dm7"), HasSubstr("capital letter, here D"));
    EXPECT_THAT(why_not(""), HasSubstr("no root"));
    EXPECT_THAT(why_not("C7xyz"),
                testing::AllOf(HasSubstr("character 3:"), HasSubstr("\"xyz\""), HasSubstr("Dm7")));
    // A sign of three bytes is one character.
    EXPECT_THAT(why_not("B♭Δ7q"), HasSubstr("character 5:"));
    EXPECT_THAT(why_not("C/"), testing::AllOf(HasSubstr("character 2:"), HasSubstr("no bass")));
    EXPECT_THAT(why_not("C/E/G"), HasSubstr("character 4:"));
    EXPECT_THAT(why_not("C7(b9"), testing::AllOf(HasSubstr("character 6:"), HasSubstr("close")));
    EXPECT_THAT(why_not("C7)"), HasSubstr("character 3:"));
    EXPECT_THAT(why_not("C7b"), HasSubstr("character 3:"));
    EXPECT_THAT(why_not(std::string(65, 'C')), HasSubstr("65 bytes"));
    for (const char* text : {"C8",   "C10",  "Cm-", "Cmsus4",  "C#b",     "Cmmm", "C13_",
                             "C\\F", "X",    "C ",  " C",      "C((b9))", "C:(",  "C:()",
                             "Cno",  "Cadd", "C7#", "Cmajmaj", "C77",     "\xFF", "C\xE2\x99"})
        EXPECT_THAT(why_not(text), HasSubstr("character ")) << text;
}

}  // namespace
}  // namespace fusion
