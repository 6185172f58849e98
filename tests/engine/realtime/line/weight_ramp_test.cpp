#include "engine/realtime/line/weight_ramp.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

GenreWeights only(std::size_t genre, float weight) {
    GenreWeights weights;
    weights.value[genre] = weight;
    return weights;
}

WeightRamp::Lengths all(float beats) {
    WeightRamp::Lengths lengths;
    lengths.fill(beats);
    return lengths;
}

TEST(WeightRamp, WithoutLengthIsThereAtOnce) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(1, 10), beats(4), all(0.0F));
    EXPECT_EQ(ramp.at(beats(4)), only(1, 10));
}

TEST(WeightRamp, MovesInProportionToTheDistanceFromItsStart) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(0, 0), beats(4), all(2.0F));
    EXPECT_FLOAT_EQ(ramp.at(beats(4)).value[0], 10.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(5)).value[0], 5.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[0], 0.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(60)).value[0], 0.0F);
}

TEST(WeightRamp, AChangeOnTheWayStartsFromThePresentValue) {
    WeightRamp ramp{only(0, 10)};
    ramp.head_for(only(0, 0), beats(4), all(4.0F));
    ramp.head_for(only(0, 10), beats(6), all(4.0F));
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[0], 5.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(8)).value[0], 7.5F);
    EXPECT_FLOAT_EQ(ramp.at(beats(10)).value[0], 10.0F);
}

TEST(WeightRamp, ASweepThatStartsAgainFromOnePlaceEndsAtItsNewestValue) {
    WeightRamp ramp{only(0, 0)};
    for (int i = 1; i <= 100; ++i)
        ramp.head_for(only(0, static_cast<float>(i) / 10.0F), beats(8), all(1.0F));
    EXPECT_FLOAT_EQ(ramp.at(beats(8)).value[0], 0.0F);
    EXPECT_EQ(ramp.at(beats(9)), only(0, 10));
}

TEST(WeightRamp, EachGenreTakesItsOwnTime) {
    WeightRamp ramp{GenreWeights{}};
    GenreWeights both;
    both.value[0] = both.value[1] = 10.0F;
    WeightRamp::Lengths lengths{};
    lengths[0] = 2.0F;
    lengths[1] = 8.0F;
    ramp.head_for(both, beats(4), lengths);
    EXPECT_FLOAT_EQ(ramp.at(beats(5)).value[0], 5.0F);
    EXPECT_FLOAT_EQ(ramp.at(beats(5)).value[1], 1.25F);
    EXPECT_EQ(ramp.at(beats(12)), both);
}

TEST(WeightRamp, ATurnOfOneKnobLeavesTheOthersOnTheirWay) {
    WeightRamp ramp{GenreWeights{}};
    auto target = only(0, 10);
    ramp.head_for(target, beats(0), all(8.0F));
    target.value[1] = 4.0F;
    ramp.head_for(target, beats(6), all(0.0F));
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[0], 7.5F) << "still six of eight beats";
    EXPECT_FLOAT_EQ(ramp.at(beats(7)).value[0], 8.75F);
    EXPECT_FLOAT_EQ(ramp.at(beats(6)).value[1], 4.0F) << "at once";
}

}  // namespace
}  // namespace fusion
