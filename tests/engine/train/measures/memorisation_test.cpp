#include "engine/train/measures/memorisation.hpp"

#include <gtest/gtest.h>

#include "engine/train/random.hpp"
#include "tests/engine/train/measures/made_up_lines.hpp"

namespace fusion::train {
namespace {

NoteLine stretch(const NoteLine& line, std::size_t begin, std::size_t end) {
    NoteLine part;
    part.notes.assign(line.notes.begin() + static_cast<std::ptrdiff_t>(begin),
                      line.notes.begin() + static_cast<std::ptrdiff_t>(end));
    return part;
}

// `copied` notes of the line between notes that are in no training line.
NoteLine with_strange_ends(const NoteLine& line, std::size_t begin, std::size_t copied) {
    NoteLine strange;
    strange.notes = {{Cells{0}, Cells{7}, Pitch{1}}};
    auto out = joined(strange, stretch(line, begin, begin + copied));
    return joined(out, strange);
}

class MemorisationTest : public ::testing::Test {
protected:
    std::vector<NoteLine> training_ = made_up_lines(Style::leaps, 12, 1);
    TrainingRuns runs_{training_};
};

TEST_F(MemorisationTest, FindsACopiedPassageAtItsExactLength) {
    for (const std::size_t copied : {12U, 21U, 50U})
        EXPECT_EQ(runs_.longest_copied(with_strange_ends(training_[7], 30, copied)), copied);
}

TEST_F(MemorisationTest, APassageThatDiffersInOneNoteIsTwoShorterOnes) {
    auto altered = with_strange_ends(training_[3], 20, 41);
    altered.notes[21].pitch = Pitch{2};  // the copy's note 20
    EXPECT_EQ(runs_.longest_copied(altered), 20U);
    auto shifted = stretch(training_[3], 20, 61);
    for (std::size_t i = 25; i < shifted.size(); ++i)
        shifted.notes[i].onset = shifted.notes[i].onset + Cells{1};
    EXPECT_EQ(runs_.longest_copied(shifted), 25U) << "25 notes, then one comes late";
}

TEST_F(MemorisationTest, ATransposedPassageIsAnotherAndANotesLengthWithinItsTimeIsNot) {
    const auto copy = stretch(training_[2], 10, 50);
    EXPECT_LT(runs_.longest_copied(transposed(copy, 1)), 15U);
    auto detached = copy;
    for (LineNote& note : detached.notes) note.duration = Cells{1};
    EXPECT_EQ(runs_.longest_copied(detached), copy.size());
}

TEST_F(MemorisationTest, TheShareIsOfAllRunsOfTheLines) {
    EXPECT_DOUBLE_EQ(runs_.share_found(std::vector{stretch(training_[5], 3, 60)}), 1.0);
    // 10 notes copied make 3 runs of 8, in a line of 12 notes, which has 5.
    const auto line = with_strange_ends(training_[5], 3, 10);
    EXPECT_DOUBLE_EQ(runs_.share_found(std::vector{line}), 3.0 / 5.0);
    EXPECT_DOUBLE_EQ(runs_.share_found(std::vector{line, stretch(training_[0], 0, 7)}), 3.0 / 5.0);
    EXPECT_DOUBLE_EQ(runs_.share_found(std::vector<NoteLine>{}), 0.0);
}

TEST_F(MemorisationTest, ARunDoesNotGoOnFromOneLineIntoTheNext) {
    const auto across = joined(stretch(training_[0], 76, 96), stretch(training_[1], 0, 25));
    EXPECT_LE(runs_.longest_copied(across), 35U);
    EXPECT_GE(runs_.longest_copied(across), 25U);
}

TEST_F(MemorisationTest, TheHistogramCountsLinesByTheirLongestRun) {
    const std::vector<NoteLine> lines{with_strange_ends(training_[0], 0, 30),
                                      with_strange_ends(training_[1], 0, 30),
                                      with_strange_ends(training_[1], 9, 20), NoteLine{}};
    const auto histogram = runs_.longest_copied_histogram(lines);
    ASSERT_EQ(histogram.size(), 31U);
    EXPECT_EQ(histogram[0], 1U);
    EXPECT_EQ(histogram[20], 1U);
    EXPECT_EQ(histogram[30], 2U);
}

TEST(MemorisationOfNothingTest, FindsNothing) {
    const TrainingRuns runs{std::vector<NoteLine>{}};
    EXPECT_EQ(runs.longest_copied(made_up_line(Style::steps, 1)), 0U);
    EXPECT_DOUBLE_EQ(runs.share_found(std::vector{made_up_line(Style::steps, 1)}), 0.0);
}

// Slow and plain.
std::size_t longest_by_trying(const std::vector<NoteLine>& training, const NoteLine& line) {
    std::size_t longest = 0;
    for (const NoteLine& other : training)
        for (std::size_t i = 0; i < line.size(); ++i)
            for (std::size_t j = 0; j < other.size(); ++j) {
                std::size_t n = 0;
                while (i + n < line.size() && j + n < other.size() &&
                       line.notes[i + n].pitch == other.notes[j + n].pitch &&
                       (n == 0 || line.interonset(i + n - 1) == other.interonset(j + n - 1)))
                    ++n;
                longest = std::max(longest, n);
            }
    return longest;
}

TEST(MemorisationByTryingTest, AgreesWithComparingEveryPlaceWithEveryOther) {
    // Few pitches and times, so that runs are long and many are nearly alike.
    Random dice{7};
    const auto line = [&](std::size_t notes) {
        NoteLine out;
        int at = 0;
        for (std::size_t i = 0; i < notes; ++i) {
            const int time = dice.below(4) == 0 ? 12 : 6;
            out.notes.push_back(
                {Cells{at}, Cells{time}, Pitch{static_cast<std::uint8_t>(60 + dice.below(2))}});
            at += time;
        }
        return out;
    };
    std::vector<NoteLine> training;
    for (std::size_t i = 0; i < 30; ++i) training.push_back(line(1 + dice.below(40)));
    const TrainingRuns runs{training, 5};
    for (int i = 0; i < 200; ++i) {
        const auto asked = line(1 + dice.below(20));
        const auto longest = longest_by_trying(training, asked);
        ASSERT_EQ(runs.longest_copied(asked), longest);
        ASSERT_EQ(runs.share_found(std::vector{asked}) > 0.0, longest >= 5);
    }
}

}  // namespace
}  // namespace fusion::train
