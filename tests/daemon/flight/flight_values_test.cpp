#include "daemon/flight/flight_values.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/params/store.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class FlightValuesTest : public testing::Test {
protected:
    std::vector<std::string> change(FlightValues::Obeys who) {
        std::vector<std::string> said;
        values_.change(params_.current(), who,
                       [&](const std::string& what) { said.push_back(what); });
        return said;
    }
    void SetUp() override {
        values_.begin(params_.current(), [](const std::string&) {});
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "hip hop"}, time_};
    FlightValues values_{params_.parameters()};
};

TEST_F(FlightValuesTest, OnlyWhatIsOtherIsSaidAndOnce) {
    EXPECT_THAT(change(FlightValues::Obeys::line), IsEmpty());
    ASSERT_TRUE(params_.set_weight(0, 8.1, 2.5));
    ASSERT_TRUE(params_.set(ParamId::tempo, 90.5));
    EXPECT_THAT(change(FlightValues::Obeys::line), ElementsAre("weight/jazz 8.1 2.5"));
    EXPECT_THAT(change(FlightValues::Obeys::line), IsEmpty());
    EXPECT_THAT(change(FlightValues::Obeys::clock), ElementsAre("tempo 90.5"));
}

TEST_F(FlightValuesTest, APathWithABlankIsInQuotes) {
    ASSERT_TRUE(params_.set("part/hip hop", 1));
    EXPECT_THAT(change(FlightValues::Obeys::clock), ElementsAre("\"part/hip hop\" 1"));
}

TEST_F(FlightValuesTest, AHumanisedTempoIsTheLines) {
    ASSERT_TRUE(params_.set(ParamId::humanise, 0.5));
    ASSERT_TRUE(params_.set(ParamId::tempo, 90));
    EXPECT_THAT(change(FlightValues::Obeys::clock), IsEmpty());
    EXPECT_THAT(change(FlightValues::Obeys::line), ElementsAre("tempo 90", "humanise 0.5"));
}

TEST_F(FlightValuesTest, WhatIsOfAPortIsNotSaid) {
    ASSERT_TRUE(params_.set(ParamId::offset, 20));
    ASSERT_TRUE(params_.act(ActionId::stop));
    EXPECT_THAT(change(FlightValues::Obeys::line), IsEmpty());
    EXPECT_THAT(change(FlightValues::Obeys::clock), IsEmpty());
}

TEST(FlightBeatsTest, EveryTickHasAText) {
    for (std::int64_t tick : {0, 1, 2, 479, 480, 959, 960, 961, 123456789}) {
        const auto text = beats_text(Ticks{tick});
        EXPECT_EQ(std::llround(std::stod(text) * 960.0), tick) << text;
    }
    EXPECT_EQ(beats_text(Ticks{25440}), "26.5");
}

}  // namespace
}  // namespace fusion
