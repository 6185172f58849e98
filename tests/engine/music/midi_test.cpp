#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "engine/music/midi_message.hpp"
#include "engine/music/note_ledger.hpp"

namespace fusion {
namespace {

TEST(MidiMessage, WritesTheBytesOfTheStandard) {
    EXPECT_EQ(note_on(Channel{2}, Pitch{60}, Velocity{100}).bytes(),
              (std::array<std::uint8_t, 3>{0x92, 60, 100}));
    EXPECT_EQ(note_off(Channel{15}, Pitch{0}).bytes(), (std::array<std::uint8_t, 3>{0x8F, 0, 64}));
    EXPECT_EQ(control_change(Channel{0}, kAllNotesOff, 0).bytes(),
              (std::array<std::uint8_t, 3>{0xB0, 123, 0}));
}

TEST(MidiMessage, KeepsEveryFieldWithinItsBits) {
    const auto message = channel_message(0x90U, Channel{0xFF}, 0x1FF, 0x180);
    EXPECT_EQ(message.bytes(), (std::array<std::uint8_t, 3>{0x9F, 0x7F, 0x00}));
}

TEST(MidiMessage, ANoteOnWithoutVelocityIsANoteOff) {
    const auto message = note_on(Channel{0}, Pitch{60}, Velocity{0});
    EXPECT_TRUE(message.is_note_off());
    EXPECT_FALSE(message.is_note_on());
}

TEST(NoteLedger, KnowsWhatSoundsOnWhichChannel) {
    NoteLedger ledger;
    ledger.note(note_on(Channel{1}, Pitch{60}, Velocity{1}));
    EXPECT_TRUE(ledger.sounds(Channel{1}, Pitch{60}));
    EXPECT_FALSE(ledger.sounds(Channel{0}, Pitch{60}));
    ledger.note(control_change(Channel{1}, 60, 9));
    ledger.note(note_off(Channel{0}, Pitch{60}));
    EXPECT_EQ(ledger.count(), 1U);
    ledger.note(note_on(Channel{1}, Pitch{60}, Velocity{0}));
    EXPECT_EQ(ledger.count(), 0U);
}

TEST(NoteLedger, ReleasesEachSoundingNoteOnceAndForgetsIt) {
    NoteLedger ledger;
    for (std::uint8_t c = 0; c < 16; ++c)
        for (std::uint8_t p = c; p < 128; p = static_cast<std::uint8_t>(p + 16))
            ledger.note(note_on(Channel{c}, Pitch{p}, Velocity{64}));
    const auto sounding = ledger.count();
    std::set<std::pair<int, int>> released;
    std::size_t offs = 0;
    ledger.release_all([&](const MidiMessage& off) {
        ++offs;
        EXPECT_TRUE(off.is_note_off());
        released.insert({off.channel().count(), off.bytes()[1]});
    });
    EXPECT_EQ(offs, sounding);
    EXPECT_EQ(released.size(), sounding);
    EXPECT_EQ(ledger.count(), 0U);
}

}  // namespace
}  // namespace fusion
