#include "engine/model/chord_model.hpp"

#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"
#include "tests/support/chord_book.hpp"

namespace fusion::test {
namespace {

using testing::HasSubstr;

ChordCode code(std::string_view symbol) { return code_of(*parse_chord_symbol(symbol)); }

TEST(ChordCode, IsOneForEachRootAndQualityAndForgetsTheRest) {
    for (std::uint8_t c = 0; c < kChordCodes; ++c) {
        const auto chord = chord_of(ChordCode{c});
        if (chord.is_none()) continue;
        EXPECT_LT(function_of(ChordCode{c}), kChordFunctions);
        EXPECT_EQ(chord_of(code_of(chord)), chord) << to_text(chord);
    }
    EXPECT_EQ(code("G7/B"), code("G7"));
    EXPECT_EQ(code("C7#9"), code("C7"));
    EXPECT_EQ(code_of({}), kNoChordCode);
    EXPECT_TRUE(chord_of(kNoChordCode).is_none());
}

TEST(ChordCode, ItsFunctionIsRootAndThird) {
    EXPECT_EQ(function_of(code("C")), 0U);
    EXPECT_EQ(function_of(code("Cm7")), 1U);
    EXPECT_EQ(function_of(code("Am")), 19U);
    EXPECT_EQ(function_of(code("A7")), 18U);
}

TEST(ChordChances, AreOfWhatCameAfterAndNeverOfTheSame) {
    auto mode = bar_by_bar("C", {{"C", "G7"}, {"G7", "Am"}}).modes[0];
    const auto begin = chances_of(mode, kNoChordCode, kNoChordCode, 0);
    EXPECT_FLOAT_EQ(begin[code("C").count()], 1.0F);
    const auto after = chances_of(mode, kNoChordCode, code("C"), 2);
    EXPECT_FLOAT_EQ(after[code("C").count()], 0.0F);
    EXPECT_GT(after[code("G7").count()], 0.99F);
    EXPECT_NEAR(std::accumulate(after.begin(), after.end(), 0.0F), 1.0F, 1e-5F);
}

TEST(ChordChances, TwoBeforeSayMoreThanOneAndThePlaceHasItsSay) {
    auto mode = bar_by_bar("C", {{"C", "G7"}}).modes[0];
    mode.follows.push_back({code("F"), code("C"), code("Dm"), 60'000});
    std::ranges::sort(mode.follows);
    const auto known = chances_of(mode, code("F"), code("C"), 2);
    EXPECT_GT(known[code("Dm").count()], 0.99F);
    const auto other = chances_of(mode, code("Em"), code("C"), 2);
    EXPECT_GT(other[code("G7").count()], 0.99F) << "two that were never seen say nothing";

    mode.follows = {{kNoChordCode, kNoChordCode, code("F"), 10},
                    {kNoChordCode, kNoChordCode, code("G7"), 10}};
    std::ranges::sort(mode.follows);
    mode.places[14][function_of(code("G7"))] = 3.0F;
    EXPECT_NEAR(chances_of(mode, kNoChordCode, kNoChordCode, 14)[code("G7").count()], 0.75F, 1e-5F);
    EXPECT_NEAR(chances_of(mode, kNoChordCode, kNoChordCode, 0)[code("G7").count()], 0.5F, 1e-5F);
}

TEST(ChordChances, WhoKnowsNoChordSaysNone) {
    const auto chances = chances_of(ModeChords{}, kNoChordCode, code("C"), 0);
    EXPECT_EQ(std::accumulate(chances.begin(), chances.end(), 0.0F), 0.0F);
}

class ChordModels : public testing::Test {
protected:
    static std::vector<std::uint8_t> bytes(const std::vector<ChordModel>& models) {
        std::vector<std::uint8_t> out;
        serialise_chord_models(models, out);
        return out;
    }
};

TEST_F(ChordModels, ComeBackAsTheyWereWritten) {
    auto jazz = bar_by_bar("Dm7", {{"Dm7", "G7"}, {"G7", "C^7"}}, 0.25F);
    jazz.minor = 0.2F;
    jazz.form.distance[7] = 1.0F;
    const std::vector<ChordModel> models{jazz, ChordModel{}};
    const auto again = parse_chord_models(bytes(models));
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(*again, models);
}

TEST_F(ChordModels, OfBadBytesSayWhatIsWrong) {
    auto model = bar_by_bar("C", {{"C", "G7"}});
    const auto good = bytes({model});
    for (std::size_t cut = 0; cut < good.size(); cut += 7)
        EXPECT_FALSE(parse_chord_models(std::span{good}.first(cut))) << cut;
    auto longer = good;
    longer.push_back(0);
    EXPECT_THAT(parse_chord_models(longer).error().message, HasSubstr("wrong length"));
    model.pull = 1.5F;
    EXPECT_THAT(parse_chord_models(bytes({model})).error().message, HasSubstr("genre 0"));
    model.pull = std::numeric_limits<float>::quiet_NaN();
    EXPECT_FALSE(parse_chord_models(bytes({model})));
    model.pull = 0.5F;
    model.modes[1].follows[0].now = ChordCode{250};
    EXPECT_FALSE(parse_chord_models(bytes({model}))) << "no such chord";
    model = bar_by_bar("C", {{"C", "G7"}});
    std::ranges::reverse(model.modes[0].follows);
    EXPECT_FALSE(parse_chord_models(bytes({model}))) << "they are looked up by their order";
    EXPECT_FALSE(parse_chord_models(std::vector<std::uint8_t>{200, 1}));
}

}  // namespace
}  // namespace fusion::test
