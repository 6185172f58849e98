#include "tests/daemon/midi/frame_writer_rig.hpp"

#include <gmock/gmock.h>

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(FrameWriterTest, EachMessageIsAtItsFrameAndThoseOfTheNextPeriodWait) {
    note(1'000'000, 60);
    note(1'000'127, 61);
    note(1'000'128, 62);
    note(1'000'300, 63);
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x90, 60}, Written{127, 0x90, 61}));
    EXPECT_FALSE(writer_.settled());
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x90, 62}));
    EXPECT_THAT(period(), ElementsAre(Written{44, 0x90, 63}));
    EXPECT_TRUE(writer_.settled());
    EXPECT_EQ(counters().late, 0U);
}

TEST_F(FrameWriterTest, AMessageOfThePastIsWrittenAtOnceAndCounted) {
    note(999'990, 60);
    note(999'999, 61);
    note(1'000'005, 62);
    EXPECT_THAT(period(),
                ElementsAre(Written{0, 0x90, 60}, Written{0, 0x90, 61}, Written{5, 0x90, 62}));
    EXPECT_EQ(counters().late, 2U);
    EXPECT_EQ(counters().most_late, 10);
}

TEST_F(FrameWriterTest, AMessageWithoutRoomOpensTheNextPeriodAndOrderIsKept) {
    for (std::uint8_t i = 0; i < 5; ++i) note(1'000'010 + i, i);
    EXPECT_THAT(period([] {}, 2), ElementsAre(Written{10, 0x90, 0}, Written{11, 0x90, 1}));
    EXPECT_EQ(counters().kept_over, 1U);
    EXPECT_THAT(period([] {}, 2), ElementsAre(Written{0, 0x90, 2}, Written{0, 0x90, 3}));
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x90, 4}));
    EXPECT_EQ(counters().late, 3U);
    EXPECT_EQ(counters().kept_over, 2U);
}

TEST_F(FrameWriterTest, AfterAStandstillNotesAndClockAreLeftOutButNoteOffsAreNot) {
    note(1'000'000, 60);
    period();
    note(1'000'200, 61);
    send(1'000'210, kMidiClock);
    send(1'000'220, note_off(Channel{0}, Pitch{60}));
    note(1'009'000, 62);
    first_ = Frames{1'009'000};  // 8,800 frames: 183 ms
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x80, 60}, Written{0, 0x90, 62}));
    EXPECT_EQ(counters().too_late, 2U);
}

TEST_F(FrameWriterTest, WhatPassesIsMergedAtItsFrameAfterOurOwn) {
    note(1'000'010, 60);
    note(1'000'020, 61);
    note(1'000'030, 62);
    const auto written = period([this] {
        writer_.pass(Frames{0}, note_on(Channel{1}, Pitch{1}, Velocity{1}));
        writer_.pass(Frames{20}, note_on(Channel{1}, Pitch{2}, Velocity{1}));
        writer_.pass(Frames{25}, note_on(Channel{1}, Pitch{3}, Velocity{1}));
    });
    EXPECT_THAT(written,
                ElementsAre(Written{0, 0x91, 1}, Written{10, 0x90, 60}, Written{20, 0x90, 61},
                            Written{20, 0x91, 2}, Written{25, 0x91, 3}, Written{30, 0x90, 62}));
    EXPECT_EQ(counters().late, 0U);
}

TEST_F(FrameWriterTest, SilenceEndsWhatSoundsAndQuietsTheUsedChannels) {
    note(1'000'000, 60);
    note(1'000'001, 61);
    send(1'000'002, note_off(Channel{0}, Pitch{60}));
    period([this] { writer_.pass(Frames{3}, note_on(Channel{4}, Pitch{70}, Velocity{1})); });
    const auto written = period([this] { writer_.silence(FrameWriter::Quiet::used_channels); });
    EXPECT_THAT(written,
                ElementsAre(Written{0, 0x80, 61}, Written{0, 0x84, 70}, Written{0, 0xB0, 64},
                            Written{0, 0xB0, 123}, Written{0, 0xB0, 120}, Written{0, 0xB4, 64},
                            Written{0, 0xB4, 123}, Written{0, 0xB4, 120}));
    EXPECT_EQ(period([this] { writer_.silence(FrameWriter::Quiet::all_channels); }).size(), 48U);
    EXPECT_EQ(period([this] { writer_.silence(FrameWriter::Quiet::used_channels); }).size(), 6U);
}

TEST_F(FrameWriterTest, NotesWhoseEndFoundNoRoomOnItsWayThroughAreEndedInTheNextPeriod) {
    period([this] { writer_.pass(Frames{3}, note_on(Channel{4}, Pitch{70}, Velocity{1})); });
    EXPECT_THAT(period([this] { writer_.pass(Frames{3}, note_off(Channel{4}, Pitch{70})); }, 0),
                IsEmpty());
    EXPECT_EQ(counters().not_passed, 1U);
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x84, 70}));
    EXPECT_THAT(period(), IsEmpty());
}

TEST_F(FrameWriterTest, WhatIsForgottenIsNotPlayedLater) {
    for (std::uint8_t i = 0; i < 5; ++i) note(1'000'100 + 100 * i, i);
    EXPECT_EQ(period().size(), 1U);
    EXPECT_EQ(writer_.forget(), 4U);
    EXPECT_TRUE(writer_.settled());
    EXPECT_THAT(period(), IsEmpty());
}

}  // namespace
}  // namespace fusion
