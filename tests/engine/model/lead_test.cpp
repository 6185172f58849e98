#include "engine/model/lead.hpp"

#include <gtest/gtest.h>

namespace fusion {
namespace {

StepRequest request_of(std::uint32_t phrase, float first, float second, float inertia = 1.0F) {
    StepRequest request;
    request.phrase = phrase;
    request.blend.share[0] = first;
    request.blend.share[1] = second;
    request.sampling.inertia = inertia;
    return request;
}

TEST(Lead, WithoutInertiaTheBlendIsWhatTheWeightsSay) {
    const auto request = request_of(3, 0.3F, 0.7F, 0.0F);
    EXPECT_EQ(led(request), request.blend);
}

TEST(Lead, WithFullInertiaOneGenreLeadsAPhraseAlone) {
    for (std::uint32_t phrase = 0; phrase < 50; ++phrase) {
        const Blend blend = led(request_of(phrase, 0.5F, 0.5F));
        EXPECT_FLOAT_EQ(std::max(blend.share[0], blend.share[1]), 1.0F);
        EXPECT_FLOAT_EQ(std::min(blend.share[0], blend.share[1]), 0.0F);
        EXPECT_EQ(led(request_of(phrase, 0.5F, 0.5F)), blend) << "the same dice";
    }
}

TEST(Lead, GenresLeadInProportionToTheirWeights) {
    int first = 0;
    constexpr int kPhrases = 4000;
    for (std::uint32_t phrase = 0; phrase < kPhrases; ++phrase)
        first += led(request_of(phrase, 0.3F, 0.7F)).share[0] > 0.5F ? 1 : 0;
    EXPECT_NEAR(static_cast<double>(first) / kPhrases, 0.3, 0.03);
}

TEST(Lead, AGenreThatIsTurnedUpNeverLosesAPhraseByIt) {
    for (std::uint32_t phrase = 0; phrase < 200; ++phrase) {
        bool had = false;
        for (int percent = 5; percent <= 95; percent += 5) {
            const float share = static_cast<float>(percent) / 100.0F;
            const bool leads = led(request_of(phrase, share, 1.0F - share)).share[0] > 0.5F;
            EXPECT_TRUE(leads || !had) << phrase << " at " << percent;
            had = leads;
        }
    }
}

TEST(Lead, WhatHasNoWeightNeverLeads) {
    for (std::uint32_t phrase = 0; phrase < 200; ++phrase)
        EXPECT_EQ(led(request_of(phrase, 0.0F, 1.0F)).share[0], 0.0F);
}

TEST(Lead, PartOfTheInertiaLeavesPartOfTheMixture) {
    const Blend blend = led(request_of(1, 0.5F, 0.5F, 0.5F));
    EXPECT_FLOAT_EQ(std::max(blend.share[0], blend.share[1]), 0.75F);
    EXPECT_FLOAT_EQ(blend.share[0] + blend.share[1], 1.0F);
}

TEST(Lead, PhrasesAreFourBarsOfTheirMetre) {
    EXPECT_EQ(phrase_of(0, Meter{}), 0U);
    EXPECT_EQ(phrase_of(191, Meter{}), 0U);
    EXPECT_EQ(phrase_of(192, Meter{}), 1U);
    EXPECT_EQ(phrase_of(143, (Meter{3, 4})), 0U);
    EXPECT_EQ(phrase_of(144, (Meter{3, 4})), 1U);
}

}  // namespace
}  // namespace fusion
