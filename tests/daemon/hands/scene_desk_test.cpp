#include "daemon/hands/scene_desk.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class SceneDeskTest : public testing::Test {
protected:
    SceneDesk& desk() {
        if (!desk_) {
            desk_.emplace(
                params_, [this] { return position_; }, saved_,
                [this](const std::string& what) { told_.push_back(what); });
            desk_->assign_to(actions_);
            desk_->on_progress([this](const std::string& name, double progress) {
                progress_.push_back(fmt::format("{} {:.2f}", name, progress));
            });
            desk_->on_scenes([this] { ++changes_; });
        }
        return *desk_;
    }
    Result<Applied> act(ActionId action, std::string text, std::optional<double> number = {}) {
        desk();
        return actions_.act(action, {std::move(text), number});
    }
    // The play head moves on, in turns of 10 ms.
    void play(double beats) {
        for (int turn = 0; turn < 50; ++turn) {
            position_ += beats / 50.0;
            desk().turn(now_ += 10ms);
        }
    }

    SimulatedTime time_;
    ParamStore params_{{"jazz", "pop"}, time_};
    ActionDesk actions_{params_};
    SavedState saved_;
    std::vector<std::string> told_, progress_;
    int changes_ = 0;
    double position_ = 0.0;
    TimePoint now_{1h};
    std::optional<SceneDesk> desk_;
};

TEST_F(SceneDeskTest, TheTablesActionsSaveRecallAndDelete) {
    ASSERT_TRUE(params_.set("tempo", 90.0));
    ASSERT_TRUE(act(ActionId::scene_save, "verse"));
    ASSERT_TRUE(params_.set("tempo", 150.0));
    ASSERT_TRUE(act(ActionId::scene_save, "chorus"));
    ASSERT_TRUE(act(ActionId::scene_recall, "verse"));
    EXPECT_EQ(params_.current().real(ParamId::tempo), 90.0);
    ASSERT_TRUE(act(ActionId::scene_delete, "verse"));
    EXPECT_THAT(desk().saved_names(), ElementsAre("chorus"));
    EXPECT_EQ(changes_, 3);
    const auto gone = act(ActionId::scene_recall, "verse");
    ASSERT_FALSE(gone);
    EXPECT_EQ(gone.error().code, Error::Code::not_found);
    EXPECT_THAT(gone.error().message, HasSubstr("there are: chorus"));
    EXPECT_FALSE(act(ActionId::scene_save, "two\nlines"));
    EXPECT_FALSE(act(ActionId::scene_save, ""));
}

TEST_F(SceneDeskTest, ARecallAtOnceIsOneRevisionWithTheUsualRamp) {
    ASSERT_TRUE(params_.set("ramp", 2.0));
    ASSERT_TRUE(params_.set("weight/jazz", 9.0));
    ASSERT_TRUE(desk().save("verse"));
    ASSERT_TRUE(params_.set("weight/jazz", 1.0));
    ASSERT_TRUE(params_.set("tempo", 77.0));
    const auto revision = params_.current().revision;
    ASSERT_TRUE(act(ActionId::scene_recall, "verse", 0.0));
    EXPECT_EQ(params_.current().revision, revision + 1);
    EXPECT_EQ(params_.current().ramps[0], 2.0F);
    EXPECT_EQ(params_.current().weights.value[0], 9.0F);
    EXPECT_THAT(progress_, ElementsAre("verse 1.00"));
}

TEST_F(SceneDeskTest, WhatIsOfTheRoomStaysAsItIs) {
    ASSERT_TRUE(desk().save("verse"));
    ASSERT_TRUE(params_.set("offset", -12.0));
    ASSERT_TRUE(params_.set("playing", 0.0));
    ASSERT_TRUE(desk().recall("verse"));
    EXPECT_EQ(params_.current().real(ParamId::offset), -12.0);
    EXPECT_FALSE(params_.current().on(ParamId::playing));
}

TEST_F(SceneDeskTest, AMorphIsToldAtItsBeginningOnItsWayAndAtItsEnd) {
    ASSERT_TRUE(params_.set("tempo", 160.0));
    ASSERT_TRUE(desk().save("fast"));
    ASSERT_TRUE(params_.set("tempo", 120.0));
    ASSERT_TRUE(act(ActionId::scene_recall, "fast", 8.0));
    play(4.0);
    ASSERT_NE(desk().morph(), nullptr);
    EXPECT_NEAR(params_.current().real(ParamId::tempo), 140.0, 1e-9);
    EXPECT_THAT(progress_, SizeIs(6)) << "the beginning, and each 100 ms of 500";
    play(4.1);
    EXPECT_EQ(desk().morph(), nullptr);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 160.0);
    EXPECT_EQ(progress_.front(), "fast 0.00");
    EXPECT_EQ(progress_.back(), "fast 1.00");
    const auto told = progress_.size();
    play(8.0);
    EXPECT_EQ(progress_.size(), told);
}

TEST_F(SceneDeskTest, AMorphThatStandsTellsNothingAndWaits) {
    ASSERT_TRUE(desk().save("a"));
    ASSERT_TRUE(desk().recall("a", 8.0));
    play(2.0);
    const auto told = progress_.size();
    play(0.0);
    EXPECT_LE(progress_.size(), told + 1) << "what was due";
    const auto after = progress_.size();
    play(0.0);
    EXPECT_EQ(progress_.size(), after);
    EXPECT_NE(desk().morph(), nullptr);
}

TEST_F(SceneDeskTest, SavingDuringAMorphSavesTheValuesOfNow) {
    ASSERT_TRUE(params_.set("weight/jazz", 10.0));
    ASSERT_TRUE(params_.set("tempo", 160.0));
    ASSERT_TRUE(desk().save("there"));
    ASSERT_TRUE(params_.set("weight/jazz", 0.0));
    ASSERT_TRUE(params_.set("tempo", 120.0));
    ASSERT_TRUE(desk().recall("there", 8.0));
    play(4.0);
    ASSERT_TRUE(desk().save("half way"));
    const auto saved = desk().state("").scenes.at(1).values;
    EXPECT_NEAR(std::get<double>(saved.at("weight/jazz")), 5.0, 1e-4);
    EXPECT_NEAR(std::get<double>(saved.at("tempo")), 140.0, 1e-9);
}

TEST_F(SceneDeskTest, ANewRecallTakesTheMorphsPlace) {
    ASSERT_TRUE(desk().save("home"));
    ASSERT_TRUE(params_.set("tempo", 200.0));
    ASSERT_TRUE(desk().save("away"));
    ASSERT_TRUE(desk().recall("home", 8.0));
    play(4.0);
    ASSERT_TRUE(desk().recall("away", 4.0));
    play(2.0);
    EXPECT_NEAR(params_.current().real(ParamId::tempo), 180.0, 1e-9);
    ASSERT_TRUE(desk().recall("home"));
    EXPECT_EQ(desk().morph(), nullptr);
    play(8.0);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 120.0);
}

TEST_F(SceneDeskTest, ADeletedSceneFinishesItsMorph) {
    ASSERT_TRUE(params_.set("tempo", 160.0));
    ASSERT_TRUE(desk().save("fast"));
    ASSERT_TRUE(params_.set("tempo", 120.0));
    ASSERT_TRUE(desk().recall("fast", 8.0));
    ASSERT_TRUE(desk().remove("fast"));
    play(9.0);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 160.0);
}

TEST_F(SceneDeskTest, AnotherBundlesValuesAreToldOnceAndKept) {
    saved_.scenes = {{"a", {{"weight/ska", 4.0}, {"tempo", 90.0}}}, {"b", {{"weight/ska", 5.0}}}};
    saved_.now = {{"weight/ska", 6.0}, {"tempo", 80.0}};
    EXPECT_THAT(told_, IsEmpty());
    ASSERT_TRUE(desk().recall("a"));
    ASSERT_TRUE(desk().resume());
    EXPECT_THAT(told_, ElementsAre(HasSubstr("weight/ska")));
    const auto state = desk().state("");
    EXPECT_EQ(state.scenes, saved_.scenes);
    EXPECT_EQ(state.now.at("weight/ska"), SceneValue{6.0});
    EXPECT_EQ(state.now.at("tempo"), SceneValue{80.0}) << "resumed";
}

TEST_F(SceneDeskTest, ResumingBringsEveryControlBack) {
    ASSERT_TRUE(params_.set("offset", -7.25));
    ASSERT_TRUE(params_.set("weight/pop", 0.3));
    ASSERT_TRUE(params_.set("playing", 0.0));
    ASSERT_TRUE(params_.set(ParamId::sync, *find_word(spec(ParamId::sync).words, "midi")));
    const auto text = format_state(desk().state(""));
    ParamStore other{{"jazz", "pop"}, time_};
    SceneDesk second{other, [] { return 0.0; }, parse_state(text, "s").value(),
                     [](const std::string&) {}};
    ASSERT_TRUE(second.resume());
    for (ParameterIndex i = 0; i < params_.parameters().size(); ++i)
        EXPECT_EQ(other.value(i), params_.value(i)) << params_.parameters()[i].tail;
}

TEST_F(SceneDeskTest, TheBlendsThatComeWithFusiondSetWeightsAlone) {
    ASSERT_TRUE(params_.set("tempo", 90.0));
    ASSERT_TRUE(params_.set_weights({3.0, 4.0}));
    EXPECT_THAT(desk().names(), ElementsAre("jazz", "pop", "case-1", "case-2", "parlour", "band"));
    ASSERT_TRUE(act(ActionId::scene_recall, "pop"));
    EXPECT_EQ(params_.current().weights.value[0], 0.0F);
    EXPECT_EQ(params_.current().weights.value[1], 10.0F);
    ASSERT_TRUE(act(ActionId::scene_recall, "jazz", 4.0));
    play(5.0);
    EXPECT_EQ(params_.current().weights.value[0], 10.0F);
    EXPECT_EQ(params_.current().weights.value[1], 0.0F);
    EXPECT_EQ(params_.current().real(ParamId::tempo), 90.0);
    EXPECT_THAT(desk().state("").scenes, IsEmpty()) << "they are not kept";
    EXPECT_FALSE(act(ActionId::scene_delete, "jazz"));
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(SceneDeskTest, AGenreThatTheBundleLacksIsLeftOutOfThemWithOneWord) {
    for (int i = 0; i < 2; ++i) ASSERT_TRUE(desk().recall("case-1"));
    EXPECT_EQ(params_.current().weights.value[0], 5.0F);
    EXPECT_EQ(params_.current().weights.value[1], 1.0F);
    EXPECT_THAT(told_, ElementsAre("scene 'case-1': this bundle has no classical; the rest of it "
                                   "plays"));
    EXPECT_THAT(desk().recall("folk").error().message, HasSubstr("no scene 'folk'"));
}

TEST_F(SceneDeskTest, OneThatIsSavedUnderTheirNameGoesOverThem) {
    ASSERT_TRUE(params_.set_weights({3.0, 4.0}));
    ASSERT_TRUE(desk().save("jazz"));
    ASSERT_TRUE(params_.set_weights({0.0, 0.0}));
    ASSERT_TRUE(desk().recall("jazz"));
    EXPECT_EQ(params_.current().weights.value[1], 4.0F);
    ASSERT_TRUE(desk().remove("jazz"));
    ASSERT_TRUE(desk().recall("jazz"));
    EXPECT_EQ(params_.current().weights.value[1], 0.0F);
}

TEST_F(SceneDeskTest, ABeginningHasNoRamps) {
    saved_.scenes = {{"slow", {{"ramp", 16.0}, {"tempo", 60.0}, {"weight/jazz", 2.0}}}};
    ASSERT_TRUE(desk().begin_in("slow"));
    EXPECT_EQ(params_.current().real(ParamId::tempo), 60.0);
    EXPECT_EQ(params_.current().weights.value[0], 2.0F);
    EXPECT_EQ(params_.current().ramps[0], 0.0F);
    EXPECT_THAT(desk().begin_in("slo").error().message, HasSubstr("did you mean 'slow'?"));
}

TEST_F(SceneDeskTest, ASceneThatAHandHasSpoiltIsRefusedWhole) {
    saved_.scenes = {{"odd", {{"meter_denominator", 3.0}, {"tempo", 90.0}}}};
    const auto refused = desk().recall("odd");
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("scene 'odd': meter_denominator: 3"));
    EXPECT_EQ(params_.current().real(ParamId::tempo), 120.0);
}

}  // namespace
}  // namespace fusion
