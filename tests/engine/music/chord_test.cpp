#include "engine/music/chord.hpp"

#include <gtest/gtest.h>

#include <set>

namespace fusion {
namespace {

constexpr PitchClass kC{0};
constexpr PitchClass kG{7};

PitchClassSet set_of(std::initializer_list<int> semitones) {
    PitchClassSet set{0};
    for (const int s : semitones) set = set.with(pitch_class_of(s));
    return set;
}

TEST(Chord, PitchClassesWrapBothWays) {
    EXPECT_EQ(pitch_class_of(-1), PitchClass{11});
    EXPECT_EQ(pitch_class_of(Pitch{127}), kG);
    EXPECT_EQ(PitchClass{11} + 3, PitchClass{2});
    EXPECT_EQ(semitones_up(PitchClass{10}, PitchClass{2}), 4);
    EXPECT_EQ(set_of({0, 11}).transposed(1), set_of({1, 0}));
    EXPECT_EQ(set_of({0, 4, 7}).transposed(-24), set_of({0, 4, 7}));
    EXPECT_EQ(set_of({0, 4}).without(kC), set_of({4}));
}

TEST(Chord, EveryQualityIsWhatItsTonesMakeAndHasANameOfItsOwn) {
    std::set<std::string_view> names;
    std::set<std::uint16_t> sets;
    for (std::size_t q = 0; q < kChordQualities; ++q) {
        const auto quality = static_cast<ChordQuality>(q);
        for (std::uint8_t root = 0; root < 12; ++root)
            EXPECT_EQ((Chord{PitchClass{root}, quality}).quality(), quality) << name_of(quality);
        names.insert(name_of(quality));
        sets.insert(tones_of(quality).count());
    }
    EXPECT_EQ(names.size(), kChordQualities);
    EXPECT_EQ(sets.size(), kChordQualities);
}

TEST(Chord, TensionsDoNotChangeWhatItIs) {
    EXPECT_EQ((Chord{kC, kC, set_of({0, 4, 7, 10, 1, 3, 6, 8})}).quality(),
              ChordQuality::dominant7);
    EXPECT_EQ((Chord{kC, kC, set_of({0, 3, 7, 10, 2, 5})}).quality(), ChordQuality::minor7);
    EXPECT_EQ((Chord{kC, kC, set_of({0, 3, 6, 10, 2})}).quality(), ChordQuality::half_diminished);
    // With its fifth, what lies a tritone above the root is a sharp eleventh.
    EXPECT_EQ((Chord{kC, kC, set_of({0, 3, 6, 7, 10})}).quality(), ChordQuality::minor7);
    EXPECT_EQ((Chord{kC, kC, set_of({0, 2, 4, 7})}).quality(), ChordQuality::major);
    EXPECT_EQ((Chord{kC, kC, set_of({0, 2, 7})}).quality(), ChordQuality::sus2);
    EXPECT_EQ((Chord{kC, kC, set_of({4, 7})}).tones(), set_of({0, 4, 7}));
}

TEST(Chord, ItsDegreesAreThoseOfItsQuality) {
    struct Degrees {
        ChordQuality quality;
        int third, fifth, seventh;  // semitones; 0 for none
    };
    using enum ChordQuality;
    for (const auto& [quality, third, fifth, seventh] :
         std::initializer_list<Degrees>{{major, 4, 7, 0},
                                        {minor, 3, 7, 0},
                                        {dominant7, 4, 7, 10},
                                        {major7, 4, 7, 11},
                                        {minor7, 3, 7, 10},
                                        {minor_major7, 3, 7, 11},
                                        {major6, 4, 7, 0},
                                        {minor6, 3, 7, 0},
                                        {diminished, 3, 6, 0},
                                        {diminished7, 3, 6, 9},
                                        {half_diminished, 3, 6, 10},
                                        {augmented, 4, 8, 0},
                                        {sus2, 0, 7, 0},
                                        {sus4, 0, 7, 0},
                                        {dominant7_sus4, 0, 7, 10},
                                        {power, 0, 7, 0},
                                        {none, 0, 0, 0}}) {
        const PitchClass root{10};
        const Chord chord{root, quality};
        const auto degree = [&](int semitones) {
            return semitones == 0 ? std::optional<PitchClass>{} : root + semitones;
        };
        EXPECT_EQ(third_of(chord), degree(third)) << name_of(quality);
        EXPECT_EQ(fifth_of(chord), degree(fifth)) << name_of(quality);
        EXPECT_EQ(seventh_of(chord), degree(seventh)) << name_of(quality);
    }
    EXPECT_EQ(fifth_of({kC, kC, set_of({0, 4, 8, 10})}), PitchClass{8});
    EXPECT_EQ(fifth_of({kC, kC, set_of({0, 4, 6, 10})}), PitchClass{6});
    EXPECT_EQ(fifth_of({kC, kC, set_of({0, 4})}), std::nullopt);
}

TEST(Chord, ItsBassIsHeardAsATone) {
    const auto chord = over(Chord{kC, ChordQuality::major}, PitchClass{2});
    EXPECT_TRUE(is_chord_tone(chord, PitchClass{2}));
    EXPECT_FALSE(chord.tones().holds(PitchClass{2}));
    EXPECT_TRUE(is_chord_tone(chord, PitchClass{4}));
    EXPECT_FALSE(is_chord_tone(chord, PitchClass{5}));
    for (std::uint8_t c = 0; c < 12; ++c) EXPECT_FALSE(is_chord_tone(Chord{}, PitchClass{c}));
}

TEST(Chord, TransposedThereAndBackItIsTheSame) {
    const auto chord = over(Chord{kG, kG, set_of({7, 11, 2, 5, 8})}, PitchClass{11});
    for (int shift = -14; shift <= 14; ++shift) {
        const auto other = transposed(chord, shift);
        EXPECT_EQ(other.quality(), chord.quality());
        EXPECT_EQ(other.root(), kG + shift);
        EXPECT_EQ(other.bass(), PitchClass{11} + shift);
        EXPECT_EQ(size_of(other.tones()), 5);
        EXPECT_EQ(transposed(other, -shift), chord);
        EXPECT_EQ(other == chord, shift % 12 == 0);
    }
    EXPECT_EQ(transposed(Chord{}, 3), Chord{});
    EXPECT_EQ(over(Chord{}, kG), Chord{});
}

}  // namespace
}  // namespace fusion
