#include "engine/train/measures/listener.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/train/measures/made_up_lines.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kSteps = 0, kLeaps = 1;

Judge fitted() {
    return *Judge::fit({made_up_lines(Style::steps, 10, 1), made_up_lines(Style::leaps, 10, 1)},
                       {made_up_lines(Style::steps, 2, 2), made_up_lines(Style::leaps, 2, 2)});
}

NoteLine switched() {
    return joined(made_up_line(Style::steps, 50, 40), made_up_line(Style::leaps, 51, 40));
}

TEST(ListenerTest, FollowsASwitchWithinFewNotes) {
    const auto follows = notes_until_verdict_follows(fitted(), switched(), 40, kSteps, kLeaps);
    ASSERT_TRUE(follows.has_value());
    EXPECT_GE(*follows, 1U);
    EXPECT_LE(*follows, 8U);
}

TEST(ListenerTest, TheBeliefIsBelowAHalfBeforeTheNoteItNamesAndAboveAtIt) {
    const auto judge = fitted();
    const auto follows = notes_until_verdict_follows(judge, switched(), 40, kSteps, kLeaps);
    const auto beliefs = belief(judge, switched(), kSteps, kLeaps);
    ASSERT_EQ(beliefs.size(), 80U);
    EXPECT_LE(beliefs[39 + *follows - 1], 0.5);
    EXPECT_GT(beliefs[39 + *follows], 0.5);
}

TEST(ListenerTest, BothDirectionsAreOneBelief) {
    const auto judge = fitted();
    const auto there = belief(judge, switched(), kSteps, kLeaps);
    const auto back = belief(judge, switched(), kLeaps, kSteps);
    for (std::size_t i = 0; i < there.size(); ++i) EXPECT_NEAR(there[i] + back[i], 1.0, 1e-9);
}

TEST(ListenerTest, IsZeroWhereTheLineSoundedLikeItBefore) {
    const auto line = made_up_line(Style::leaps, 52, 80);
    EXPECT_EQ(notes_until_verdict_follows(fitted(), line, 40, kSteps, kLeaps), 0U);
}

TEST(ListenerTest, IsNothingWhereTheLineNeverFollows) {
    const auto line = made_up_line(Style::steps, 53, 80);
    EXPECT_EQ(notes_until_verdict_follows(fitted(), line, 40, kSteps, kLeaps), std::nullopt);
    EXPECT_EQ(notes_until_verdict_follows(fitted(), NoteLine{}, 0, kSteps, kLeaps), std::nullopt);
}

}  // namespace
}  // namespace fusion::train
