#include "config/morph.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

class MorphTest : public testing::Test {
protected:
    [[nodiscard]] ParameterIndex at(std::string_view tail) const {
        return params_.find(tail).value();
    }
    [[nodiscard]] double value(std::string_view tail) const { return params_.value(at(tail)); }

    Morph begin(SceneValues values, double beats, double position = 0.0,
                const Morph* before = nullptr) {
        return Morph::begin({"target", std::move(values)}, beats, position, params_, before)
            .value();
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
};

TEST_F(MorphTest, WeightsAreSentOffAtOnceWithTheMorphAsTheirRamp) {
    auto morph = begin({{"weight/jazz", 10.0}, {"weight/pop", 0.0}}, 128.0);
    EXPECT_EQ(value("weight/jazz"), 10.0);
    EXPECT_EQ(params_.current().ramps[0], 128.0F) << "longer than a hand's ramp may be";
    const auto revision = params_.current().revision;
    EXPECT_TRUE(morph.turn(64.0, params_));
    EXPECT_EQ(params_.current().revision, revision) << "nothing more is to be said of them";
}

TEST_F(MorphTest, NumbersGoLinearlyWithTheBeatsThatPassed) {
    auto morph = begin({{"tempo", 160.0}, {"velocity", 100.0}}, 8.0, 1000.0);
    EXPECT_TRUE(morph.turn(1002.0, params_));
    EXPECT_DOUBLE_EQ(value("tempo"), 130.0);
    EXPECT_DOUBLE_EQ(value("velocity"), 97.0);
    EXPECT_TRUE(morph.turn(1006.0, params_));
    EXPECT_DOUBLE_EQ(value("tempo"), 150.0);
    EXPECT_DOUBLE_EQ(value("velocity"), 99.0);
    EXPECT_FALSE(morph.turn(1008.5, params_));
    EXPECT_EQ(value("tempo"), 160.0);
    EXPECT_EQ(value("velocity"), 100.0);
}

TEST_F(MorphTest, ArrivesExactlyWhateverTheSteps) {
    const double wanted = 0.1 + 0.2;
    auto morph = begin({{"temperature", wanted}}, 3.0);
    double position = 0.0;
    while (morph.turn(position += 0.0217, params_)) {
    }
    EXPECT_EQ(value("temperature"), wanted);
}

TEST_F(MorphTest, OneTurnIsOneRevision) {
    auto morph = begin({{"tempo", 160.0}, {"gate", 0.5}, {"temperature", 2.0}}, 8.0);
    const auto revision = params_.current().revision;
    morph.turn(1.0, params_);
    EXPECT_EQ(params_.current().revision, revision + 1);
    morph.turn(1.0, params_);
    EXPECT_EQ(params_.current().revision, revision + 1) << "nothing moved";
}

TEST_F(MorphTest, ChoicesTogglesSeedAndMeterChangeAtTheHalf) {
    auto morph = begin({{"scale", std::string{"dorian"}},
                        {"part/jazz", true},
                        {"seed", 1001.0},
                        {"meter_numerator", 7.0},
                        {"meter_denominator", 8.0}},
                       8.0);
    morph.turn(3.9, params_);
    EXPECT_EQ(value("scale"), 0.0);
    EXPECT_EQ(value("part/jazz"), 0.0);
    EXPECT_EQ(value("seed"), 1.0);
    EXPECT_EQ(value("meter_denominator"), 4.0);
    morph.turn(4.0, params_);
    EXPECT_EQ(value("scale"), 3.0);
    EXPECT_EQ(value("part/jazz"), 1.0);
    EXPECT_EQ(value("seed"), 1001.0);
    EXPECT_EQ(value("meter_numerator"), 7.0);
    EXPECT_EQ(value("meter_denominator"), 8.0);
}

TEST_F(MorphTest, ChannelsAndProgramsChangeAtTheStart) {
    begin({{"channel", 5.0}, {"program", 12.0}, {"part_channel/pop", 9.0}}, 8.0);
    EXPECT_EQ(value("channel"), 5.0);
    EXPECT_EQ(value("program"), 12.0);
    EXPECT_EQ(value("part_channel/pop"), 9.0);
}

TEST_F(MorphTest, WaitsWhileTheTransportStandsAndGoesOnAfterARestart) {
    auto morph = begin({{"tempo", 160.0}}, 8.0, 100.0);
    morph.turn(104.0, params_);
    EXPECT_TRUE(morph.turn(104.0, params_));
    EXPECT_DOUBLE_EQ(morph.progress(), 0.5);
    EXPECT_TRUE(morph.turn(0.0, params_)) << "a restart takes the play head back";
    EXPECT_DOUBLE_EQ(morph.progress(), 0.5);
    EXPECT_TRUE(morph.turn(2.0, params_));
    EXPECT_DOUBLE_EQ(morph.progress(), 0.75);
    EXPECT_FALSE(morph.turn(4.0, params_));
}

TEST_F(MorphTest, WhatAHandTouchesStaysWithTheHand) {
    auto morph = begin({{"tempo", 160.0}, {"gate", 0.5}, {"scale", std::string{"blues"}}}, 8.0);
    morph.turn(2.0, params_);
    ASSERT_TRUE(params_.set("tempo", 77.0));
    ASSERT_TRUE(params_.set(ParamId::scale, *find_word(spec(ParamId::scale).words, "minor")));
    morph.turn(5.0, params_);
    EXPECT_FALSE(morph.turn(8.0, params_));
    EXPECT_EQ(value("tempo"), 77.0);
    EXPECT_EQ(value("scale"), 2.0);
    EXPECT_EQ(value("gate"), 0.5) << "the rest arrives";
}

TEST_F(MorphTest, ATempoThatComesBackRoundedIsNoHand) {
    auto morph = begin({{"tempo", 160.0}}, 8.0);
    morph.turn(2.0, params_);
    ASSERT_TRUE(params_.set("tempo", value("tempo") + 0.0005));
    morph.turn(4.0, params_);
    EXPECT_DOUBLE_EQ(value("tempo"), 140.0);
}

TEST_F(MorphTest, SavingMeanwhileFindsWeightsHalfWay) {
    ASSERT_TRUE(params_.set("weight/jazz", 2.0));
    auto morph = begin({{"weight/jazz", 10.0}, {"weight/pop", 5.0}}, 8.0);
    morph.turn(2.0, params_);
    EXPECT_DOUBLE_EQ(morph.value_now(at("weight/jazz"), params_), 4.0);
    EXPECT_EQ(morph.value_now(at("tempo"), params_), 120.0) << "not in the scene";
    // A hand, even to where it was going anyway.
    ASSERT_TRUE(params_.set("weight/jazz", 10.0));
    EXPECT_EQ(morph.value_now(at("weight/jazz"), params_), 10.0);
}

TEST_F(MorphTest, AMorphThatReplacesAnotherBeginsFromTheValuesOfNow) {
    ASSERT_TRUE(params_.set("weight/jazz", 0.0));
    auto first = begin({{"weight/jazz", 10.0}, {"tempo", 160.0}}, 8.0);
    first.turn(4.0, params_);
    auto second = begin({{"weight/jazz", 0.0}, {"tempo", 120.0}}, 4.0, 4.0, &first);
    EXPECT_DOUBLE_EQ(second.value_now(at("weight/jazz"), params_), 5.0);
    second.turn(6.0, params_);
    EXPECT_DOUBLE_EQ(value("tempo"), 130.0);
    EXPECT_DOUBLE_EQ(second.value_now(at("weight/jazz"), params_), 2.5);
}

TEST_F(MorphTest, OutOfRangeIsClampedAndWhatIsRefusedHoldsUpNothingElse) {
    auto morph =
        begin({{"tempo", 5000.0}, {"meter_denominator", 3.0}, {"meter_numerator", 5.0}}, 8.0);
    morph.turn(2.0, params_);
    EXPECT_DOUBLE_EQ(value("tempo"), 190.0) << "linear to 400, not to 5000";
    EXPECT_FALSE(morph.turn(8.0, params_));
    EXPECT_EQ(value("tempo"), 400.0);
    EXPECT_EQ(value("meter_denominator"), 4.0);
    EXPECT_EQ(value("meter_numerator"), 5.0);
}

}  // namespace
}  // namespace fusion
