#include "engine/music/chord_scale.hpp"

#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

Chord chord(std::string_view symbol) { return *parse_chord_symbol(symbol); }

PitchClassSet set(std::initializer_list<int> classes) {
    PitchClassSet made{0};
    for (const int c : classes) made = made.with(pitch_class_of(c));
    return made;
}

const PitchClassSet kCMajor = set({0, 2, 4, 5, 7, 9, 11});

TEST(ChordScale, OfAChordOfTheKeyIsTheKey) {
    for (const auto* symbol : {"C", "Dm7", "Em7", "F^7", "G7", "Am7", "Bm7b5"})
        EXPECT_EQ(scale_of(chord(symbol), chord("C"), kCMajor), kCMajor) << symbol;
}

TEST(ChordScale, LeansToWhereTheChordGoes) {
    EXPECT_EQ(scale_of(chord("E7"), chord("Am"), kCMajor), set({9, 11, 0, 2, 4, 5, 8}))
        << "A harmonic minor";
    EXPECT_EQ(scale_of(chord("E7"), chord("A"), kCMajor), set({9, 11, 1, 2, 4, 6, 8})) << "A major";
    EXPECT_EQ(scale_of(chord("Ebm7"), chord("Ab7"), kCMajor), set({1, 3, 5, 6, 8, 10, 0}))
        << "Db major, far from the key";
    EXPECT_EQ(scale_of(chord("Db7"), chord("C"), kCMajor), set({8, 10, 11, 1, 3, 5, 7}))
        << "lydian dominant";
}

TEST(ChordScale, HoldsTheWholeChordWhateverItIs) {
    for (const auto* symbol : {"C7#9", "C7alt", "Cdim7", "C+", "C7b9b5", "G7/F#", "C5", "Csus4"}) {
        const auto scale = scale_of(chord(symbol), {}, kCMajor);
        const auto tones = chord(symbol).tones().with(chord(symbol).bass());
        EXPECT_EQ(scale & tones, tones) << symbol;
        EXPECT_GE(size_of(scale), 7) << symbol;
    }
}

TEST(ChordScale, WithoutAChordIsTheKey) { EXPECT_EQ(scale_of({}, chord("G"), kCMajor), kCMajor); }

}  // namespace
}  // namespace fusion
