#include "engine/params/value_shape.hpp"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::HasSubstr;

struct Fitted {
    ParamId id;
    double asked;
    double kept;
    bool clamped;
};

TEST(ValueShape, ANumberIsRoundedWhereItMustBeWholeAndClampedToItsRange) {
    for (const auto& [id, asked, kept, clamped] :
         {Fitted{ParamId::tempo, 96.5, 96.5, false}, Fitted{ParamId::tempo, 401.0, 400.0, true},
          Fitted{ParamId::tempo, -1.0, 10.0, true}, Fitted{ParamId::channel, 2.6, 3.0, false},
          Fitted{ParamId::channel, 16.6, 16.0, true}, Fitted{ParamId::mute, 0.6, 1.0, false},
          Fitted{ParamId::mute, 127.0, 1.0, true}, Fitted{ParamId::scale, 3.0, 3.0, false},
          Fitted{ParamId::scale, 99.0, 15.0, true},
          Fitted{ParamId::meter_denominator, 8.0, 8.0, false},
          Fitted{ParamId::meter_denominator, 32.0, 16.0, true}}) {
        const auto applied = fit(shape_of(spec(id)), asked);
        ASSERT_TRUE(applied) << applied.error().message;
        EXPECT_EQ(applied->value, kept) << spec(id).name << ' ' << asked;
        EXPECT_EQ(applied->clamped, clamped) << spec(id).name << ' ' << asked;
    }
}

TEST(ValueShape, WhatNoRangeCanMendIsRefused) {
    for (const double bad :
         {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
          -std::numeric_limits<double>::infinity()}) {
        EXPECT_THAT(fit(shape_of(spec(ParamId::tempo)), bad).error().message,
                    HasSubstr("give one from 10 to 400"));
        EXPECT_FALSE(fit(shape_of(spec(FamilyId::weight)), bad));
        EXPECT_FALSE(fit(shape_of(*spec(ActionId::nudge).number()), bad));
    }
    EXPECT_THAT(fit(shape_of(spec(ParamId::meter_denominator)), 3.0).error().message,
                HasSubstr("3 is not 1, 2, 4, 8 or 16"));
}

TEST(ValueShape, ExactlyIsNeitherRoundedNorClamped) {
    EXPECT_EQ(fit_exactly(shape_of(spec(ParamId::tempo)), 96.5), 96.5);
    EXPECT_EQ(fit_exactly(shape_of(spec(ParamId::channel)), 3.0), 3.0);
    const auto refused = [](ParamId id, double value) {
        return fit_exactly(shape_of(spec(id)), value).error().message;
    };
    EXPECT_THAT(refused(ParamId::tempo, 401.0), HasSubstr("give one from 10 to 400"));
    EXPECT_THAT(refused(ParamId::channel, 2.5), HasSubstr("2.5 is no whole number"));
    EXPECT_THAT(refused(ParamId::channel, 16.6), HasSubstr("give one from 1 to 16"));
    EXPECT_THAT(refused(ParamId::meter_denominator, 3.0), HasSubstr("1, 2, 4, 8 or 16"));
    EXPECT_THAT(about("tempo", {Error::Code::io, "gone"}).value().message,
                HasSubstr("tempo: gone"));
}

TEST(ValueShape, AControlIsShapedAsItsRow) {
    const std::vector<std::string> genres{"jazz"};
    for (const auto& parameter : parameters_of(genres)) {
        const auto shape = shape_of(parameter);
        const auto* id = std::get_if<ParamId>(&parameter.of);
        const auto row = id != nullptr ? shape_of(spec(*id))
                                       : shape_of(spec(std::get<GenreMember>(parameter.of).family));
        EXPECT_EQ(shape.type, row.type) << parameter.tail;
        EXPECT_EQ(shape.minimum, row.minimum) << parameter.tail;
        EXPECT_EQ(shape.maximum, row.maximum) << parameter.tail;
        EXPECT_EQ(shape.id, row.id) << parameter.tail;
    }
}

}  // namespace
}  // namespace fusion
