// The judging of what a bundle plays, on bundles whose playing is known: networks that say nothing
// but what their biases say.
#include "engine/train/music.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/nn/networks.hpp"
#include "engine/train/measures/note_line.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion::train {
namespace {

// Quavers between C4 and C6 and their rest. "leaps" plays sixths and sevenths, "steps" seconds:
// each genre's own network gives its intervals a high score and all else a low one, and the fusion
// says what they say.
Bundle two_habits() {
    Bundle bundle = random_bundle(2, 3, 60);
    std::vector<Event> vocabulary{{std::nullopt, Cells{6}}};
    for (std::uint8_t pitch = 60; pitch <= 84; ++pitch)
        vocabulary.push_back({Pitch{pitch}, Cells{6}});
    bundle.vocabulary = *Vocabulary::make(vocabulary);
    bundle.genres = {"leaps", "steps"};
    bundle.tensors.clear();
    bundle.ngrams.clear();
    const auto nothing = [&](const TensorShape& wanted) {
        std::size_t count = 1;
        for (const auto extent : wanted.shape) count *= static_cast<std::size_t>(extent);
        bundle.tensors[wanted.name] = {wanted.shape, std::vector<float>(count, 0.0F)};
    };
    for (const auto& genre : bundle.genres) {
        for (const auto& wanted : phase1_tensors(genre, bundle.vocabulary)) nothing(wanted);
        auto& intervals = bundle.tensors[phase1_prefix(genre) + "line.bias"].values;
        for (int interval = -24; interval <= 24; ++interval) {
            const int apart = std::abs(interval);
            const bool habit =
                genre == "leaps" ? apart >= 8 && apart <= 11 : apart >= 1 && apart <= 2;
            intervals[static_cast<std::size_t>(interval + 24)] = habit ? 6.0F : 0.0F;
        }
        bundle.tensors[phase1_prefix(genre) + "out.bias"].values[0] = 1.0F;  // a rest now and then
    }
    for (const auto& wanted : phase2_tensors(2, bundle.vocabulary)) nothing(wanted);
    bundle.tensors[phase2_prefix() + "out.experts"].values[0] = 1.0F;
    return bundle;
}

// A real line of the habit, from a walk that turns at the ends of the range.
NoteLine walk(bool leaps, std::uint32_t seed, std::size_t notes) {
    NoteLine line;
    int pitch = 72;
    std::uint32_t state = seed * 2654435761U + 1U;
    for (std::size_t i = 0; i < notes; ++i) {
        state = state * 1664525U + 1013904223U;
        const int size =
            leaps ? 8 + static_cast<int>(state >> 30U) : 1 + static_cast<int>(state >> 31U);
        const bool up = ((state >> 20U) & 1U) != 0;
        pitch += (up && pitch + size <= 84) || pitch - size < 60 ? size : -size;
        line.notes.push_back({Cells{static_cast<std::int32_t>(6 * i)}, Cells{6},
                              Pitch{static_cast<std::uint8_t>(pitch)},
                              static_cast<std::uint8_t>(6 * i % 48), MeterClass::quadruple});
    }
    return line;
}

RealLines real_lines() {
    RealLines real{std::vector<std::vector<NoteLine>>(2), std::vector<std::vector<NoteLine>>(2),
                   std::vector<std::vector<NoteLine>>(2)};
    for (const std::size_t g : {0U, 1U})
        for (std::uint32_t n = 0; n < 24; ++n)
            (n < 16   ? real.training
             : n < 18 ? real.validation
                      : real.held_out)[g]
                .push_back(walk(g == 0, 100 * static_cast<std::uint32_t>(g) + n, 160));
    return real;
}

MusicSettings small_settings() {
    MusicSettings settings;
    settings.lines = 4;
    settings.line_notes = 128;
    settings.sweep_lines = 4;
    settings.sweep_notes = 64;
    settings.switch_lines = 4;
    settings.switch_notes = 32;
    settings.device = Device::cpu;
    return settings;
}

nlohmann::ordered_json judged(const Bundle& bundle, const MusicSettings& settings) {
    Progress progress{std::tmpfile()};
    auto music = evaluate_music(bundle, real_lines(), settings, progress);
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
    RealLines real = real_lines();
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
