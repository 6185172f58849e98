#include "engine/train/measures/musical_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/engine/train/measures/made_up_lines.hpp"

namespace fusion::train {
namespace {

double overlap_of(const std::vector<FeatureComparison>& features, const std::string& name) {
    for (const auto& feature : features)
        if (feature.name == name) return feature.overlap;
    ADD_FAILURE() << "no feature " << name;
    return 0.0;
}

TEST(MusicalStatisticsTest, LinesOfOneStyleAreLikeEachOther) {
    const auto features =
        compare(made_up_lines(Style::steps, 60, 1, 64), made_up_lines(Style::steps, 60, 2, 64));
    EXPECT_EQ(features.size(), 11U);
    EXPECT_GT(mean_overlap(features), 0.85);
    for (const auto& feature : features) EXPECT_GT(feature.overlap, 0.7) << feature.name;
}

TEST(MusicalStatisticsTest, LinesOfAnotherStyleAreUnlikeInWhatDiffers) {
    const auto real = made_up_lines(Style::steps, 40, 1, 64);
    const auto features = compare(made_up_lines(Style::leaps, 40, 2, 64), real);
    EXPECT_LT(overlap_of(features, "mean_interval"), 0.1);
    EXPECT_LT(overlap_of(features, "note_length_histogram"), 0.1);
    EXPECT_DOUBLE_EQ(overlap_of(features, "note_count"), 1.0) << "all have 64 notes";
    EXPECT_LT(mean_overlap(features),
              mean_overlap(compare(made_up_lines(Style::steps, 40, 3, 64), real)));
}

TEST(MusicalStatisticsTest, OnlyThePitchFeaturesNoticeOtherPitches) {
    const auto real = made_up_lines(Style::steps, 40, 1, 64);
    auto narrow = real;
    for (NoteLine& line : narrow)
        for (LineNote& note : line.notes) note.pitch = Pitch{60};
    const auto features = compare(narrow, real);
    const auto same = compare(real, real);
    for (const char* name : {"pitch_count", "pitch_class_histogram", "pitch_class_transitions",
                             "pitch_range", "mean_interval", "bar_pitch_count"})
        EXPECT_LT(overlap_of(features, name), 0.5) << name;
    for (const char* name : {"note_count", "mean_interonset", "note_length_histogram",
                             "note_length_transitions", "bar_note_count"})
        EXPECT_DOUBLE_EQ(overlap_of(features, name), overlap_of(same, name)) << name;
}

TEST(MusicalStatisticsTest, OneLineAndNoLineHaveAnAnswer) {
    const auto lines = made_up_lines(Style::steps, 3, 1);
    const std::vector one{made_up_line(Style::steps, 9)};
    NoteLine single;
    single.notes = {{Cells{0}, Cells{12}, Pitch{60}}};
    for (const auto& features :
         {compare(lines, one), compare(one, lines), compare(one, one),
          compare(std::vector{single}, lines), compare(lines, std::vector{single, single})})
        for (const auto& feature : features) {
            EXPECT_TRUE(std::isfinite(feature.kl) && feature.kl >= 0.0) << feature.name;
            EXPECT_TRUE(feature.overlap >= 0.0 && feature.overlap <= 1.0) << feature.name;
        }
    EXPECT_DOUBLE_EQ(mean_overlap(compare(one, one)), 1.0);
    EXPECT_TRUE(compare({}, lines).empty());
    EXPECT_TRUE(compare(lines, std::vector{NoteLine{}}).empty());
    EXPECT_DOUBLE_EQ(mean_overlap({}), 0.0);
}

TEST(MusicalStatisticsTest, HistogramsAreSharesOfAllNotes) {
    NoteLine line;
    line.notes = {{Cells{0}, Cells{12}, Pitch{60}},
                  {Cells{12}, Cells{12}, Pitch{72}},
                  {Cells{24}, Cells{1}, Pitch{62}},
                  {Cells{25}, Cells{48}, Pitch{71}}};
    const std::vector lines{line, NoteLine{}};
    const auto pitches = pitch_class_histogram(lines);
    EXPECT_DOUBLE_EQ(pitches[0], 0.5);
    EXPECT_DOUBLE_EQ(pitches[2], 0.25);
    EXPECT_DOUBLE_EQ(pitches[11], 0.25);
    const auto durations = duration_histogram(lines);
    ASSERT_EQ(durations.size(), duration_classes().size());
    EXPECT_DOUBLE_EQ(durations.front(), 0.25);
    EXPECT_DOUBLE_EQ(durations.back(), 0.25);
    EXPECT_DOUBLE_EQ(durations[7], 0.5) << "12 cells";
    const auto none = duration_histogram({});
    EXPECT_DOUBLE_EQ(std::accumulate(none.begin(), none.end(), 0.0), 0.0);
}

}  // namespace
}  // namespace fusion::train
