#include "daemon/hands/chord_teller.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/base/time_source.hpp"
#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ChordTellerTest : public testing::Test {
protected:
    // Each as "Dm7 at 500", in ms.
    std::vector<std::string> take() { return std::exchange(told_, {}); }
    void beat(std::int64_t number) {
        PlayedEvent event;
        event.kind = PlayedEvent::Kind::beat;
        event.tick = beats(number);
        event.due = kBegin + number * 500ms;
        teller_.played(event, kTempo);
        teller_.turn(event.due);
    }

    static constexpr TimePoint kBegin{100s};
    static constexpr Bpm kTempo{120.0};
    SimulatedTime time_;
    ParamStore params_{{"jazz"}, time_};
    HarmonyDesk desk_{params_};
    std::vector<std::string> told_;
    ChordTeller teller_{desk_, [this](const Chord& chord, TimePoint due) {
                            const auto ms =
                                std::chrono::round<std::chrono::milliseconds>(due - kBegin);
                            told_.push_back(to_text(chord) + " at " + std::to_string(ms.count()));
                        }};
};

TEST_F(ChordTellerTest, TellsEachChordOnItsBeatAndOnce) {
    ASSERT_TRUE(desk_.play("Dm7 G7 | C^7"));
    for (int b = 0; b < 9; ++b) beat(b);
    EXPECT_THAT(take(), ElementsAre("Dm7 at 0", "G7 at 1000", "Cmaj7 at 2000", "Dm7 at 4000"));
}

TEST_F(ChordTellerTest, WithinABeatAChordComesAtItsOwnPlace) {
    ASSERT_TRUE(desk_.play("C F C F C F C F"));
    beat(0);
    EXPECT_THAT(take(), ElementsAre("C at 0"));
    EXPECT_FALSE(teller_.turn(kBegin + 251ms)) << "that was all of this beat";
    EXPECT_THAT(take(), ElementsAre("F at 250"));
}

TEST_F(ChordTellerTest, AHandIsHeardAtOnceAndGivingBackToo) {
    beat(0);
    EXPECT_THAT(take(), IsEmpty()) << "nobody has said anything";
    ASSERT_TRUE(desk_.play("Am"));
    teller_.look(Ticks{100}, kBegin + 52ms, kTempo);
    EXPECT_THAT(take(), ElementsAre("Am at 52"));
    ASSERT_TRUE(desk_.play(""));
    teller_.look(Ticks{200}, kBegin + 104ms, kTempo);
    EXPECT_THAT(take(), ElementsAre("N.C. at 104"));
}

TEST_F(ChordTellerTest, WhatCannotBeReadIsToldWithItsPlaceAndTheOldOneStays) {
    ASSERT_TRUE(desk_.play("Am"));
    const auto revision = params_.current().revision;
    const auto refused = desk_.play("Dm7 Gx7 | C");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("character 6"));
    EXPECT_EQ(desk_.at(0), *parse_chord_symbol("Am"));
    EXPECT_EQ(params_.current().revision, revision);
}

TEST_F(ChordTellerTest, TheParameterSaysWhoseChordsCount) {
    ASSERT_TRUE(desk_.play("Am"));
    desk_.hold(*parse_chord_symbol("F"));
    EXPECT_EQ(desk_.at(0), *parse_chord_symbol("Am"));
    ASSERT_TRUE(params_.set(ParamId::harmony, 2));
    EXPECT_EQ(desk_.at(0), *parse_chord_symbol("F"));
    ASSERT_TRUE(params_.set(ParamId::harmony, 0));
    EXPECT_TRUE(desk_.at(0).is_none());
}

}  // namespace
}  // namespace fusion
