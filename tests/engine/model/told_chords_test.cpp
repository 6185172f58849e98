#include "engine/model/told_chords.hpp"

#include <set>

#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion {
namespace {

ChordCode code(std::string_view symbol) { return code_of(*parse_chord_symbol(symbol)); }

TEST(ToldChords, AreWhatTheStepIsAsked) {
    HarmonyAsk ask;
    ask.now.code = code("Dm7");
    ask.next.code = code("G7");
    ask.next_in = Cells{24};
    ask.onset = HarmonyAsk::Onset::first;
    ask.bar = 5;
    EXPECT_EQ(told_of(ask), (ToldChords{code("Dm7"), code("G7"), Cells{24}, true, 5}));
}

TEST(ToldChords, OfAFreeLineAreNone) {
    HarmonyAsk ask;
    ask.bar = 3;
    ask.onset = HarmonyAsk::Onset::first;
    ask.next.code = code("G7");  // but nobody says when
    EXPECT_EQ(told_of(ask), (ToldChords{.bar = 3}));
}

TEST(ChordRows, TellEveryThingApartInItsOwnRows) {
    std::array<std::set<std::int64_t>, kChordRowsTold> seen;
    std::set<std::array<std::int64_t, kChordRowsTold>> all;
    std::size_t asked = 0;
    for (std::size_t c = 0; c <= kChordCodes; ++c)
        for (const int next_in : {0, 3, 9, 20, 40, 100})
            for (const bool first : {false, true})
                for (std::uint8_t bar = 0; bar < kPeriodBars; ++bar) {
                    const auto now =
                        c == kChordCodes ? kNoChordCode : ChordCode{static_cast<std::uint8_t>(c)};
                    const ToldChords told{now, code("C"), Cells{next_in}, first, bar};
                    const auto rows = chord_rows(told);
                    for (std::size_t i = 0; i < rows.size(); ++i) seen[i].insert(rows[i]);
                    all.insert(rows);
                    ++asked;
                }
    EXPECT_EQ(seen[0].size(), kChordFunctions + 1);
    EXPECT_EQ(seen[1].size(), kChordQualities + 1);
    EXPECT_EQ(seen[4].size(), kComingClasses);
    std::int64_t highest = -1;
    for (const auto& rows : seen) {
        EXPECT_GT(*rows.begin(), highest) << "rows of two things must not be the same";
        highest = *rows.rbegin();
    }
    EXPECT_LT(highest, static_cast<std::int64_t>(kChordRows));
    EXPECT_GT(all.size(), asked / 2);
}

}  // namespace
}  // namespace fusion
