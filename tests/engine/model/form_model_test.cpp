#include "engine/model/form_model.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

// Every phrase but the first returns; always from `back` phrases ago.
FormModel always(std::size_t back, float likeness = 0.9F) {
    FormModel model;
    for (auto& after : model.returns) after.fill(1.0F);
    model.goes_on.fill(1.0F);
    model.distance[back - 1] = 1.0F;
    model.likeness = likeness;
    return model;
}

TEST(FormModel, WhereNothingReturnsEveryPhraseIsNew) {
    for (std::uint32_t phrase = 0; phrase < 100; ++phrase)
        EXPECT_EQ(return_of(FormModel{}, 1, 0, phrase), std::nullopt);
}

TEST(FormModel, APhraseReturnsFromAsFarBackAsItsGenreHasIt) {
    const FormModel model = always(2);
    EXPECT_EQ(return_of(model, 1, 0, 0), std::nullopt) << "there is nothing to return to";
    for (std::uint32_t phrase = 2; phrase < kFormPhrases; ++phrase)
        EXPECT_EQ(return_of(model, 1, 0, phrase), (PhraseReturn{2, 0.9F})) << phrase;
    EXPECT_EQ(return_of(model, 1, 0, kFormPhrases), std::nullopt) << "a form begins anew";
}

TEST(FormModel, NoPhraseIsPlayedMoreThanFourTimesInARow) {
    const FormModel model = always(1);
    for (std::uint32_t phrase = 0; phrase < kFormPhrases; ++phrase)
        EXPECT_EQ(return_of(model, 1, 0, phrase).has_value(), phrase % kMostSamePhrases != 0)
            << phrase;
    // Nor where they come from different distances.
    FormModel mixture = always(1);
    mixture.goes_on.fill(0.0F);
    mixture.distance[0] = mixture.distance[1] = 0.5F;
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        std::vector<std::uint32_t> first;
        for (std::uint32_t phrase = 0; phrase < kFormPhrases; ++phrase) {
            const auto back = return_of(mixture, seed, 0, phrase);
            first.push_back(back ? first[phrase - back->phrases_ago] : phrase);
            if (phrase < kMostSamePhrases) continue;
            EXPECT_NE(std::count(first.end() - kMostSamePhrases - 1, first.end(), first.back()),
                      kMostSamePhrases + 1)
                << seed << ", " << phrase;
        }
    }
}

TEST(FormModel, NeverReachesBeyondItsBegin) {
    FormModel model = always(1);
    model.distance.fill(1.0F / kFarthestReturn);
    model.goes_on.fill(0.0F);
    for (std::uint64_t seed = 1; seed < 40; ++seed)
        for (std::uint32_t phrase = 0; phrase < 2 * kFormPhrases; ++phrase)
            if (const auto back = return_of(model, seed, 0, phrase)) {
                EXPECT_GE(back->phrases_ago, 1U);
                EXPECT_LE(back->phrases_ago, phrase % kFormPhrases) << phrase;
                EXPECT_LE(back->phrases_ago, kFarthestReturn);
            }
}

TEST(FormModel, SharesAreThoseOfTheModel) {
    FormModel model;
    model.returns[0] = {0.0F, 0.2F, 0.6F, 0.2F};
    model.returns[1] = {0.5F, 0.9F, 0.5F, 0.9F};
    model.distance[1] = 1.0F;
    model.likeness = 0.8F;
    int third = 0;
    constexpr int kForms = 3000;
    for (std::uint64_t seed = 0; seed < kForms; ++seed)
        third += return_of(model, seed, 0, 2) ? 1 : 0;
    // Phrase 1 cannot return two back, so phrase 2 follows a new one.
    EXPECT_NEAR(static_cast<double>(third) / kForms, 0.6, 0.04);
}

TEST(FormModel, TheSameDiceFallTheSameAndOtherSeedsOtherwise) {
    FormModel model = always(1);
    for (auto& after : model.returns) after.fill(0.5F);
    int differ = 0;
    for (std::uint32_t phrase = 0; phrase < 64; ++phrase) {
        EXPECT_EQ(return_of(model, 7, 0, phrase), return_of(model, 7, 0, phrase));
        differ += return_of(model, 7, 0, phrase) != return_of(model, 8, 0, phrase) ? 1 : 0;
    }
    EXPECT_GT(differ, 10);
}

TEST(FormModel, ABlendLiesBetweenItsGenres) {
    const std::vector<FormModel> two{always(2, 1.0F), FormModel{}};
    Blend blend;
    blend.share[0] = 0.25F;
    blend.share[1] = 0.75F;
    const FormModel mix = mixed(two, blend);
    EXPECT_FLOAT_EQ(mix.returns[0][1], 0.25F);
    EXPECT_FLOAT_EQ(mix.likeness, 0.25F);
    blend.share = {};
    blend.share[0] = 1.0F;
    EXPECT_EQ(mixed(two, blend), two[0]);
}

}  // namespace
}  // namespace fusion
