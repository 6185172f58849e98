#include "config/factory_scenes.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fusion {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names_of(const std::vector<FactoryScene>& scenes) {
    std::vector<std::string> names;
    for (const auto& one : scenes) names.push_back(one.scene.name);
    return names;
}

TEST(FactorySceneTest, BandBringsTheBandInAndLeavesTheWeights) {
    EXPECT_EQ(factory_scenes({"jazz"}).back().scene.values,
              (SceneValues{{"bass/plays", std::string{"on"}},
                           {"chords/plays", std::string{"on"}},
                           {"drums/plays", std::string{"on"}}}));
}

TEST(FactorySceneTest, EachBlendSetsEveryWeightOfTheBundleAndNothingElse) {
    const auto scenes =
        factory_scenes({"cinematic", "classical", "folk", "game", "jazz", "pop", "rock"});
    EXPECT_THAT(names_of(scenes), ElementsAre("classical", "jazz", "pop", "folk", "case-1",
                                              "case-2", "parlour", "quest", "band"));
    for (const auto& one : scenes) {
        EXPECT_EQ(one.scene.values.size(), one.scene.name == "band" ? 3U : 7U) << one.scene.name;
        EXPECT_THAT(one.missing, IsEmpty()) << one.scene.name;
        EXPECT_TRUE(check_scene_name(one.scene.name));
    }
    EXPECT_EQ(scenes[3].scene.values, (SceneValues{{"weight/cinematic", 0.0},
                                                   {"weight/classical", 0.0},
                                                   {"weight/folk", 10.0},
                                                   {"weight/game", 0.0},
                                                   {"weight/jazz", 0.0},
                                                   {"weight/pop", 0.0},
                                                   {"weight/rock", 0.0}}));
    EXPECT_EQ(scenes[4].scene.values.at("weight/classical"), SceneValue{10.0});
    EXPECT_EQ(scenes[4].scene.values.at("weight/jazz"), SceneValue{5.0});
    EXPECT_EQ(scenes[4].scene.values.at("weight/pop"), SceneValue{1.0});
    EXPECT_EQ(scenes[4].scene.values.at("weight/cinematic"), SceneValue{0.0});
    for (const auto* tail : {"weight/cinematic", "weight/classical", "weight/jazz"})
        EXPECT_EQ(scenes[5].scene.values.at(tail), SceneValue{5.0}) << tail;
    EXPECT_EQ(scenes[7].scene.values.at("weight/folk"), SceneValue{6.0});
    EXPECT_EQ(scenes[7].scene.values.at("weight/pop"), SceneValue{0.0});
}

TEST(FactorySceneTest, AGenreThatIsNotThereIsLeftOutAndASceneOfNoneIsNot) {
    const auto scenes = factory_scenes({"Jazz", "ska"});
    EXPECT_THAT(names_of(scenes), ElementsAre("jazz", "case-1", "case-2", "band"));
    EXPECT_THAT(scenes[0].missing, IsEmpty());
    EXPECT_THAT(scenes[2].missing, ElementsAre("cinematic", "classical"));
    EXPECT_EQ(scenes[2].scene.values, (SceneValues{{"weight/Jazz", 5.0}, {"weight/ska", 0.0}}));
    EXPECT_THAT(names_of(factory_scenes({"polka"})), ElementsAre("band"));
}

}  // namespace
}  // namespace fusion
