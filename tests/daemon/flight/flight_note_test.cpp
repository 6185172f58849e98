#include "daemon/flight/flight_note.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

PlayedEvent step_event() {
    PlayedEvent event;
    event.kind = PlayedEvent::Kind::step;
    event.step.kind = StepKind::note;
    event.step.index = 7;
    event.step.pitch = Pitch{60};
    event.step.velocity = Velocity{96};
    event.step.channel = Channel{2};
    event.heard_at = Ticks{970};
    event.ends = Ticks{1000};
    event.line_at = {0, 8};
    event.sounds = true;
    return event;
}

TEST(FlightNoteTest, AStepIsTheLinesNoteAndThoseOfThePartsThatSound) {
    auto event = step_event();
    event.part_channels[1] = 5;
    event.parts[1] = {PartNote::Kind::note, Pitch{48}, Velocity{80}, Ticks{100}, Ticks{90}};
    event.parts[2] = {PartNote::Kind::note, Pitch{50}, Velocity{80}, Ticks{100}, Ticks{90}};
    const auto notes = notes_of(event, 3);
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_EQ(notes[0], (FlightNote{3, 7, 0, Ticks{970}, 3, 60, 96, Ticks{30}}));
    EXPECT_EQ(notes[1], (FlightNote{3, 7, 2, Ticks{970}, 5, 48, 80, Ticks{90}}));
}

TEST(FlightNoteTest, WhatDoesNotSoundIsNone) {
    auto event = step_event();
    event.sounds = false;
    EXPECT_TRUE(notes_of(event, 0).empty());
    event.sounds = true;
    event.kind = PlayedEvent::Kind::late_step;
    EXPECT_TRUE(notes_of(event, 0).empty());
}

TEST(FlightNoteTest, WhatFillsAHoleIsNoNoteOfTheLine) {
    auto event = step_event();
    event.line_at = {};
    EXPECT_FALSE(is_of_line(event));
    EXPECT_EQ(notes_of(event, 0).at(0).of, FlightNote::Of::filler);
}

TEST(FlightNoteTest, TextComesBack) {
    const FlightNote note{1, 4294967295U, 16, Ticks{123456789}, 16, 127, 1, Ticks{15360}};
    EXPECT_EQ(parse_flight_note(to_text(note)), note);
    for (const auto* wrong :
         {"", "=", "= 1", "= 1 2 0 4 5 6 7", "= 1 2 0 4 17 6 7 8", "= 1 2 99 4 5 6 7 8",
          "= 1 2 0 4 5 200 7 8", "x 1 2 0 4 5 6 7 8", "= 1 2 0 -4 5 6 7 8", "= 1 2 0 4 5 6 7 8 9"})
        EXPECT_FALSE(parse_flight_note(wrong)) << wrong;
}

}  // namespace
}  // namespace fusion
