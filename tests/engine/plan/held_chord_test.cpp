#include "engine/plan/held_chord.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

std::vector<Pitch> notes_of(std::initializer_list<int> pitches) {
    std::vector<Pitch> notes;
    for (const int p : pitches) notes.emplace_back(static_cast<std::uint8_t>(p));
    return notes;
}

std::string held(std::initializer_list<int> pitches) {
    return to_text(held_chord(notes_of(pitches)));
}

TEST(HeldChord, NothingIsNoChordAndOneNoteLeavesTheThirdOpen) {
    EXPECT_EQ(held({}), "N.C.");
    EXPECT_EQ(held({62}), "D5");
    EXPECT_EQ(held({38, 50, 62}), "D5");
    EXPECT_EQ(held({0}), "C5");
    EXPECT_EQ(held({127}), "G5");
}

TEST(HeldChord, TwoNotesAreFilledUp) {
    EXPECT_EQ(held({60, 64}), "C");
    EXPECT_EQ(held({60, 63}), "Cm");
    EXPECT_EQ(held({60, 67}), "C5");
    EXPECT_EQ(held({60, 65}), "F5/C");
    EXPECT_EQ(held({60, 70}), "C7");
    EXPECT_EQ(held({64, 72}), "C/E");
}

TEST(HeldChord, EveryQualityIsKnownInRootPositionWhateverTheOctaves) {
    for (std::size_t q = 1; q < kChordQualities; ++q)
        for (int root = 0; root < 12; ++root) {
            const Chord chord{pitch_class_of(root), static_cast<ChordQuality>(q)};
            std::vector<Pitch> notes{Pitch{static_cast<std::uint8_t>(24 + root)}};
            for (int s = 0; s < 12; ++s)
                if (chord.tones().holds(pitch_class_of(s)))
                    notes.emplace_back(static_cast<std::uint8_t>(48 + s + 12 * (s % 3)));
            EXPECT_EQ(held_chord(notes), chord) << to_text(chord);
        }
}

TEST(HeldChord, AnInversionKeepsItsBass) {
    EXPECT_EQ(held({64, 67, 72}), "C/E");
    EXPECT_EQ(held({67, 72, 76}), "C/G");
    EXPECT_EQ(held({65, 71, 74, 79}), "G7/F");
    EXPECT_EQ(held({60, 64, 67, 69}), "C6");
    EXPECT_EQ(held({57, 60, 64, 67}), "Am7");
    EXPECT_EQ(held({47, 60, 64, 67}), "Cmaj7/B");
}

TEST(HeldChord, WhatIsHeldBesideTheChordIsATension) {
    EXPECT_EQ(held({48, 64, 70, 74, 81}), "C13");
    EXPECT_EQ(held({48, 64, 70, 73}), "C7b9");
    EXPECT_EQ(held({48, 64, 70, 75}), "C7#9");
    EXPECT_EQ(held({50, 60, 65, 69, 76}), "Dm9");
    EXPECT_EQ(held({48, 64, 67, 74}), "Cadd9");
}

TEST(HeldChord, TwelveNotesForbidNothingAndTheBassIsTheRoot) {
    std::vector<Pitch> notes;
    for (int p = 49; p < 61; ++p) notes.emplace_back(static_cast<std::uint8_t>(p));
    const auto chord = held_chord(notes);
    EXPECT_EQ(size_of(chord.tones()), 12);
    EXPECT_EQ(chord.root(), PitchClass{1});
    EXPECT_EQ(chord.bass(), PitchClass{1});
}

TEST(HeldChord, EverythingHeldIsAToneAndTheOrderDoesNotMatter) {
    for (unsigned bits = 1; bits < 1U << 12U; ++bits) {
        std::vector<Pitch> notes;
        for (unsigned s = 0; s < 12; ++s)
            if ((bits >> s & 1U) != 0) notes.emplace_back(static_cast<std::uint8_t>(50 + s * 5));
        const auto chord = held_chord(notes);
        for (const auto note : notes)
            ASSERT_TRUE(chord.tones().holds(pitch_class_of(note))) << to_text(chord);
        ASSERT_EQ(chord.bass(), pitch_class_of(notes.front()));
        std::reverse(notes.begin(), notes.end());
        ASSERT_EQ(held_chord(notes), chord);
    }
}

}  // namespace
}  // namespace fusion
