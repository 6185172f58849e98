#include "engine/model/genre_dice.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/model/generator.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

const std::vector<GenreDice> kTwo{{0.8F, 0.9F, 0.0F, 1.0F}, {1.2F, 1.0F, 1.0F, 0.6F}};

Blend shares(float first, float second) {
    Blend blend;
    blend.share[0] = first;
    blend.share[1] = second;
    return blend;
}

SamplingSettings plain() {
    SamplingSettings asked;
    asked.temperature = asked.top_p = asked.guidance = 1.0F;
    return asked;
}

TEST(GenreDice, ABlendIsThrownWithWhatLiesBetweenItsGenres) {
    const auto alone = suited(plain(), kTwo, shares(1.0F, 0.0F));
    EXPECT_FLOAT_EQ(alone.temperature, 0.8F);
    EXPECT_FLOAT_EQ(alone.top_p, 0.9F);
    EXPECT_FLOAT_EQ(alone.guidance, 0.0F);
    const auto both = suited(plain(), kTwo, shares(0.25F, 0.75F));
    EXPECT_FLOAT_EQ(both.temperature, 1.1F);
    EXPECT_FLOAT_EQ(both.top_p, 0.975F);
    EXPECT_FLOAT_EQ(both.guidance, 0.75F);
    EXPECT_FLOAT_EQ(both.lengths, 0.7F);
    const auto own = suited(plain(), kTwo, std::size_t{1});
    EXPECT_FLOAT_EQ(own.temperature, 1.2F);
}

TEST(GenreDice, ThePerformersSettingsAreFactors) {
    auto asked = plain();
    asked.temperature = 0.5F;
    asked.top_p = 0.5F;
    asked.guidance = 2.0F;
    asked.lengths = 2.0F;
    const auto found = suited(asked, kTwo, shares(0.0F, 1.0F));
    EXPECT_FLOAT_EQ(found.temperature, 0.6F);
    EXPECT_FLOAT_EQ(found.top_p, 0.5F);
    EXPECT_FLOAT_EQ(found.guidance, 2.0F);
    EXPECT_FLOAT_EQ(found.lengths, 1.2F);
    asked.temperature = 5.0F;
    EXPECT_FLOAT_EQ(suited(asked, kTwo, shares(0.0F, 1.0F)).temperature, kMostTemperature);
}

TEST(GenreDice, GuidanceCanBeAskedForWhereTheGenreWantsNone) {
    auto asked = plain();
    const auto of = [&](float guidance, const Blend& blend) {
        asked.guidance = guidance;
        return suited(asked, kTwo, blend).guidance;
    };
    const Blend none = shares(1.0F, 0.0F), one = shares(0.0F, 1.0F);
    EXPECT_FLOAT_EQ(of(1.0F, none), 0.0F);
    EXPECT_FLOAT_EQ(of(1.7F, none), 0.7F);
    EXPECT_FLOAT_EQ(of(0.5F, one), 0.5F);
    EXPECT_FLOAT_EQ(of(0.0F, one), 0.0F);
}

TEST(GenreDice, WithoutAnyTheUsualOnesAreThrown) {
    const auto found = suited(plain(), {}, shares(1.0F, 0.0F));
    EXPECT_FLOAT_EQ(found.temperature, GenreDice{}.temperature);
    EXPECT_FLOAT_EQ(found.top_p, GenreDice{}.top_p);
    EXPECT_FLOAT_EQ(found.guidance, GenreDice{}.guidance);
}

TEST(GenreDice, WhatIsWrittenIsRead) {
    std::vector<std::uint8_t> bytes;
    serialise_dice(kTwo, bytes);
    const auto read = parse_dice(bytes);
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, kTwo);
}

TEST(GenreDice, WhatIsCutShortTooLongOrOutOfRangeIsRefused) {
    std::vector<std::uint8_t> good;
    serialise_dice(kTwo, good);
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_dice({good.data(), size})) << size;
    auto longer = good;
    longer.push_back(0);
    EXPECT_FALSE(parse_dice(longer));
    for (const GenreDice bad :
         {GenreDice{0.0F, 0.9F, 0.0F}, GenreDice{1.0F, 1.5F, 0.0F}, GenreDice{1.0F, 0.9F, -1.0F},
          GenreDice{NAN, 0.9F, 0.0F}, GenreDice{1.0F, 0.9F, 0.0F, 0.0F}}) {
        std::vector<std::uint8_t> bytes;
        serialise_dice({GenreDice{}, bad}, bytes);
        const auto read = parse_dice(bytes);
        ASSERT_FALSE(read);
        EXPECT_THAT(read.error().message, HasSubstr("genre 1"));
    }
}

}  // namespace
}  // namespace fusion
