#include "engine/train/telling_apart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/train/measures/window_features.hpp"
#include "engine/train/random.hpp"

namespace fusion::train {
namespace {

// Notes of a scale in random steps; `leap` is the widest, in degrees.
NoteLine wandering(std::uint64_t seed, std::size_t notes, std::size_t leap) {
    constexpr std::array<int, 15> kScale{48, 50, 52, 53, 55, 57, 59, 60,
                                         62, 64, 65, 67, 69, 71, 72};
    Random random{seed};
    NoteLine line;
    std::size_t degree = 7;
    int at = 0;
    for (std::size_t i = 0; i < notes; ++i) {
        const std::size_t up = random.below(2 * leap + 1);
        degree = std::min(kScale.size() - 1, degree + up < leap ? 0 : degree + up - leap);
        const int length = random.uniform() < 0.7 ? 6 : 12;
        line.notes.push_back({Cells{at}, Cells{length},
                              Pitch{static_cast<std::uint8_t>(kScale[degree])},
                              static_cast<std::uint8_t>(at % 48)});
        at += length;
    }
    return line;
}

std::vector<HeardLine> many(std::uint64_t first_seed, std::size_t leap) {
    std::vector<HeardLine> heard;
    for (std::uint64_t n = 0; n < 30; ++n)
        heard.push_back(hear(wandering(first_seed + n, 200, leap), 96, 3));
    return heard;
}

TEST(TellingApart, WhatIsMadeAlikeCannotBeTold) {
    const auto told = tell_apart(many(1, 2), many(1000, 2), 1);
    EXPECT_EQ(told.played, 60U);
    EXPECT_EQ(told.real, 60U);
    EXPECT_NEAR(told.auc, 0.5, 0.2);
}

TEST(TellingApart, WhatLeapsFurtherIsToldByItsLeaps) {
    const auto told = tell_apart(many(1, 6), many(1000, 1), 1);
    EXPECT_GT(told.auc, 0.95);
    ASSERT_FALSE(told.by.empty());
    const auto leaps = std::find_if(told.by.begin(), told.by.end(), [](const GivesAway& one) {
        return one.feature == "interval_mean";
    });
    ASSERT_NE(leaps, told.by.end());
    EXPECT_GT(leaps->auc, 0.95);
    EXPECT_GT(leaps->played, leaps->real);
    EXPECT_GE(std::abs(told.by.front().auc - 0.5), std::abs(told.by.back().auc - 0.5));
}

TEST(TellingApart, TheSameSeedSaysTheSame) {
    EXPECT_EQ(tell_apart(many(1, 2), many(1000, 3), 5).auc,
              tell_apart(many(1, 2), many(1000, 3), 5).auc);
}

TEST(TellingApart, TooFewLinesSayNothing) {
    const auto few = many(1, 6);
    EXPECT_EQ(tell_apart({few.data(), 3}, many(1000, 1), 1).auc, 0.5);
    EXPECT_EQ(tell_apart({}, {}, 1).auc, 0.5);
}

TEST(TellingApart, AreasUnderCurves) {
    EXPECT_DOUBLE_EQ(area_under_curve({2, 3}, {0, 1}), 1.0);
    EXPECT_DOUBLE_EQ(area_under_curve({0, 1}, {2, 3}), 0.0);
    EXPECT_DOUBLE_EQ(area_under_curve({1}, {1}), 0.5);
    EXPECT_DOUBLE_EQ(area_under_curve({1, 3}, {2}), 0.5);
    EXPECT_DOUBLE_EQ(area_under_curve({}, {2}), 0.5);
}

TEST(TellingApart, ShortLinesHaveNoStretchAndLongOnesNotMoreThanAsked) {
    EXPECT_TRUE(hear(wandering(1, 95, 2), 96, 3).stretches.empty());
    EXPECT_EQ(hear(wandering(1, 96, 2), 96, 3).stretches.size(), 1U);
    EXPECT_EQ(hear(wandering(1, 1000, 2), 96, 3).stretches.size(), 3U);
    EXPECT_EQ(hear_opening(wandering(1, 200, 2), 8).stretches.size(), 1U);
    EXPECT_TRUE(hear_opening(NoteLine{}, 8).stretches.empty());
}

}  // namespace
}  // namespace fusion::train
