#include "config/day_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/config.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

constexpr int kMonday = 0, kFriday = 4, kSaturday = 5, kSunday = 6;
WallTime at(int weekday, int hour, int minute = 0) { return {weekday, hour * 60 + minute}; }

DayPlan plan_of(std::string_view text) {
    const auto plan = parse_day_plan(text, "room.toml");
    EXPECT_TRUE(plan) << plan.error().message;
    return plan.value_or(DayPlan{});
}
std::string error_of(std::string_view text) {
    const auto plan = parse_day_plan(text, "room.toml");
    return plan ? "(no error)" : plan.error().message;
}

const char* const kMuseum = R"(
[[schedule]]
at = "09:00"
days = "mon-fri"
scene = "morning"
[[schedule]]
at = "17:30"
days = "mon-fri"
scene = "evening"
beats = 32
[[schedule]]
at = "10:00"
days = "sat,sun"
scene = "weekend"
[[schedule]]
quiet = "22:00-08:00"
[[schedule]]
quiet = "12:00-13:00"
days = "sun"
)";

std::string scene_at(const DayPlan& plan, WallTime when) {
    const auto now = in_force(plan, when);
    return now.scene ? plan.scenes[*now.scene].scene : "";
}

TEST(DayPlan, TheLastThatBeganHolds) {
    const auto plan = plan_of(kMuseum);
    EXPECT_EQ(scene_at(plan, at(kMonday, 9)), "morning");
    EXPECT_EQ(scene_at(plan, at(kMonday, 17, 29)), "morning");
    EXPECT_EQ(scene_at(plan, at(kMonday, 17, 30)), "evening");
    EXPECT_EQ(scene_at(plan, at(kFriday, 23, 59)), "evening");
    EXPECT_EQ(scene_at(plan, at(kSaturday, 9, 59)), "evening") << "until the next one";
    EXPECT_EQ(scene_at(plan, at(kSaturday, 10)), "weekend");
    EXPECT_EQ(scene_at(plan, at(kMonday, 8, 59)), "weekend") << "over the end of the week";
}

TEST(DayPlan, QuietGoesOverMidnightAndBelongsToTheDayOnWhichItBegins) {
    const auto plan = plan_of(kMuseum);
    EXPECT_FALSE(in_force(plan, at(kMonday, 21, 59)).quiet);
    EXPECT_TRUE(in_force(plan, at(kMonday, 22)).quiet);
    EXPECT_TRUE(in_force(plan, at(kMonday, 7, 59)).quiet);
    EXPECT_FALSE(in_force(plan, at(kMonday, 8)).quiet);
    EXPECT_TRUE(in_force(plan, at(kSunday, 12, 30)).quiet);
    EXPECT_FALSE(in_force(plan, at(kSaturday, 12, 30)).quiet);
    const auto friday = plan_of("[[schedule]]\nquiet = \"20:00-06:00\"\ndays = \"fri\"");
    EXPECT_TRUE(in_force(friday, at(kSaturday, 5)).quiet);
    EXPECT_FALSE(in_force(friday, at(kFriday, 5)).quiet);
}

TEST(DayPlan, OneAWeekHoldsForTheWholeWeek) {
    const auto plan = plan_of("[[schedule]]\nat = \"12:00\"\ndays = \"wed\"\nscene = \"x\"");
    for (int day = 0; day < 7; ++day) EXPECT_EQ(scene_at(plan, at(day, 11)), "x") << day;
}

TEST(DayPlan, OfTwoAtOneMomentTheLaterLineHoldsAndAnEmptyPlanSaysNothing) {
    const auto plan = plan_of(
        "[[schedule]]\nat = \"12:00\"\nscene = \"a\"\n[[schedule]]\nat = \"12:00\"\nscene = \"b\"");
    EXPECT_EQ(scene_at(plan, at(kMonday, 13)), "b");
    EXPECT_EQ(in_force(DayPlan{}, at(kMonday, 13)), DayPlanNow{});
}

TEST(DayPlan, DaysMayGoOverTheEndOfTheWeek) {
    const auto plan =
        plan_of("[[schedule]]\nat = \"9:05\"\ndays = \"sat-mon, wed\"\nscene = \"x\"");
    EXPECT_EQ(plan.scenes.at(0).days, 0b1100101);
    EXPECT_EQ(plan.scenes.at(0).minute, 545);
}

TEST(DayPlan, WhatIsWrongIsToldWithItsLineAndWhatToWrite) {
    EXPECT_THAT(error_of("[[schedule]]\nat = \"25:00\"\nscene = \"x\""),
                HasSubstr("write a time as 09:00"));
    EXPECT_THAT(error_of("[[schedule]]\nat = \"9:00\""), HasSubstr("it wants at and scene"));
    EXPECT_THAT(error_of("[[schedule]]\nquiet = \"22-8\""), HasSubstr("write it as 22:00-08:00"));
    EXPECT_THAT(error_of("[[schedule]]\nat = \"9:00\"\nscene = \"x\"\ndays = \"weekend\""),
                HasSubstr("mon-fri"));
    EXPECT_THAT(error_of("[[schedule]]\nscen = \"x\""), HasSubstr("did you mean 'scene'?"));
    EXPECT_THAT(error_of("\n[schedule]\nat = \"9:00\""), HasSubstr("room.toml:2:1: 'schedule'"));
    EXPECT_THAT(error_of("[[schedule]]\nbeats = -1\nat = \"9:00\"\nscene = \"x\""),
                HasSubstr("0 to 1024"));
}

TEST(DayPlan, AConfigurationHasItAndItsErrors) {
    const auto config = parse_config(kMuseum, "room.toml");
    ASSERT_TRUE(config) << config.error().message;
    EXPECT_EQ(config->schedule, plan_of(kMuseum));
    const auto bad = parse_config("[[schedule]]\nat = \"soon\"\nscene = \"x\"", "room.toml");
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error().message, HasSubstr("room.toml:1:"));
}

}  // namespace
}  // namespace fusion
