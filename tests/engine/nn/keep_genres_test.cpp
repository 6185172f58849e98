#include "engine/nn/keep_genres.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/nn/networks.hpp"
#include "engine/nn/torch_generator.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

std::vector<EventId> play(const Bundle& bundle, const std::vector<float>& shares) {
    const auto generator = make_torch_generator(bundle, DeviceChoice::cpu);
    EXPECT_TRUE(generator);
    std::vector<EventId> line;
    for (std::uint32_t i = 0; i < 60; ++i) {
        StepRequest request;
        request.index = i;
        request.position = static_cast<std::uint8_t>(i * 6 % kBarPositions);
        std::copy(shares.begin(), shares.end(), request.blend.share.begin());
        request.sampling.inertia = 0.0F;  // who leads is drawn by the genres' numbers
        line.push_back((*generator)->generate(request)->event);
    }
    return line;
}

TEST(KeepGenres, PlayAsTheyPlayedBesideTheOthers) {
    const Bundle whole = random_bundle(3, 4, 200);
    const auto kept = keep_genres(whole, {"genre2", "genre0"});
    ASSERT_TRUE(kept) << kept.error().message;
    EXPECT_TRUE(check_tensors(*kept));
    EXPECT_EQ(kept->genres, (std::vector<std::string>{"genre2", "genre0"}));
    EXPECT_EQ(kept->ngrams.size(), 2U);
    EXPECT_TRUE(kept->dice.empty() && kept->forms.empty() && kept->start.empty());
    EXPECT_EQ(play(*kept, {0.75F, 0.25F}), play(whole, {0.25F, 0.0F, 0.75F}));
    EXPECT_NE(play(*kept, {0.75F, 0.25F}), play(whole, {0.75F, 0.0F, 0.25F}));
}

TEST(KeepGenres, BringTheirDiceTheirFormsAndTheirWeightsAlong) {
    Bundle whole = random_bundle(3);
    whole.dice = {{0.8F, 1.0F, 0.0F}, {0.9F, 1.0F, 0.0F}, {1.1F, 1.0F, 0.0F}};
    whole.forms.resize(3);
    whole.forms[2].kept = 0.5F;
    whole.start = {0.0F, 10.0F, 4.0F};
    const auto kept = keep_genres(whole, {"genre2", "genre0"});
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->dice, (std::vector<GenreDice>{whole.dice[2], whole.dice[0]}));
    EXPECT_EQ(kept->forms[0].kept, 0.5F);
    EXPECT_EQ(kept->start, (std::vector<float>{4.0F, 0.0F}));
    const auto silent = keep_genres(whole, {"genre0"});
    ASSERT_TRUE(silent);
    EXPECT_TRUE(silent->start.empty()) << "it would start with a rest";
}

TEST(KeepGenres, LeavesTheRecordAndSaysWhatWasKept) {
    Bundle whole = random_bundle(2);
    whole.record = R"({"seed": 7})";
    const auto kept = keep_genres(whole, {"genre1"});
    ASSERT_TRUE(kept);
    const auto record = nlohmann::json::parse(kept->record);
    EXPECT_EQ(record["seed"], 7);
    EXPECT_EQ(record["kept"], nlohmann::json::array({"genre1"}));
}

TEST(KeepGenres, RefusesWhatItCannotKeep) {
    Bundle whole = random_bundle(2);
    EXPECT_THAT(keep_genres(whole, {"polka"}).error().message, HasSubstr("genre0, genre1"));
    EXPECT_FALSE(keep_genres(whole, {}));
    EXPECT_THAT(keep_genres(whole, {"genre0", "genre0"}).error().message, HasSubstr("twice"));
    whole.tensors.erase("phase2/in.genre");
    EXPECT_THAT(keep_genres(whole, {"genre0"}).error().message, HasSubstr("phase2/in.genre"));
}

}  // namespace
}  // namespace fusion
