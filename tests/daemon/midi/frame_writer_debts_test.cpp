// What the writer owes when a period is full.
#include <random>

#include <gmock/gmock.h>

#include "tests/daemon/midi/frame_writer_rig.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr auto kUsed = FrameWriter::Quiet::used_channels;

TEST_F(FrameWriterTest, WhatSilenceFindsNoRoomForComesFirstInTheNextPeriods) {
    for (std::uint8_t pitch = 60; pitch < 65; ++pitch) note(1'000'000, pitch);
    period([this] { writer_.pass(Frames{3}, note_on(Channel{4}, Pitch{70}, Velocity{1})); });
    note(1'000'130, 60);
    EXPECT_THAT(period([this] { writer_.silence(kUsed); }, 3),
                ElementsAre(Written{0, 0x80, 60}, Written{0, 0x80, 61}, Written{0, 0x80, 62}));
    EXPECT_FALSE(writer_.settled());
    EXPECT_THAT(period([] {}, 4), ElementsAre(Written{0, 0x80, 63}, Written{0, 0x80, 64},
                                              Written{0, 0x84, 70}, Written{0, 0xB0, 64}));
    EXPECT_THAT(period([] {}, 4), ElementsAre(Written{0, 0xB0, 123}, Written{0, 0xB0, 120},
                                              Written{0, 0xB4, 64}, Written{0, 0xB4, 123}));
    EXPECT_FALSE(writer_.settled());
    EXPECT_EQ(counters().kept_over, 3U);
    // The note that began meanwhile has not been cut.
    EXPECT_THAT(period(), ElementsAre(Written{0, 0xB4, 120}, Written{0, 0x90, 60}));
    EXPECT_TRUE(writer_.settled());
    EXPECT_THAT(period(), IsEmpty());
}

TEST_F(FrameWriterTest, NotesThatPassedThroughAreAllEndedThoughAPeriodHasRoomForTwo) {
    period([this] {
        for (std::uint8_t pitch = 60; pitch < 65; ++pitch)
            writer_.pass(Frames{0}, note_on(Channel{4}, Pitch{pitch}, Velocity{1}));
    });
    EXPECT_THAT(period([this] { writer_.end_passed(); }, 2),
                ElementsAre(Written{0, 0x84, 60}, Written{0, 0x84, 61}));
    EXPECT_THAT(period([] {}, 2), ElementsAre(Written{0, 0x84, 62}, Written{0, 0x84, 63}));
    EXPECT_THAT(period([] {}, 2), ElementsAre(Written{0, 0x84, 64}));
    EXPECT_THAT(period(), IsEmpty());
}

TEST_F(FrameWriterTest, OnlyTheNoteWhoseEndFoundNoRoomIsEndedForTheInput) {
    period([this] {
        writer_.pass(Frames{0}, note_on(Channel{4}, Pitch{70}, Velocity{1}));
        writer_.pass(Frames{0}, note_on(Channel{4}, Pitch{71}, Velocity{1}));
    });
    period([this] { writer_.pass(Frames{3}, note_off(Channel{4}, Pitch{70})); }, 0);
    EXPECT_THAT(period(), ElementsAre(Written{0, 0x84, 70}));
}

TEST_F(FrameWriterTest, APedalThatFoundNoRoomToComeUpComesUpInTheNextPeriod) {
    period([this] { writer_.pass(Frames{3}, control_change(Channel{4}, kSustainPedal, 127)); });
    period([this] { writer_.pass(Frames{3}, control_change(Channel{4}, kSustainPedal, 0)); }, 0);
    EXPECT_THAT(period(), ElementsAre(Written{0, 0xB4, 64}));
    EXPECT_THAT(period(), IsEmpty());
}

TEST_F(FrameWriterTest, APedalThatCameUpAndWentDownUnheardStaysDown) {
    period([this] { writer_.pass(Frames{3}, control_change(Channel{4}, kSustainPedal, 127)); });
    period([this] { writer_.pass(Frames{3}, control_change(Channel{4}, kSustainPedal, 0)); }, 0);
    period([this] { writer_.pass(Frames{3}, control_change(Channel{4}, kSustainPedal, 90)); }, 0);
    EXPECT_THAT(period(), IsEmpty());
}

// Two hands and a panicking performer, with room for 0 to 5 messages a period.
TEST_F(FrameWriterTest, HoweverLittleRoomThereIsEachNoteThatBeganEndsOnceAndInOrder) {
    std::mt19937 random{7};
    const auto one_in = [&](unsigned n) { return random() % n == 0; };
    Ear ear;
    std::array<std::bitset<128>, 2> held{};  // 0: the clock's, 1: what passes
    std::size_t sent = 0;
    std::size_t ons = 0;
    std::size_t offs = 0;
    const auto next = [&](std::size_t hand) {
        const Pitch pitch{static_cast<std::uint8_t>(60 + random() % 5)};
        const Channel channel{static_cast<std::uint8_t>(hand)};
        const bool ends = held[hand].test(pitch.count());
        held[hand].flip(pitch.count());
        if (!ends) ++sent;
        return ends ? note_off(channel, pitch) : note_on(channel, pitch, Velocity{9});
    };
    const auto turn = [&](std::size_t room, bool play) {
        const auto page = period(
            [&] {
                if (one_in(9)) writer_.silence(kUsed);
                if (one_in(9)) writer_.end_passed();
                if (play && one_in(2)) writer_.pass(Frames{7}, next(1));
            },
            room);
        for (const auto& event : page) {
            ons += event.status == 0x90 || event.status == 0x91 ? 1 : 0;
            const bool is_off = event.status == 0x80 || event.status == 0x81;
            if (is_off && ear.sounds(event.status & 0x0FU, event.number)) ++offs;
            ear.hears(event);
        }
    };
    for (int i = 0; i < 20'000; ++i) {
        if (one_in(2)) send(first_.count() + 60, next(0));
        turn(random() % 6, true);
    }
    // Whoever held a key lets it go.
    for (std::uint8_t pitch = 0; pitch < 128; ++pitch)
        if (held[0].test(pitch)) send(first_.count(), note_off(Channel{0}, Pitch{pitch}));
    turn(1000, false);
    turn(1000, false);
    period([this] { writer_.end_passed(); });
    EXPECT_EQ(ear.doubled(), 0U);
    EXPECT_GT(ons, 1000U);
    EXPECT_LE(ons, sent);
    EXPECT_EQ(ear.sounding(), 0U);
    EXPECT_EQ(ons, offs) << "each by a note-off of its own, none by a controller alone";
}

}  // namespace
}  // namespace fusion
