#include "daemon/flight/flight_log.hpp"

#include <gtest/gtest.h>

#include <fmt/format.h>

namespace fusion {
namespace {

TEST(FlightLogTest, WhatIsWrittenStandsThereInOrder) {
    FlightLog log;
    log.begin("# head\n");
    EXPECT_TRUE(log.control(":1 tempo 90"));
    log.note("#= 1");
    log.end(":2 end");
    EXPECT_TRUE(log.control(":2 tempo 91"));
    log.end(":3 end");
    const auto text = log.text();
    EXPECT_TRUE(text.starts_with("# head\n:1 tempo 90\n:2 tempo 91\n#= 1 ")) << text;
    EXPECT_NE(text.find(":3 end"), std::string::npos);
    EXPECT_EQ(text.find(":2 end"), std::string::npos) << "the newest end alone counts";
    EXPECT_EQ(text.back(), '\n');
}

TEST(FlightLogTest, OfNotesTheLastAreKeptWithoutTheOneThatIsWrittenOverNext) {
    FlightLog log;
    log.begin("");
    for (std::size_t i = 0; i < FlightLog::kNotes + 5; ++i) log.note(fmt::format("#= {}", i));
    const auto pieces = log.pieces();
    EXPECT_EQ(pieces[1].size() + pieces[2].size(), (FlightLog::kNotes - 1) * FlightLog::kNoteBytes);
    EXPECT_TRUE(pieces[1].starts_with("#= 6 "));
    EXPECT_TRUE(pieces[2].starts_with(fmt::format("#= {} ", FlightLog::kNotes)));
}

TEST(FlightLogTest, AFullLogRefusesAndHasRoomForALastWord) {
    FlightLog log{1024};
    log.begin("# head\n");
    while (log.control(":1 tempo 90")) {
    }
    log.last_word("#! cut 1 full");
    EXPECT_NE(log.text().find("#! cut 1 full\n"), std::string::npos);
    EXPECT_LE(log.controls_used(), log.control_room());
    log.begin("# again\n");
    EXPECT_TRUE(log.control(":1 tempo 90"));
    EXPECT_EQ(log.text(), "# again\n:1 tempo 90\n");
}

TEST(FlightLogTest, ALineThatIsTooLongForItsPlaceIsCut) {
    FlightLog log;
    log.note(std::string(500, 'x'));
    EXPECT_EQ(log.pieces()[1].size(), FlightLog::kNoteBytes);
    EXPECT_EQ(log.pieces()[1].back(), '\n');
}

}  // namespace
}  // namespace fusion
