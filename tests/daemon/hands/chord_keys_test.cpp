#include "daemon/hands/chord_keys.hpp"

#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"
#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;

class ChordKeysTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_TRUE(params_.set(ParamId::harmony, 2)); }

    bool on(int pitch, int channel = 0, std::size_t input = 0) {
        return keys_.take(note_on(Channel{static_cast<std::uint8_t>(channel)},
                                  Pitch{static_cast<std::uint8_t>(pitch)}, Velocity{80}),
                          input, time_.now());
    }
    bool off(int pitch, int channel = 0, std::size_t input = 0) {
        return keys_.take(note_off(Channel{static_cast<std::uint8_t>(channel)},
                                   Pitch{static_cast<std::uint8_t>(pitch)}),
                          input, time_.now());
    }
    bool control(std::uint8_t number, std::uint8_t value) {
        const std::array<std::uint8_t, 3> bytes{0xB0, number, value};
        return keys_.take(*MidiMessage::from(bytes), 0, time_.now());
    }
    void pass(Nanos span) {
        const auto end = time_.now() + span;
        while (time_.now() < end) {
            time_.sleep_until(std::min(end, time_.now() + 10ms));
            keys_.turn(time_.now(), Bpm{120.0});
        }
    }
    std::string chord() { return to_text(desk_.teller().now().held); }

    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    HarmonyDesk desk_{params_};
    ChordKeys keys_{params_, desk_};
};

TEST_F(ChordKeysTest, EachKeyThatGoesDownCountsAtOnce) {
    EXPECT_TRUE(on(60));
    EXPECT_EQ(chord(), "C5");
    EXPECT_TRUE(on(64));
    EXPECT_EQ(chord(), "C");
    on(67);
    on(70);
    EXPECT_EQ(chord(), "C7");
}

TEST_F(ChordKeysTest, AKeyThatIsLetGoIsMissedWhenTheOthersStay) {
    for (const int pitch : {60, 64, 67, 71}) on(pitch);
    EXPECT_EQ(chord(), "Cmaj7");
    off(71);
    EXPECT_EQ(chord(), "Cmaj7");
    pass(100ms);
    EXPECT_EQ(chord(), "C");
}

TEST_F(ChordKeysTest, AHandThatIsLiftedLeavesItsChordForABar) {
    for (const int pitch : {60, 64, 67}) on(pitch);
    off(60);
    pass(20ms);
    off(67);
    pass(20ms);
    off(64);
    pass(1900ms);
    EXPECT_EQ(chord(), "C") << "a bar of 4/4 at 120 is two seconds";
    pass(200ms);
    EXPECT_EQ(chord(), "N.C.");
}

TEST_F(ChordKeysTest, TheNextChordComesWithoutAHole) {
    for (const int pitch : {60, 64, 67}) on(pitch);
    for (const int pitch : {60, 64, 67}) off(pitch);
    pass(500ms);
    for (const int pitch : {65, 69, 72}) on(pitch);
    EXPECT_EQ(chord(), "F");
    pass(5s);
    EXPECT_EQ(chord(), "F") << "held, it stays";
}

TEST_F(ChordKeysTest, TheSustainPedalHoldsKeysDown) {
    EXPECT_TRUE(control(64, 127));
    for (const int pitch : {60, 64, 67}) on(pitch);
    for (const int pitch : {60, 64, 67}) off(pitch);
    pass(10s);
    EXPECT_EQ(chord(), "C");
    EXPECT_TRUE(control(64, 0));
    pass(2100ms);
    EXPECT_EQ(chord(), "N.C.");
}

TEST_F(ChordKeysTest, TwelveNotesAreAChordInWhichNothingIsWrong) {
    for (int pitch = 60; pitch < 72; ++pitch) on(pitch);
    EXPECT_EQ(size_of(desk_.teller().now().held.tones()), 12);
}

TEST_F(ChordKeysTest, WhatIsUnpluggedLetsGo) {
    for (const int pitch : {60, 64, 67}) on(pitch);
    keys_.let_go_of_all(time_.now());
    pass(2100ms);
    EXPECT_EQ(chord(), "N.C.");
    EXPECT_TRUE(off(60)) << "a note-off that comes late harms nothing";
    on(62);
    EXPECT_EQ(chord(), "D5");
}

TEST_F(ChordKeysTest, AllNotesOffLetsGo) {
    for (const int pitch : {60, 64, 67}) on(pitch);
    EXPECT_FALSE(control(123, 0)) << "others may want it too";
    pass(2100ms);
    EXPECT_EQ(chord(), "N.C.");
}

TEST_F(ChordKeysTest, OneChannelCanBeTheKeyboards) {
    ASSERT_TRUE(params_.set(ParamId::harmony_channel, 3));
    EXPECT_FALSE(on(60, 0));
    EXPECT_FALSE(off(60, 0));
    EXPECT_TRUE(on(62, 2));
    EXPECT_EQ(chord(), "D5");
}

TEST_F(ChordKeysTest, TheSameKeyOfTwoKeyboardsIsTwoKeys) {
    on(60, 0, 0);
    on(60, 0, 1);
    off(60, 0, 0);
    pass(1s);
    EXPECT_EQ(chord(), "C5");
}

TEST_F(ChordKeysTest, WhileHarmonyIsNotMidiNotesAreNobodysHere) {
    ASSERT_TRUE(params_.set(ParamId::harmony, 1));
    EXPECT_FALSE(on(60));
    EXPECT_FALSE(control(64, 127));
    ASSERT_TRUE(params_.set(ParamId::harmony, 2));
    on(60);
    ASSERT_TRUE(params_.set(ParamId::harmony, 1));
    EXPECT_TRUE(off(60)) << "the key that it took it also lets go";
    pass(100ms);
    ASSERT_TRUE(params_.set(ParamId::harmony, 2));
    EXPECT_EQ(chord(), "N.C.");
}

}  // namespace
}  // namespace fusion
