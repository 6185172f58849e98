#include "engine/plan/hand_harmony.hpp"

#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

Chord chord(std::string_view symbol) { return *parse_chord_symbol(symbol); }

HandHarmony both() { return {1, *Progression::parse("Dm7 G7 | C^7"), chord("F#m")}; }

TEST(HandHarmony, SaysNothingWhereThePlanHasTheWord) {
    EXPECT_FALSE(both().speaks(HarmonySource::plan));
    EXPECT_TRUE(both().at(HarmonySource::plan, 0, {}).now.is_none());
    EXPECT_FALSE(HandHarmony{}.speaks(HarmonySource::hand));
    EXPECT_FALSE(HandHarmony{}.speaks(HarmonySource::midi));
}

TEST(HandHarmony, AProgressionLiesAlongTheTransportAndGoesRound) {
    const auto at = [](std::int64_t cell) { return both().at(HarmonySource::hand, cell, {4, 4}); };
    EXPECT_EQ(at(0).now, chord("Dm7"));
    EXPECT_EQ(at(23).now, chord("Dm7"));
    EXPECT_EQ(at(23).next, (NextChord{chord("G7"), Cells{1}}));
    EXPECT_EQ(at(24).now, chord("G7"));
    EXPECT_EQ(at(24).next, (NextChord{chord("C^7"), Cells{24}}));
    EXPECT_EQ(at(48).now, chord("C^7"));
    EXPECT_EQ(at(48).next, (NextChord{chord("Dm7"), Cells{48}}));
    EXPECT_EQ(at(96'000).now, chord("Dm7"));
}

TEST(HandHarmony, OddMetresShareTheirOwnBar) {
    const auto five = [](std::int64_t cell) {
        return both().at(HarmonySource::hand, cell, {5, 4}).now;
    };
    EXPECT_EQ(five(29), chord("Dm7"));
    EXPECT_EQ(five(30), chord("G7"));
    EXPECT_EQ(five(60), chord("C^7"));
    const auto seven = [](std::int64_t cell) {
        return both().at(HarmonySource::hand, cell, {7, 8}).now;
    };
    EXPECT_EQ(seven(20), chord("Dm7"));
    EXPECT_EQ(seven(21), chord("G7"));
    EXPECT_EQ(seven(42), chord("C^7"));
}

TEST(HandHarmony, AHeldChordHasNoNext) {
    const auto held = both().at(HarmonySource::midi, 17, {});
    EXPECT_EQ(held.now, chord("F#m"));
    EXPECT_FALSE(held.next);
}

}  // namespace
}  // namespace fusion
