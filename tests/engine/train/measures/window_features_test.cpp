#include "engine/train/measures/window_features.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

// Quavers, one after the other.
NoteLine quavers(const std::vector<int>& pitches) {
    NoteLine line;
    int at = 0;
    for (const int pitch : pitches) {
        line.notes.push_back({Cells{at}, Cells{6}, Pitch{static_cast<std::uint8_t>(pitch)},
                              static_cast<std::uint8_t>(at % 48)});
        at += 6;
    }
    return line;
}

double feature(const NoteLine& line, std::string_view name) {
    return features_of(line)[feature_index(name)];
}

const std::vector<int> kScale{60, 62, 64, 65, 67, 69, 71, 72};

std::vector<int> repeated(const std::vector<int>& bar, int times) {
    std::vector<int> all;
    for (int i = 0; i < times; ++i) all.insert(all.end(), bar.begin(), bar.end());
    return all;
}

TEST(WindowFeatures, EachHasANameOfItsOwnAndANumber) {
    const auto names = feature_names();
    EXPECT_EQ(std::set<std::string_view>(names.begin(), names.end()).size(), names.size());
    for (const auto& line : {quavers({60, 60}), quavers(kScale), quavers(repeated(kScale, 6))}) {
        const auto values = features_of(line);
        ASSERT_EQ(values.size(), names.size());
        for (const double value : values) EXPECT_TRUE(std::isfinite(value));
    }
}

TEST(WindowFeatures, RangeKeyAndSteps) {
    const auto scale = quavers(kScale);
    EXPECT_EQ(feature(scale, "range"), 12.0);
    EXPECT_EQ(feature(scale, "out_of_key"), 0.0);
    EXPECT_EQ(feature(scale, "steps"), 1.0);
    const auto chromatic = quavers({60, 61, 62, 63, 64, 65, 66, 67, 68, 69, 70, 71});
    EXPECT_NEAR(feature(chromatic, "out_of_key"), 5.0 / 12.0, 1e-9);
    EXPECT_LT(feature(chromatic, "key_clarity"), feature(scale, "key_clarity"));
    // In any key.
    std::vector<int> moved = kScale;
    for (int& pitch : moved) pitch += 6;
    EXPECT_EQ(feature(quavers(moved), "out_of_key"), 0.0);
    EXPECT_NEAR(feature(quavers(moved), "out_of_home"), 6.0 / 8.0, 0.2);
}

TEST(WindowFeatures, WhatReturnsIsHeardAtItsDistance) {
    const auto once = quavers(kScale);
    EXPECT_EQ(feature(once, "pitches_3_return"), 0.0);
    const auto often = quavers(repeated(kScale, 6));
    EXPECT_GT(feature(often, "pitches_3_return"), 0.8);
    EXPECT_GT(feature(often, "same_1_bar_ago"), 0.99);
    EXPECT_EQ(feature(often, "same_bars_in_a_row"), 6.0);
    EXPECT_NEAR(feature(often, "pitches_3_ago"), 2.0, 1e-9);  // four beats
    // A b A b: two bars apart, not one.
    std::vector<int> other = kScale;
    for (int& pitch : other) pitch -= 12;
    std::vector<int> pair = kScale;
    pair.insert(pair.end(), other.begin(), other.end());
    const auto turns = quavers(repeated(pair, 3));
    EXPECT_EQ(feature(turns, "same_1_bar_ago"), 0.0);
    EXPECT_GT(feature(turns, "same_2_bars_ago"), 0.99);
    EXPECT_EQ(feature(turns, "same_bars_in_a_row"), 1.0);
}

TEST(WindowFeatures, LeapsAreAnsweredOrNot) {
    EXPECT_EQ(feature(quavers({60, 67, 65, 60, 67, 65, 60}), "leaps_answered"), 2.0 / 3.0);
    EXPECT_EQ(feature(quavers({60, 67, 65, 64, 71, 69}), "leaps_answered"), 1.0);
}

TEST(WindowFeatures, SilenceIsWhatLiesBetweenANoteAndTheNext) {
    auto line = quavers(repeated(kScale, 2));
    EXPECT_EQ(feature(line, "silence"), 0.0);
    for (LineNote& note : line.notes) note.duration = Cells{3};
    EXPECT_DOUBLE_EQ(feature(line, "silence"), 0.5);
    EXPECT_EQ(feature(line, "longest_silence"), 3.0);
}

TEST(WindowFeatures, PhrasesEndOnLongNotes) {
    NoteLine line;
    int at = 0;
    for (int phrase = 0; phrase < 4; ++phrase)
        for (int i = 0; i < 5; ++i) {
            const int length = i == 4 ? 24 : 6;
            line.notes.push_back({Cells{at}, Cells{length},
                                  Pitch{static_cast<std::uint8_t>(i == 4 ? 60 : 64 + i)},
                                  static_cast<std::uint8_t>(at % 48)});
            at += length;
        }
    EXPECT_NEAR(feature(line, "phrase_ends"), 3.0 / 20.0, 1e-9);
    EXPECT_EQ(feature(line, "ends_at_the_bar"), 1.0);
    EXPECT_EQ(feature(line, "interval_into_ends"), 7.0);
}

}  // namespace
}  // namespace fusion::train
