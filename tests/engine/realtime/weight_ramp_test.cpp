#include "engine/realtime/weight_ramp.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

GenreWeights only(std::size_t genre, float weight) {
    GenreWeights weights;
    weights.value[genre] = weight;
    return weights;
}

TEST(WeightRamp, WithoutLengthIsThereAtOnce) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(1, 10), beats(4), 0.0);
    EXPECT_EQ(ramp.at(beats(4)), only(1, 10));
}

TEST(WeightRamp, MovesInProportionToTheDistanceFromItsStart) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(0, 0), beats(4), 2.0);
    EXPECT_FLOAT_EQ(ramp.at(beats(4)).value[0], 10.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(5)).value[0], 5.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[0], 0.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(60)).value[0], 0.0F);
}

TEST(WeightRamp, AChangeOnTheWayStartsFromThePresentValue) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(0, 0), beats(4), 4.0);
    ramp.head_for(only(0, 10), beats(6), 4.0);
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[0], 5.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(8)).value[0], 7.5F);
    EXPECT_FLOAT_EQ(ramp.at(beats(10)).value[0], 10.0F);
}

TEST(WeightRamp, ASweepThatStartsAgainFromOnePlaceEndsAtItsNewestValue) {
    WeightRamp ramp{only(0, 0)};
    for (int i = 1; i <= 100; ++i)
        ramp.head_for(only(0, static_cast<float>(i) / 10.0F), beats(8), 1.0);
    EXPECT_FLOAT_EQ(ramp.at(beats(8)).value[0], 0.0F);
    EXPECT_EQ(ramp.at(beats(9)), only(0, 10));
}

}  // namespace
}  // namespace fusion
