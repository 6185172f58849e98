// The judging of what a bundle plays, on bundles whose playing is known: networks that say nothing
// but what their biases say.
#include "engine/train/music.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "tests/engine/train/two_habits.hpp"

namespace fusion::train {
namespace {

MusicSettings small_settings() {
    MusicSettings settings;
    settings.lines = 4;
    settings.line_notes = 128;
    settings.sweep_lines = 4;
    settings.sweep_notes = 64;
    settings.switch_lines = 4;
    settings.switch_notes = 32;
    settings.blend_lines = 6;
    settings.device = Device::cpu;
    return settings;
}

nlohmann::ordered_json judged(const Bundle& bundle, const MusicSettings& settings) {
    Progress progress{std::tmpfile()};
    auto music = evaluate_music(bundle, lines_of_two_habits(), settings, progress);
    EXPECT_TRUE(music) << music.error().message;
    return music ? std::move(*music) : nlohmann::ordered_json{};
}

class MusicTest : public testing::Test {
protected:
    static void SetUpTestSuite() {
        music = new nlohmann::ordered_json(judged(two_habits(), small_settings()));
    }
    static void TearDownTestSuite() { delete music; }
    static nlohmann::ordered_json* music;
};
nlohmann::ordered_json* MusicTest::music = nullptr;

TEST_F(MusicTest, HearsEachGenreInWhatItPlaysAlone) {
    const auto& control = (*music)["controllability"];
    for (const auto* genre : {"leaps", "steps"}) {
        EXPECT_GT(control["real"]["accuracy"][genre], 0.95) << genre;
        EXPECT_GT(control["one_hot"]["of_ceiling"][genre], 0.95) << genre;
        EXPECT_EQ(control["one_hot"]["excerpts"][genre], 8) << genre;
    }
    EXPECT_GT(control["one_hot"]["confusion"][0][0], 0.95);
}

TEST_F(MusicTest, HearsTheWeightsAlongASweep) {
    const auto& sweeps = (*music)["controllability"]["sweeps"];
    ASSERT_EQ(sweeps.size(), 1U);
    EXPECT_EQ(sweeps[0]["weight_a"].size(), 11U);
    EXPECT_GT(sweeps[0]["rank_correlation"], 0.95);
    EXPECT_LT(sweeps[0]["verdict_a"].front(), 0.1);
    EXPECT_GT(sweeps[0]["verdict_a"].back(), 0.9);
}

TEST_F(MusicTest, HearsASwitchWithinAFewNotes) {
    const auto& switches = (*music)["controllability"]["switches"];
    EXPECT_GE(switches["median_notes"], 1.0);
    EXPECT_LE(switches["median_notes"], 4.0);
    EXPECT_EQ(switches["never"], 0.0);
    EXPECT_EQ(switches["pairs"].size(), 2U);
    EXPECT_GT(switches["real"]["switches"], 0);
}

TEST_F(MusicTest, ComparesCopiesAndStatisticsWithRealPieces) {
    for (const auto* genre : {"leaps", "steps"}) {
        const auto& copies = (*music)["memorisation"]["genres"][genre];
        EXPECT_LT(copies["generated"]["share"], 0.2);
        EXPECT_GE(copies["held_out"]["share"], 0.0);
        const auto& statistics = (*music)["statistics"]["genres"][genre];
        EXPECT_GT(statistics["features"].size(), 8U);
        EXPECT_GT(statistics["overlap"], 0.3);
        EXPECT_GT(statistics["overlap_real"], 0.3);
    }
}

// The measures must be able to say no: with both networks in the habit of the first genre, the
// second is not heard and the weights lead nowhere.
TEST(Music, SaysSoWhereTheWeightsAreNotHeard) {
    Bundle deaf = two_habits();
    deaf.tensors["phase1/steps/line.bias"] = deaf.tensors["phase1/leaps/line.bias"];
    const auto music = judged(deaf, small_settings());
    const auto& control = music["controllability"];
    EXPECT_LT(control["one_hot"]["share"]["steps"], 0.1);
    EXPECT_LT(std::abs(control["sweeps"][0]["verdict_a"].front().get<double>() -
                       control["sweeps"][0]["verdict_a"].back().get<double>()),
              0.1);
    // One way nothing new is ever heard, the other way it was there already.
    const auto& switches = control["switches"];
    EXPECT_GT(switches["never"].get<double>() + switches["already"].get<double>(), 0.9);
    EXPECT_GT(switches["never"], 0.3);
}

TEST(Music, FindsWhatIsCopied) {
    Progress progress{std::tmpfile()};
    RealLines real = lines_of_two_habits();
    real.held_out[0] = {real.training[0][3]};
    const auto music = evaluate_music(two_habits(), real, small_settings(), progress);
    ASSERT_TRUE(music);
    EXPECT_EQ((*music)["memorisation"]["genres"]["leaps"]["held_out"]["share"], 1.0);
}

TEST(Music, IsTheSameOnAnyNumberOfThreads) {
    MusicSettings settings = small_settings();
    settings.sweep_lines = settings.lines = 1;
    settings.threads = 1;
    const auto one = judged(two_habits(), settings);
    settings.threads = 3;
    EXPECT_EQ(judged(two_habits(), settings), one);
}

}  // namespace
}  // namespace fusion::train
