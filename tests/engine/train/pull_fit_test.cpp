#include "engine/train/pull_fit.hpp"

#include <gtest/gtest.h>

#include "engine/train/compose.hpp"
#include "tests/engine/train/two_habits.hpp"
#include "tests/support/chord_book.hpp"

namespace fusion::train {
namespace {

// Networks that hear no chord, under a plan that goes from C to F and G for ever.
Bundle deaf() {
    Bundle bundle = two_habits();
    bundle.chords.assign(2, test::bar_by_bar("C", {{"C", "F"}, {"F", "G"}, {"G", "C"}}));
    return bundle;
}

constexpr PullSearch kQuick{.lines = 4, .notes = 120};

double played(const Bundle& bundle, std::size_t genre) {
    Progress progress{std::tmpfile()};
    Stretch alone;
    alone.weights.value[genre] = kMaxGenreWeight;
    alone.notes = 200;
    const auto lines =
        compose_orders(bundle, {{{alone}, 4}}, {performance_settings(1)}, "", progress);
    return share_on_heavy_beats(bundle, lines->front(), alone.weights, 1);
}

TEST(PullFit, WhatTheNetworksLackIsPulled) {
    Bundle bundle = deaf();
    Progress progress{std::tmpfile()};
    const auto without = fit_pulls(bundle, {0.6, 0.6}, kQuick, progress);
    ASSERT_TRUE(without) << without.error().message;
    EXPECT_LT((*without)[1], 0.45) << "by chance";
    EXPECT_GT(bundle.chords[1].pull, 0.15F);
    EXPECT_GT(played(bundle, 1), (*without)[1] + 0.05);
    EXPECT_LT(played(bundle, 1), 0.65) << "and no farther";
}

TEST(PullFit, WhereNothingLacksNothingIsPulled) {
    Bundle bundle = deaf();
    bundle.chords[0].pull = 0.9F;
    Progress progress{std::tmpfile()};
    ASSERT_TRUE(fit_pulls(bundle, {0.05, 0.05}, kQuick, progress));
    EXPECT_EQ(bundle.chords[0].pull, 0.0F);
    EXPECT_EQ(bundle.chords[1].pull, 0.0F);
    bundle.chords.clear();
    EXPECT_TRUE(fit_pulls(bundle, {}, kQuick, progress)->empty()) << "nothing to pull to";
}

}  // namespace
}  // namespace fusion::train
