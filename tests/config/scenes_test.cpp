#include "config/scenes.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SceneValuesTest : public testing::Test {
protected:
    [[nodiscard]] ParameterIndex at(std::string_view tail) const {
        return params_.find(tail).value();
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
};

TEST_F(SceneValuesTest, ASceneHoldsAllThatIsOfTheMusicAndNothingOfTheRoom) {
    const auto music = music_of(params_);
    for (const auto& parameter : params_.parameters())
        EXPECT_EQ(music.contains(parameter.tail), parameter.scope == Scope::music)
            << parameter.tail;
    EXPECT_TRUE(music.contains("weight/jazz"));
    EXPECT_TRUE(music.contains("part_channel/pop"));
    EXPECT_FALSE(music.contains("sync"));
}

TEST_F(SceneValuesTest, AllHoldsTheRoomToo) {
    EXPECT_EQ(all_of(params_).size(), params_.parameters().size());
}

TEST_F(SceneValuesTest, AToggleIsTrueOrFalseAndAChoiceItsWord) {
    ASSERT_TRUE(params_.set("mute", 1.0));
    ASSERT_TRUE(params_.set(ParamId::scale, *find_word(spec(ParamId::scale).words, "dorian")));
    const auto music = music_of(params_);
    EXPECT_EQ(music.at("mute"), SceneValue{true});
    EXPECT_EQ(music.at("scale"), SceneValue{std::string{"dorian"}});
}

TEST_F(SceneValuesTest, AWeightIsAsShortAsItWasGiven) {
    ASSERT_TRUE(params_.set("weight/jazz", 0.3));
    EXPECT_EQ(music_of(params_).at("weight/jazz"), SceneValue{0.3});
}

TEST_F(SceneValuesTest, WhatWasTakenComesBackTheSameForEveryControl) {
    // A value of its own for each parameter, away from where it starts.
    for (ParameterIndex i = 0; i < params_.parameters().size(); ++i) {
        const auto& c = params_.parameters()[i];
        const double share = 0.1 + 0.8 * static_cast<double>(i) / 100.0;
        const double value =
            c.tail == "meter_denominator" ? 8.0 : c.minimum + share * (c.maximum - c.minimum) / 3.0;
        ASSERT_TRUE(params_.set(i, value)) << c.tail;
    }
    const auto before = params_.current();
    const auto kept = all_of(params_);
    ParamStore other{{"jazz", "pop"}, time_};
    const auto settings = settings_of(kept, other);
    EXPECT_THAT(settings.unknown, ElementsAre());
    ASSERT_TRUE(other.set_all(settings.known));
    for (ParameterIndex i = 0; i < params_.parameters().size(); ++i)
        EXPECT_EQ(other.value(i), value_of(params_.parameters()[i], before))
            << params_.parameters()[i].tail;
}

TEST_F(SceneValuesTest, WhatThisBundleLacksIsNamedAndTheRestIsUsed) {
    const SceneValues values{
        {"tempo", 90.0}, {"weight/ska", 3.0}, {"scale", std::string{"of_tomorrow"}}};
    const auto settings = settings_of(values, params_);
    ASSERT_EQ(settings.known.size(), 1U);
    EXPECT_EQ(settings.known[0].parameter, at("tempo"));
    EXPECT_THAT(settings.unknown, ElementsAre("scale", "weight/ska"));
}

TEST_F(SceneValuesTest, TheRampIsSetBeforeTheWeightsThatItIsFor) {
    const auto settings = settings_of({{"weight/jazz", 1.0}, {"ramp", 8.0}}, params_);
    ASSERT_TRUE(params_.set_all(settings.known));
    EXPECT_EQ(params_.current().ramps[0], 8.0F);
}

TEST(SceneName, TakesAnyLineOfText) {
    for (const auto* name : {"a", "Strophe 2", "ü", "日本", "\"quoted\" 'twice'", "a\\b", "[x]",
                             "#", "scene/one", " "})
        EXPECT_TRUE(check_scene_name(name)) << name;
    EXPECT_TRUE(check_scene_name(std::string(64, 'x')));
    std::string wide;
    for (int i = 0; i < 64; ++i) wide += "ü";
    EXPECT_TRUE(check_scene_name(wide)) << "characters count, not bytes";
}

TEST(SceneName, RefusesWhatIsNoLineOfText) {
    for (const std::string_view name :
         {std::string_view{""}, std::string_view{"two\nlines"}, std::string_view{"a\tb"},
          std::string_view{"a\0b", 3}, std::string_view{"\x7f"}, std::string_view{"\xC2\x85"},
          std::string_view{"\xff"}, std::string_view{"\xC3"}, std::string_view{"\xC0\x80"},
          std::string_view{"\xED\xA0\x80"}, std::string_view{"\xE2\x80\xA8"}})
        EXPECT_FALSE(check_scene_name(name)) << testing::PrintToString(name);
    EXPECT_FALSE(check_scene_name(std::string(65, 'x')));
}

TEST(SceneList, SavingOverAnotherKeepsItsPlace) {
    Scenes scenes;
    for (const auto* name : {"a", "b", "c"}) ASSERT_TRUE(scenes.keep({name, {}}));
    ASSERT_TRUE(scenes.keep({"b", {{"tempo", 60.0}}}));
    EXPECT_THAT(scenes.names(), ElementsAre("a", "b", "c"));
    EXPECT_EQ((*scenes.find("b"))->values.at("tempo"), SceneValue{60.0});
}

TEST(SceneList, HoldsNoMoreThan256AndSaysWhatToDo) {
    Scenes scenes;
    for (std::size_t i = 0; i < kMostScenes; ++i)
        ASSERT_TRUE(scenes.keep({fmt::format("s{}", i), {}}));
    const auto refused = scenes.keep({"one more", {}});
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("delete one"));
    EXPECT_TRUE(scenes.keep({"s7", {}})) << "saving over one is no more";
}

TEST(SceneList, AnUnknownNameIsAnsweredWithTheNearestAndThoseThereAre) {
    Scenes scenes{{{"verse", {}}, {"chorus", {}}}};
    const auto found = scenes.find("vers");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().code, Error::Code::not_found);
    EXPECT_THAT(found.error().message, HasSubstr("did you mean 'verse'?"));
    EXPECT_THAT(found.error().message, HasSubstr("there are: verse, chorus"));
    EXPECT_THAT(scenes.remove("x").error().message, HasSubstr("no scene 'x'"));
    EXPECT_THAT(Scenes{}.find("x").error().message, HasSubstr("none is saved yet"));
}

TEST(SceneList, WhatComesWithFusiondStaysBelowWhatWasSaved) {
    Scenes scenes{{{"verse", {}}}, {{"jazz", {{"weight/jazz", 10.0}}}, {"pop", {}}}};
    EXPECT_THAT(scenes.names(), ElementsAre("verse", "jazz", "pop"));
    ASSERT_TRUE(scenes.find("jazz"));
    const auto refused = scenes.remove("jazz");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("comes with fusiond"));

    ASSERT_TRUE(scenes.keep({"jazz", {{"weight/jazz", 3.0}}}));
    EXPECT_THAT(scenes.names(), ElementsAre("verse", "jazz", "pop"));
    EXPECT_THAT(scenes.saved_names(), ElementsAre("verse", "jazz"));
    EXPECT_EQ(scenes.saved().size(), 2U);
    EXPECT_EQ((*scenes.find("jazz"))->values.at("weight/jazz"), SceneValue{3.0});
    ASSERT_TRUE(scenes.remove("jazz"));
    EXPECT_EQ((*scenes.find("jazz"))->values.at("weight/jazz"), SceneValue{10.0}) << "again";
}

TEST(SceneList, ALongListOfNamesIsCutShort) {
    Scenes scenes;
    for (int i = 0; i < 40; ++i) ASSERT_TRUE(scenes.keep({fmt::format("scene {}", i), {}}));
    const auto message = scenes.find("zzz").error().message;
    EXPECT_THAT(message, HasSubstr("and 28 more"));
    EXPECT_LT(message.size(), 300U);
}

}  // namespace
}  // namespace fusion
