#include "engine/music/midi_door.hpp"

#include <cstddef>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The standard's own table (MIDI 1.0, summary of status bytes), written out by hand: statuses from
// `first` to `last`, and of how many bytes their messages are. What is not in it is no message.
struct Row {
    int first;
    int last;
    std::size_t length;
};
constexpr Row kStandard[] = {
    {0x80, 0x8F, 3},  // note off
    {0x90, 0x9F, 3},  // note on
    {0xA0, 0xAF, 3},  // key pressure
    {0xB0, 0xBF, 3},  // controller
    {0xC0, 0xCF, 2},  // program
    {0xD0, 0xDF, 2},  // channel pressure
    {0xE0, 0xEF, 3},  // pitch bend
    {0xF1, 0xF1, 2},  // quarter frame
    {0xF2, 0xF2, 3},  // song position
    {0xF3, 0xF3, 2},  // song select
    {0xF6, 0xF6, 1},  // tune request
    {0xF8, 0xF8, 1},  // clock
    {0xFA, 0xFC, 1},  // start, continue, stop
    {0xFE, 0xFF, 1},  // active sensing, reset
};

std::size_t length_by_the_standard(int status) {
    for (const auto& row : kStandard)
        if (status >= row.first && status <= row.last) return row.length;
    return 0;
}

TEST(MidiMessage, IsMadeOfAnyFirstByteAtItsExactLengthAndAtNoOther) {
    for (int first = 0; first < 256; ++first)
        for (std::size_t length = 0; length <= 4; ++length) {
            Bytes bytes(length, 0x40);
            if (length > 0) bytes[0] = static_cast<std::uint8_t>(first);
            const bool whole = length > 0 && length == length_by_the_standard(first);
            const auto message = MidiMessage::from(bytes);
            ASSERT_EQ(message.has_value(), whole) << std::hex << first << ", bytes: " << length;
            if (!message) continue;
            EXPECT_EQ(Bytes(message->span().begin(), message->span().end()), bytes);
            EXPECT_EQ(message->is_of_a_channel(), first < 0xF0);
        }
}

TEST(MidiMessage, IsMadeOfDataBytesBelow80Alone) {
    for (int first = 0x80; first < 0x100; ++first) {
        const auto length = length_by_the_standard(first);
        for (std::size_t place = 1; place < length; ++place)
            for (int data = 0; data < 256; ++data) {
                Bytes bytes(length, 0x01);
                bytes[0] = static_cast<std::uint8_t>(first);
                bytes[place] = static_cast<std::uint8_t>(data);
                ASSERT_EQ(MidiMessage::from(bytes).has_value(), data < 0x80)
                    << std::hex << first << ' ' << data << " at " << place;
            }
    }
}

TEST(MidiMessage, NeverHoldsAPitchThatIsNone) {
    for (int pitch = 0; pitch < 256; ++pitch)
        for (const int status : {0x80, 0x90}) {
            const Bytes bytes{static_cast<std::uint8_t>(status), static_cast<std::uint8_t>(pitch),
                              0x40};
            const auto message = MidiMessage::from(bytes);
            ASSERT_EQ(message.has_value(), pitch < 128);
            EXPECT_EQ(message.value_or(MidiMessage{}).pitch().count(), pitch < 128 ? pitch : 0);
            const auto own = note_on(Channel{0}, Pitch{static_cast<std::uint8_t>(pitch)},
                                     Velocity{static_cast<std::uint8_t>(pitch)});
            EXPECT_LT(own.pitch().count(), 128);
            EXPECT_LT(own.velocity().count(), 128);
        }
    EXPECT_EQ(MidiMessage{}.size(), 0U);
    EXPECT_FALSE(MidiMessage{}.is_of_a_channel());
}

class MidiDoorTest : public testing::Test {
protected:
    bool passes(const Bytes& bytes) { return door_.read(bytes).has_value(); }
    MidiDoor door_;
};

TEST_F(MidiDoorTest, PassesWholeMessagesAndCountsAllElse) {
    EXPECT_EQ(door_.read(Bytes{0x92, 60, 1}), note_on(Channel{2}, Pitch{60}, Velocity{1}));
    EXPECT_EQ(door_.read(Bytes{0xF8}), kMidiClock);
    EXPECT_EQ(door_.read(Bytes{0xF2, 1, 2}), song_position(257));
    EXPECT_EQ(door_.refused(), 0U);
    const Bytes malformed[] = {{},        {0x90, 0xFF, 0x40},   {0x90},       {0x90, 60},
                               {60, 1},   {0x90, 60, 1, 61, 1}, {0xC0, 1, 1}, {0xF4},
                               {0xF9},    {0x90, 0xF8, 60},     {0xF7},       {0xF2, 0x80, 0},
                               {0xF2, 0}, {0xF8, 0xF8}};
    for (const auto& bytes : malformed) EXPECT_FALSE(passes(bytes));
    EXPECT_EQ(door_.refused(), std::size(malformed));
    EXPECT_TRUE(passes({0x90, 60, 1}));
}

TEST_F(MidiDoorTest, SystemExclusiveIsPassedOverWholeAndInPieces) {
    EXPECT_FALSE(passes({0xF0, 0x7E, 0x7F, 0x06, 0x01, 0xF7}));
    EXPECT_FALSE(passes({0xF0}));
    EXPECT_FALSE(passes({0x7E, 0x01}));
    EXPECT_TRUE(passes({0xF8}));  // may come between the pieces
    EXPECT_FALSE(passes({0x7E, 0x01, 0x02}));
    EXPECT_FALSE(passes({0xF7}));
    EXPECT_EQ(door_.refused(), 0U);
    EXPECT_FALSE(passes({0x7E, 0x01, 0x02})) << "none has begun";
    EXPECT_EQ(door_.refused(), 1U);
}

TEST_F(MidiDoorTest, AnExclusiveThatNeverEndsIsEndedByTheNextStatus) {
    EXPECT_FALSE(passes({0xF0, 0x7E}));
    EXPECT_TRUE(passes({0x90, 60, 1}));
    EXPECT_FALSE(passes({60, 1}));
    EXPECT_EQ(door_.refused(), 1U);
}

}  // namespace
}  // namespace fusion
