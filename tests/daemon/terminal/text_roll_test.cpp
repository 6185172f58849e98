#include "daemon/terminal/text_roll.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

constexpr Meter kMeter{4, 4};
constexpr Ticks kSixteenth{240};

PlayedEvent note(int pitch, Ticks start, Ticks gate, std::uint32_t index) {
    PlayedEvent event;
    event.kind = PlayedEvent::Kind::step;
    event.step.kind = StepKind::note;
    event.step.pitch = Pitch{static_cast<std::uint8_t>(pitch)};
    event.step.start = start;
    event.step.duration = event.step.gate = gate;
    event.line_at = {0, index + 1};
    return event;
}

PlannedTail tail_of(std::uint32_t first, int pitch, Ticks start) {
    PlannedTail tail;
    tail.first = {0, first};
    tail.count = 1;
    tail.steps[0].kind = StepKind::note;
    tail.steps[0].pitch = Pitch{static_cast<std::uint8_t>(pitch)};
    tail.steps[0].start = start;
    tail.steps[0].duration = kSixteenth * 2;
    return tail;
}

// 4 columns of labels, then 12 of time, the play head in the ninth of them.
std::string drawn(const TextRoll& roll, Ticks now, int rows = 3) {
    Picture page{{rows, 16}};
    roll.draw(page, {0, 0, rows, 16}, now, kMeter);
    return page.text();
}

bool has_notes(const std::string& page) {
    return page.find("▀") != std::string::npos || page.find("▄") != std::string::npos ||
           page.find("█") != std::string::npos;
}

TEST(TextRoll, PlayedNotesLieLeftOfThePlayHeadAndPlannedOnesRightOfIt) {
    TextRoll roll;
    roll.played(note(60, kSixteenth * 4, kSixteenth * 2, 0));
    roll.played(note(64, kSixteenth * 6, kSixteenth * 2, 1));
    roll.planned(tail_of(2, 62, kSixteenth * 9));
    // Bar one begins at the left edge, as the play head is half a bar in.
    EXPECT_EQ(drawn(roll, kSixteenth * 8),
              "    ┊     ▀▀│\n"
              "    ┊       │▀▀\n"
              "C4  ┊   ▀▀  │\n");
}

TEST(TextRoll, AColumnIsASixteenthAndTimeMovesLeft) {
    TextRoll roll;
    roll.played(note(60, Ticks{0}, kSixteenth, 0));
    EXPECT_NE(drawn(roll, kSixteenth * 2).find("▀ │"), std::string::npos)
        << drawn(roll, kSixteenth * 2);
    EXPECT_NE(drawn(roll, kSixteenth * 4).find("▀   │"), std::string::npos);
}

TEST(TextRoll, APlannedNoteThatWasPlayedMeanwhileIsNotShownTwice) {
    TextRoll roll;
    roll.played(note(60, kSixteenth * 8, kSixteenth * 2, 5));
    roll.planned(tail_of(5, 72, kSixteenth * 10));
    EXPECT_EQ(drawn(roll, kSixteenth * 8).find("C5"), std::string::npos);
    roll.planned(tail_of(6, 72, kSixteenth * 10));
    EXPECT_NE(drawn(roll, kSixteenth * 8, 8).find("C5"), std::string::npos);
}

TEST(TextRoll, TwoPitchesOfOneCellFillIt) {
    TextRoll roll;
    // One is held while the other begins: a part's note under the line's.
    roll.played(note(61, Ticks{0}, kSixteenth * 2, 0));
    roll.played(note(60, Ticks{0}, kSixteenth * 2, 1));
    EXPECT_NE(drawn(roll, kSixteenth * 4, 1).find("██"), std::string::npos)
        << drawn(roll, kSixteenth * 4, 1);
}

TEST(TextRoll, WhatBeginsAgainBeginsEmpty) {
    TextRoll roll;
    roll.played(note(60, kSixteenth * 100, kSixteenth * 2, 0));
    roll.played(note(72, Ticks{0}, kSixteenth * 2, 0));
    EXPECT_NE(drawn(roll, kSixteenth * 2).find("C5"), std::string::npos);
    EXPECT_TRUE(has_notes(drawn(roll, kSixteenth * 2)));
    EXPECT_FALSE(has_notes(drawn(roll, kSixteenth * 102)));
}

TEST(TextRoll, ALineWiderThanTheAreaLosesItsLowestNotes) {
    TextRoll roll;
    roll.played(note(36, Ticks{0}, kSixteenth, 0));
    roll.played(note(96, kSixteenth, kSixteenth, 1));
    const auto page = drawn(roll, kSixteenth * 4);
    EXPECT_NE(page.find("C7"), std::string::npos) << page;
    EXPECT_EQ(page.find("C2"), std::string::npos) << page;
}

TEST(TextRoll, WithoutNotesOrRoomItDrawsNoneAndStaysInItsArea) {
    const TextRoll roll;
    EXPECT_FALSE(has_notes(drawn(roll, Ticks{0})));
    Picture page{{2, 10}};
    roll.draw(page, {0, 0, 1, 10}, Ticks{0}, kMeter);
    EXPECT_EQ(page.text(), "\n\n") << "too narrow for labels and eight columns";
    roll.draw(page, {0, 0, 0, 60}, Ticks{0}, {7, 8});
    EXPECT_EQ(page.text(), "\n\n");
}

}  // namespace
}  // namespace fusion
