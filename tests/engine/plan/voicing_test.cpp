#include "engine/plan/voicing.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion::test {
namespace {

constexpr PitchClassSet kCMajor{0b1010'1011'0101};

Chord chord(std::string_view symbol) { return *parse_chord_symbol(symbol); }

int bass(BassTone tone, std::string_view now, std::string_view next = "", int octave = 0) {
    return bass_pitch(tone, octave, chord(now), next.empty() ? Chord{} : chord(next), kCMajor);
}

TEST(Voicing, HoldsTheChordInCloseOrderFromTheLowestUp) {
    for (const auto* symbol : {"C", "Am", "G7", "Fmaj7", "Bdim", "E+", "Dsus4", "C5"}) {
        const auto voices = voiced(chord(symbol));
        for (std::size_t v = 0; v < voices.size(); ++v) {
            EXPECT_TRUE(chord(symbol).tones().holds(pitch_class_of(voices[v]))) << symbol;
            EXPECT_GT(voices[v], v > 0 ? voices[v - 1] : 0) << symbol;
        }
        EXPECT_GE(voices.front(), 50) << symbol;
        EXPECT_LE(voices.back(), 77) << symbol;
    }
}

TEST(Voicing, OfManyTonesKeepsThirdAndSeventh) {
    const auto voices = voiced(chord("C13"));
    for (const int wanted : {4, 10})
        EXPECT_TRUE(std::ranges::any_of(voices, [&](int v) { return v % 12 == wanted; })) << wanted;
}

// Roots from C3 on, each chord in root position.
Voicing in_root_position(const Chord& of) {
    Voicing voices{};
    for (int v = 0, up = 0; v < 4; ++up)
        if (of.tones().holds(of.root() + up))
            voices[static_cast<std::size_t>(v++)] = 48 + of.root().count() + up;
    return voices;
}

TEST(Voicing, MovesLessThanRootPositionsWould) {
    int led = 0, rooted = 0;
    auto before = voiced(chord("C"));
    auto plain = in_root_position(chord("C"));
    for (const auto* symbol : {"F", "G7", "C", "Am", "Dm7", "G7", "Em", "Am"}) {
        const auto now = voiced(chord(symbol), before);
        const auto alone = in_root_position(chord(symbol));
        for (std::size_t v = 0; v < now.size(); ++v) {
            led += std::abs(now[v] - before[v]);
            rooted += std::abs(alone[v] - plain[v]);
        }
        before = now;
        plain = alone;
    }
    EXPECT_LT(2 * led, rooted);
    EXPECT_LE(led, 8 * 4 * 3) << "at most a third a voice and chord";
}

TEST(Voicing, ComesBackToWhereChordsArePlayedAfterAnyNumberOfChords) {
    auto voices = voiced(chord("C"));
    for (int round = 0; round < 200; ++round)
        for (const auto* symbol : {"C", "D", "E", "F#", "Ab", "Bb"})
            voices = voiced(chord(symbol), voices);
    EXPECT_GE(voices.front(), 50);
    EXPECT_LE(voices.back(), 77);
}

TEST(BassPitch, IsTheToneOfTheChordInTheLowestOctave) {
    EXPECT_EQ(bass(BassTone::root, "C"), 36);
    EXPECT_EQ(bass(BassTone::root, "A"), 33);
    EXPECT_EQ(bass(BassTone::root, "G#"), 44);
    EXPECT_EQ(bass(BassTone::fifth, "C"), 43);
    EXPECT_EQ(bass(BassTone::third, "Cm"), 39);
    EXPECT_EQ(bass(BassTone::third, "C"), 40);
    EXPECT_EQ(bass(BassTone::seventh, "C7"), 46);
    EXPECT_EQ(bass(BassTone::seventh, "C"), 48) << "a triad has the octave instead";
    EXPECT_EQ(bass(BassTone::fifth, "Bdim"), 41);
    EXPECT_EQ(bass(BassTone::third, "Csus4"), 43) << "no third: the fifth";
    EXPECT_EQ(bass(BassTone::root, "C/E"), 40) << "a slash chord's own bass";
    EXPECT_EQ(bass(BassTone::root, "C", "", 1), 48);
    EXPECT_EQ(bass(BassTone::sixth, "C"), 45);
    EXPECT_EQ(bass(BassTone::second, "E"), 41) << "the key has F, not F#";
}

TEST(BassPitch, LeadsToTheNextRoot) {
    EXPECT_EQ(bass(BassTone::from_below, "G7", "C"), 35);
    EXPECT_EQ(bass(BassTone::from_above, "G7", "C"), 38);
    EXPECT_EQ(bass(BassTone::from_above, "Am", "E"), 41);
    EXPECT_EQ(bass(BassTone::from_below, "C"), 35) << "nothing follows: its own";
}

}  // namespace
}  // namespace fusion::test
