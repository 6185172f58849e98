#include "engine/train/measures/note_line.hpp"

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

// A crotchet C, a quaver's rest, a quaver D, then a minim E in the next bar; an upbeat of one beat.
class NoteLineTest : public ::testing::Test {
protected:
    NoteLineTest() {
        vocabulary_ = *Vocabulary::make({{std::nullopt, Cells{6}},
                                         {Pitch{60}, Cells{12}},
                                         {Pitch{62}, Cells{6}},
                                         {Pitch{64}, Cells{24}}});
        line_.events = {1, 0, 2, 3};
        line_.positions = {36, 0, 6, 12};
        line_.meters = {0, 1, 1, 1};
        line_.velocities = {80, 0, 80, 80};
    }
    Vocabulary vocabulary_;
    EventSequence line_;
};

NoteLine quavers(std::size_t notes) {
    NoteLine line;
    for (std::size_t i = 0; i < notes; ++i)
        line.notes.push_back({Cells{static_cast<std::int32_t>(6 * i)}, Cells{6},
                              Pitch{static_cast<std::uint8_t>(40 + i)}});
    return line;
}

TEST_F(NoteLineTest, HasTheNotesAndWhereTheyStandAndRestsOnlyAsTime) {
    const auto line = note_line(line_, vocabulary_);
    const std::vector<LineNote> notes{
        {Cells{0}, Cells{12}, Pitch{60}, 36, MeterClass::quadruple},
        {Cells{18}, Cells{6}, Pitch{62}, 6, MeterClass::triple},
        {Cells{24}, Cells{24}, Pitch{64}, 12, MeterClass::triple},
    };
    EXPECT_EQ(line.notes, notes);
}

TEST_F(NoteLineTest, TheTimeToTheNextOnsetSpansARestAndTheLastIsItsDuration) {
    const auto line = note_line(line_, vocabulary_);
    EXPECT_EQ(line.interonset(0), Cells{18});
    EXPECT_EQ(line.interonset(1), Cells{6});
    EXPECT_EQ(line.interonset(2), Cells{24});
}

TEST_F(NoteLineTest, NotesOfOneBarShareItsBeginAndAnUpbeatsBarBeginsBeforeTheLine) {
    const auto line = note_line(line_, vocabulary_);
    EXPECT_EQ(line.bar_start(0), Cells{-36});
    EXPECT_EQ(line.bar_start(1), Cells{12});
    EXPECT_EQ(line.bar_start(2), Cells{12});
}

TEST(ExcerptsTest, AreConsecutiveAndBeginAtZeroAndTheRemainderIsDropped) {
    const auto parts = excerpts(quavers(11), std::size_t{4});
    ASSERT_EQ(parts.size(), 2U);
    EXPECT_EQ(parts[1].size(), 4U);
    EXPECT_EQ(parts[1].notes[0].onset, Cells{0});
    EXPECT_EQ(parts[1].notes[0].pitch, Pitch{44});
    EXPECT_EQ(parts[1].notes[3].onset, Cells{18});
}

TEST(ExcerptsTest, ALineOfHalfAnExcerptIsOneAndAShorterIsNone) {
    EXPECT_EQ(excerpts(quavers(5), std::size_t{10}).size(), 1U);
    EXPECT_EQ(excerpts(quavers(5), std::size_t{10})[0].size(), 5U);
    EXPECT_TRUE(excerpts(quavers(4), std::size_t{10}).empty());
    EXPECT_TRUE(excerpts(NoteLine{}, std::size_t{10}).empty());
}

TEST(ExcerptsTest, ByTimeHoldTheNotesThatBeginInEachStretch) {
    auto line = quavers(10);  // 60 cells
    line.notes.erase(line.notes.begin() + 4, line.notes.begin() + 8);
    line.notes[3].duration = Cells{6};
    const auto parts = excerpts(line, Cells{24});
    ASSERT_EQ(parts.size(), 1U) << "the second stretch has no note, the third is a remainder";
    EXPECT_EQ(parts[0].size(), 4U);
    EXPECT_EQ(excerpts(quavers(10), Cells{24}).size(), 2U);
    EXPECT_EQ(excerpts(quavers(10), Cells{24})[1].notes[0].pitch, Pitch{44});
    EXPECT_EQ(excerpts(quavers(2), Cells{24}).size(), 1U);
    EXPECT_TRUE(excerpts(quavers(1), Cells{24}).empty());
}

}  // namespace
}  // namespace fusion::train
