#include "engine/corpus/line_text.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

Vocabulary words() {
    return *Vocabulary::make({{std::nullopt, Cells{6}},
                              {Pitch{60}, Cells{12}},
                              {Pitch{63}, Cells{18}},
                              {Pitch{69}, Cells{48}}});
}

Piece piece_of(EventSequence line) { return {"folk/x.mid", 0, "x", Split::test, std::move(line)}; }

TEST(LineText, IsALineABarWithPlaceNameAndDuration) {
    const auto piece = piece_of(
        {{1, 0, 2, 2, 2, 1}, {0, 12, 18, 0, 18, 0}, {1, 1, 1, 1, 1, 0}, {80, 0, 80, 80, 80, 80}});
    EXPECT_EQ(describe_line(piece, words()),
              "folk/x.mid: 6 events, test\n"
              "    triple | @0 C4:12 @12 -:6 @18 Eb4:18\n"
              "           | @0 Eb4:18 @18 Eb4:18\n"
              " quadruple | @0 C4:12\n");
}

TEST(LineText, ANoteHeldOverTheBarLineStandsWhereItBegins) {
    const auto piece = piece_of({{3, 3, 1}, {24, 24, 24}, {0, 0, 0}, {80, 80, 80}});
    EXPECT_EQ(describe_line(piece, words()),
              "folk/x.mid: 3 events, test\n"
              " quadruple | @24 A4:48\n"
              "           | @24 A4:48\n"
              "           | @24 C4:12\n");
}

TEST(LineText, AnEmptyLineIsItsHeadAlone) {
    EXPECT_EQ(describe_line(piece_of({}), words()), "folk/x.mid: 0 events, test\n\n");
}

}  // namespace
}  // namespace fusion
