#include "engine/music/genre_weights.hpp"

#include <gtest/gtest.h>

#include <random>

namespace fusion {
namespace {

TEST(GenreWeights, NormaliseToASumOfOneInTheSameProportions) {
    std::mt19937_64 random{5};
    std::uniform_real_distribution<float> weight{0.0F, 10.0F};
    for (int round = 0; round < 1000; ++round) {
        GenreWeights weights;
        for (auto& w : weights.value) w = weight(random);
        const auto blend = normalised(weights);
        float sum = 0.0F;
        for (const float share : blend.share) sum += share;
        EXPECT_NEAR(sum, 1.0F, 1e-5F);
        EXPECT_NEAR(blend.share[0] * weights.value[1], blend.share[1] * weights.value[0], 1e-4F);
        EXPECT_FALSE(blend.silent());
    }
}

TEST(GenreWeights, AllZeroIsSilent) { EXPECT_TRUE(normalised(GenreWeights{}).silent()); }

}  // namespace
}  // namespace fusion
