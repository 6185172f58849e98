#include "daemon/hands/controller_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using Form = Gesture::Form;

class ControllerReaderTest : public testing::Test {
protected:
    // The likeliest meaning of the last of several controller messages.
    Gesture cc(std::initializer_list<std::pair<unsigned, unsigned>> messages, std::size_t input = 0,
               std::uint8_t channel = 0) {
        Gestures gestures;
        for (const auto& [controller, value] : messages)
            gestures = reader_.read(control_change(Channel{channel}, controller, value), input);
        return gestures.empty() ? Gesture{MidiKind::note, 999} : *gestures.begin();
    }
    static bool is_nothing(const Gesture& gesture) { return gesture.number == 999; }

    ControllerReader reader_;
};

TEST_F(ControllerReaderTest, AnUpperHalfActsAtOnceAndTheLowerRefinesIt) {
    const auto upper = cc({{1, 100}});
    EXPECT_EQ(upper.kind, MidiKind::cc14);
    EXPECT_EQ(upper.value, 100 << 7);
    const auto whole = cc({{33, 5}});
    EXPECT_EQ(whole.kind, MidiKind::cc14);
    EXPECT_EQ(whole.number, 1);
    EXPECT_EQ(whole.value, (100 << 7) + 5);
    EXPECT_EQ(cc({{33, 6}}).value, (100 << 7) + 6) << "a lower half alone";
    EXPECT_EQ(cc({{1, 101}}).value, 101 << 7) << "an upper half starts at 0 again";
}

TEST_F(ControllerReaderTest, ALowerHalfBeforeAnyUpperOneIsAControllerOfItsOwn) {
    const auto lone = cc({{33, 5}});
    EXPECT_EQ(lone.kind, MidiKind::cc);
    EXPECT_EQ(lone.number, 33);
    EXPECT_EQ(lone.value, 5);
}

TEST_F(ControllerReaderTest, ChannelsAndInputsDoNotFinishOneAnothersPairs) {
    EXPECT_EQ(cc({{1, 100}}, 0, 0).kind, MidiKind::cc14);
    EXPECT_EQ(cc({{33, 5}}, 1, 0).kind, MidiKind::cc);
    EXPECT_EQ(cc({{33, 5}}, 0, 1).kind, MidiKind::cc);
    EXPECT_EQ(cc({{33, 7}}, 0, 0).value, (100 << 7) + 7);
}

// As a BCF2000 sends them.
TEST_F(ControllerReaderTest, AnNrpnIsChosenThenSetByItsData) {
    const auto upper = cc({{99, 9}, {98, 82}, {6, 64}});
    EXPECT_EQ(upper.kind, MidiKind::nrpn);
    EXPECT_EQ(upper.number, (9 << 7) + 82);
    EXPECT_EQ(upper.value, 64 << 7);
    EXPECT_EQ(cc({{38, 3}}).value, (64 << 7) + 3);
    EXPECT_EQ(cc({{6, 64}}).value, 64 << 7) << "an upper half starts at 0 again";
    EXPECT_EQ(cc({{99, 9}, {98, 82}, {38, 4}}).value, (64 << 7) + 4) << "chosen once more";
    EXPECT_TRUE(is_nothing(cc({{98, 83}, {38, 4}}))) << "another's lower half knows no upper";
    EXPECT_EQ(cc({{6, 1}}).number, (9 << 7) + 83);
}

TEST_F(ControllerReaderTest, IncrementsAreClicks) {
    const auto up = cc({{99, 0}, {98, 5}, {96, 0}});
    EXPECT_EQ(up.form, Form::clicks);
    EXPECT_EQ(up.number, 5);
    EXPECT_EQ(up.clicks, 1);
    EXPECT_EQ(cc({{97, 127}}).clicks, -1);
}

TEST_F(ControllerReaderTest, NullChoosesNoneAndRpnsAreNotOurs) {
    EXPECT_TRUE(is_nothing(cc({{101, 0}, {100, 0}, {6, 2}}))) << "pitch bend's range";
    EXPECT_EQ(cc({{99, 0}, {98, 5}, {6, 2}}).kind, MidiKind::nrpn);
    EXPECT_TRUE(is_nothing(cc({{101, 0}, {100, 0}, {6, 2}})));
    const auto plain = cc({{101, 127}, {100, 127}, {6, 2}});
    EXPECT_NE(plain.kind, MidiKind::nrpn);
    EXPECT_EQ(plain.number, 6);
    EXPECT_NE(cc({{99, 127}, {98, 127}, {6, 2}}).kind, MidiKind::nrpn);
}

TEST_F(ControllerReaderTest, HalfAChoiceChoosesNothing) {
    EXPECT_TRUE(is_nothing(cc({{99, 3}, {6, 2}})));
    EXPECT_EQ(cc({{99, 3}, {98, 4}, {6, 2}}, 1).number, (3 << 7) + 4) << "another input's own";
}

TEST_F(ControllerReaderTest, NotesProgramsAndPitchBendAreRead) {
    auto of = [this](MidiMessage message) { return *reader_.read(message, 0).begin(); };
    EXPECT_EQ(of(note_on(Channel{2}, Pitch{60}, Velocity{1})).form, Form::press);
    EXPECT_EQ(of(note_off(Channel{2}, Pitch{60})).form, Form::release);
    EXPECT_EQ(of(note_on(Channel{2}, Pitch{60}, Velocity{0})).form, Form::release);
    EXPECT_EQ(of(program_change(Channel{0}, 0)).number, 1) << "programs count from 1";
    const auto bend = of(pitch_bend(Channel{3}, 0x40 * 128 + 0x7F));
    EXPECT_EQ(bend.kind, MidiKind::pitch_bend);
    EXPECT_EQ(bend.value, 0x40 * 128 + 0x7F);
    EXPECT_EQ(bend.highest, 16383);
}

TEST_F(ControllerReaderTest, WhatNoHandDoesIsPassedOver) {
    EXPECT_TRUE(reader_.read(kMidiClock, 0).empty());
    EXPECT_TRUE(reader_.read(song_position(1), 0).empty());
    EXPECT_TRUE(reader_.read(control_change(Channel{0}, 1, 1), 4).empty())
        << "there are four inputs";
    EXPECT_TRUE(reader_.read(control_change(Channel{0}, kAllNotesOff, 0), 0).empty());
    EXPECT_TRUE(reader_.read({}, 0).empty());
}

std::vector<int> clicks(Encoder encoder, std::initializer_list<unsigned> values) {
    std::vector<int> all;
    for (const auto value : values) all.push_back(clicks_of(encoder, value));
    return all;
}

TEST(ClicksOf, EachEncodingCountsAsItsMakersDo) {
    using testing::ElementsAre;
    // "Relative 1", "2" and "3" of the usual controllers: slowly up, fast up, slowly down, fast.
    EXPECT_THAT(clicks(Encoder::twos_complement, {1, 5, 63, 127, 123, 64}),
                ElementsAre(1, 5, 63, -1, -5, -64));
    EXPECT_THAT(clicks(Encoder::sign_magnitude, {1, 5, 63, 65, 69, 127}),
                ElementsAre(1, 5, 63, -1, -5, -63));
    EXPECT_THAT(clicks(Encoder::offset, {65, 69, 127, 63, 59, 0}),
                ElementsAre(1, 5, 63, -1, -5, -64));
    EXPECT_EQ(clicks_of(Encoder::twos_complement, 0), 0);
    EXPECT_EQ(clicks_of(Encoder::sign_magnitude, 0), 0);
    EXPECT_EQ(clicks_of(Encoder::sign_magnitude, 64), 0);
    EXPECT_EQ(clicks_of(Encoder::offset, 64), 0);
    EXPECT_EQ(clicks_of(Encoder::absolute, 1), 0);
}

}  // namespace
}  // namespace fusion
