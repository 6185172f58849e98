#include "engine/music/scale.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <functional>

namespace fusion {
namespace {

constexpr std::array<int, 7> kMajor{0, 2, 4, 5, 7, 9, 11};

int placed(int pitch, const PitchSettings& settings) {
    return place_pitch(Pitch{static_cast<std::uint8_t>(pitch)}, settings).count();
}

bool holds(std::uint16_t classes, int note) {
    return (classes >> static_cast<unsigned>(((note % 12) + 12) % 12) & 1U) != 0;
}

int degrees(Scale scale) {
    int count = 0;
    for (int note = 0; note < 12; ++note) count += holds(pitch_classes(scale), note) ? 1 : 0;
    return count;
}

void for_every_scale(const std::function<void(Scale)>& check) {
    for (std::size_t s = 0; s < kScaleCount; ++s) {
        SCOPED_TRACE(testing::Message{} << "scale " << s);
        check(static_cast<Scale>(s));
    }
}

TEST(Scale, AtTheInitialSettingsEveryPitchIsLeftAlone) {
    for (int pitch = 0; pitch < 128; ++pitch) EXPECT_EQ(placed(pitch, {}), pitch);
    for (const int degree : kMajor)
        EXPECT_EQ(placed(60 + degree, {.scale = Scale::major}), 60 + degree);
}

TEST(Scale, EveryPitchOfEveryScaleAndKeyIsInTheScaleOnThatKey) {
    for_every_scale([](Scale scale) {
        for (int key = 0; key < 12; ++key)
            for (int pitch = 0; pitch < 128; ++pitch)
                EXPECT_TRUE(
                    holds(pitch_classes(scale), placed(pitch, {.scale = scale, .key = key}) - key))
                    << "key " << key << ", pitch " << pitch;
    });
}

TEST(Scale, NoNoteIsMovedByMoreThanAToneNorBelowALowerOne) {
    for_every_scale([](Scale scale) {
        for (int pitch = 12; pitch < 115; ++pitch) {
            const int at = placed(pitch, {.scale = scale});
            EXPECT_LE(std::abs(at - pitch), 2) << pitch;
            EXPECT_LE(at, placed(pitch + 1, {.scale = scale})) << pitch;
        }
    });
}

TEST(Scale, ScalesOfSevenTakeTheDegreesOneForOne) {
    int of_seven = 0;
    for_every_scale([&](Scale scale) {
        if (degrees(scale) != 7) return;
        ++of_seven;
        int degree = 0;
        for (int note = 0; note < 12; ++note) {
            if (!holds(pitch_classes(scale), note)) continue;
            EXPECT_EQ(placed(60 + kMajor.at(static_cast<std::size_t>(degree++)), {.scale = scale}),
                      60 + note);
        }
    });
    EXPECT_EQ(of_seven, 10);
    EXPECT_EQ(placed(64, {.scale = Scale::minor}), 63) << "E becomes E flat";
    EXPECT_EQ(placed(65, {.scale = Scale::lydian}), 66) << "F becomes F sharp";
}

TEST(Scale, NotesBetweenTheDegreesGoToTheNearestAndDownwardsFromTheMiddle) {
    EXPECT_EQ(placed(61, {.scale = Scale::major}), 60) << "C sharp lies between C and D";
    EXPECT_EQ(placed(63, {.scale = Scale::minor}), 63) << "E flat is of the scale";
    EXPECT_EQ(placed(65, {.scale = Scale::pentatonic}), 64) << "F is nearer to E than to G";
    EXPECT_EQ(placed(71, {.scale = Scale::pentatonic}), 72) << "B goes up to the next C";
    EXPECT_EQ(placed(59, {.scale = Scale::whole_tone}), 58) << "B lies between A sharp and C";
}

TEST(Scale, AScaleKnowsItsNumberOfNotes) {
    EXPECT_EQ(pitch_classes(Scale::off), 0xFFF);
    EXPECT_EQ(degrees(Scale::pentatonic), 5);
    EXPECT_EQ(degrees(Scale::minor_pentatonic), 5);
    EXPECT_EQ(degrees(Scale::blues), 6);
    EXPECT_EQ(degrees(Scale::whole_tone), 6);
    EXPECT_EQ(degrees(Scale::octatonic), 8);
}

TEST(Scale, TheKeyIsReachedTheShorterWay) {
    for (int key = 0; key < 12; ++key) {
        const int moved = placed(60, {.key = key}) - 60;
        EXPECT_EQ((moved + 12) % 12, key);
        EXPECT_GE(moved, -5);
        EXPECT_LE(moved, 6);
    }
}

TEST(Scale, TransposeAndOctaveAddToTheKey) {
    EXPECT_EQ(placed(60, {.key = 2, .transpose = 3, .octave = -1}), 53);
    EXPECT_EQ(placed(64, {.scale = Scale::minor, .key = 9, .octave = 1}), 72)
        << "the third of C becomes that of A minor";
}

TEST(Scale, ARegisterOfAnOctaveOrMoreKeepsThePitchClassAndIsNeverLeft) {
    for (const auto& [lowest, highest] :
         {std::pair{48, 59}, {40, 72}, {0, 11}, {116, 127}, {72, 40}})
        for (const int transpose : {-36, -7, 0, 36})
            for (int pitch = 0; pitch < 128; ++pitch) {
                const int at =
                    placed(pitch, {.transpose = transpose, .lowest = lowest, .highest = highest});
                EXPECT_GE(at, std::min(lowest, highest));
                EXPECT_LE(at, std::max(lowest, highest));
                EXPECT_EQ((at - pitch - transpose) % 12, 0);
                const int plain = pitch + transpose;
                const bool inside =
                    plain >= std::min(lowest, highest) && plain <= std::max(lowest, highest);
                EXPECT_TRUE(!inside || at == plain) << "what lies in the register stays";
            }
}

TEST(Scale, WhereTheRegisterHoldsNoOctaveItsNearestEndWins) {
    const PitchSettings narrow{.lowest = 60, .highest = 64};
    EXPECT_EQ(placed(62, narrow), 62);
    EXPECT_EQ(placed(66, narrow), 64);
    EXPECT_EQ(placed(65, narrow), 64);
    EXPECT_EQ(placed(69, narrow), 60) << "an A lies 3 below and 5 above";
    EXPECT_EQ(placed(68, narrow), 60) << "4 away from both: the lower end";
    for (int pitch = 0; pitch < 128; ++pitch)
        EXPECT_EQ(placed(pitch, {.lowest = 50, .highest = 50}), 50);
}

TEST(Scale, WhateverIsSetTheResultIsANote) {
    for_every_scale([](Scale scale) {
        for (int pitch = 0; pitch < 128; ++pitch)
            for (const int transpose : {-36, 36})
                for (const int octave : {-4, 4})
                    EXPECT_LE(
                        placed(
                            pitch,
                            {.scale = scale, .key = 6, .transpose = transpose, .octave = octave}),
                        127);
    });
}

}  // namespace
}  // namespace fusion
