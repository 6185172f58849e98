#include "engine/train/measures/densities.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include <gtest/gtest.h>

#include "engine/train/random.hpp"

namespace fusion::train {
namespace {

std::vector<double> normal(double mean, double deviation, std::size_t n, std::uint64_t seed) {
    Random dice{seed};
    std::vector<double> values;
    for (std::size_t i = 0; i < n; ++i)
        values.push_back(mean + deviation * std::sqrt(-2.0 * std::log(dice.uniform())) *
                                    std::cos(2.0 * std::numbers::pi * dice.uniform()));
    return values;
}

TEST(DensitiesTest, ASetIsWhollyLikeItself) {
    const auto values = normal(3.0, 2.0, 500, 1);
    const auto likeness = compare_densities(values, values);
    EXPECT_NEAR(likeness.overlap, 1.0, 1e-9);
    EXPECT_NEAR(likeness.kl, 0.0, 1e-9);
}

TEST(DensitiesTest, SetsFarApartShareNothing) {
    const auto likeness = compare_densities(normal(0.0, 1.0, 500, 1), normal(50.0, 1.0, 500, 2));
    EXPECT_LT(likeness.overlap, 1e-6);
    EXPECT_GT(likeness.kl, 5.0);
    EXPECT_TRUE(std::isfinite(likeness.kl));
}

TEST(DensitiesTest, AgreeWithWhatIsKnownOfTwoNormals) {
    // One deviation apart: 2 Phi(-1/2) under both, and a divergence of 1/2. The kernel widens both
    // by a hundredth.
    const auto likeness = compare_densities(normal(0.0, 1.0, 40000, 1), normal(1.0, 1.0, 40000, 2));
    EXPECT_NEAR(likeness.overlap, 0.617, 0.015);
    EXPECT_NEAR(likeness.kl, 0.5, 0.03);
}

TEST(DensitiesTest, TheUnitMakesNoDifference) {
    auto a = normal(0.0, 1.0, 300, 1), b = normal(0.5, 2.0, 300, 2);
    const auto before = compare_densities(a, b);
    for (auto* values : {&a, &b})
        for (double& v : *values) v *= 1e6;
    const auto after = compare_densities(a, b);
    EXPECT_NEAR(before.overlap, after.overlap, 1e-6);
    EXPECT_NEAR(before.kl, after.kl, 1e-6);
}

TEST(DensitiesTest, SetsOfOneValueAreAlikeOnlyWhereItIsTheSame) {
    const std::array fives{5.0, 5.0, 5.0};
    const std::array five{5.0}, six{6.0};
    EXPECT_DOUBLE_EQ(compare_densities(fives, five).overlap, 1.0);
    EXPECT_DOUBLE_EQ(compare_densities(fives, five).kl, 0.0);
    EXPECT_NEAR(compare_densities(five, six).overlap, 0.0, 1e-9);
    const auto mixed = compare_densities(fives, normal(5.0, 1.0, 200, 1));
    EXPECT_LT(mixed.overlap, 0.1);
    EXPECT_TRUE(std::isfinite(mixed.kl));
}

}  // namespace
}  // namespace fusion::train
