#include "engine/train/measures/rank_correlation.hpp"

#include <array>
#include <cmath>

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

TEST(SpearmanTest, IsOneForWhateverGrowsAndMinusOneForWhateverFalls) {
    const std::array a{0.0, 0.1, 0.2, 0.9}, grows{-5.0, 0.0, 1e3, 1e9}, falls{3.0, 2.0, 1.0, -7.0};
    EXPECT_DOUBLE_EQ(spearman(a, grows), 1.0);
    EXPECT_DOUBLE_EQ(spearman(a, falls), -1.0);
}

TEST(SpearmanTest, EqualValuesShareTheirRanks) {
    // Ranks 0 1.5 1.5 3 against 0 2 1 3: 4.5 over the root of 4.5 times 5.
    const std::array a{1.0, 2.0, 2.0, 3.0}, b{10.0, 30.0, 20.0, 40.0};
    EXPECT_DOUBLE_EQ(spearman(a, b), 4.5 / std::sqrt(4.5 * 5.0));
}

TEST(SpearmanTest, AgreesWithTheSumOfSquaredRankDifferences) {
    // 1 - 6 sum d^2 / (n (n^2 - 1)), d = 2 1 1 0 0.
    const std::array a{1.0, 2.0, 3.0, 4.0, 5.0}, b{3.0, 1.0, 2.0, 4.0, 5.0};
    EXPECT_NEAR(spearman(a, b), 1.0 - 6.0 * (4 + 1 + 1 + 0 + 0) / (5.0 * 24.0), 1e-12);
}

TEST(SpearmanTest, IsZeroWhereThereIsNothingToOrder) {
    const std::array flat{1.0, 1.0, 1.0}, a{1.0, 2.0, 3.0};
    const std::array one{1.0};
    EXPECT_DOUBLE_EQ(spearman(flat, a), 0.0);
    EXPECT_DOUBLE_EQ(spearman(one, one), 0.0);
    EXPECT_DOUBLE_EQ(spearman(a, one), 0.0);
    EXPECT_DOUBLE_EQ(spearman({}, {}), 0.0);
}

}  // namespace
}  // namespace fusion::train
