#include "engine/model/sampling.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

namespace fusion {
namespace {

const std::vector<float> kProbabilities{0.5F, 0.3F, 0.15F, 0.05F};

std::vector<float> scores() {
    std::vector<float> out;
    out.reserve(kProbabilities.size());
    for (const float p : kProbabilities) out.push_back(std::log(p));
    return out;
}

EventId throw_once(const SamplingSettings& settings, std::uint32_t step,
                   std::vector<float> from = scores()) {
    return choose(from, settings, {settings.seed, step, 0, 0});
}

std::array<double, 4> shares(const SamplingSettings& settings, std::uint32_t throws = 40000) {
    std::array<double, 4> seen{};
    for (std::uint32_t step = 0; step < throws; ++step)
        seen.at(throw_once(settings, step)) += 1.0 / throws;
    return seen;
}

TEST(Dice, AreUniformAndNeverTouchZeroOrOne) {
    double sum = 0.0;
    float low = 1.0F;
    float high = 0.0F;
    constexpr int kThrows = 100000;
    for (std::uint32_t i = 0; i < kThrows; ++i) {
        const float u = Dice{7, i, 0, 0}.uniform(i % 13);
        sum += u;
        low = std::min(low, u);
        high = std::max(high, u);
    }
    EXPECT_GT(low, 0.0F);
    EXPECT_LT(high, 1.0F);
    EXPECT_NEAR(sum / kThrows, 0.5, 0.005);
}

TEST(Dice, DifferInSeedStepPartStreamAndEvent) {
    const float one = Dice{1, 2, 3, 4}.uniform(5);
    EXPECT_EQ(one, (Dice{1, 2, 3, 4}.uniform(5)));
    EXPECT_NE(one, (Dice{2, 2, 3, 4}.uniform(5)));
    EXPECT_NE(one, (Dice{1, 3, 3, 4}.uniform(5)));
    EXPECT_NE(one, (Dice{1, 2, 4, 4}.uniform(5)));
    EXPECT_NE(one, (Dice{1, 2, 3, 5}.uniform(5)));
    EXPECT_NE(one, (Dice{1, 2, 3, 4}.uniform(6)));
}

// The published known answer of Philox 4x32-10 for counter 0 and key 0 is 6627e8d5 in its first
// word.
TEST(Dice, ThrowThePublishedPhiloxNumbers) {
    EXPECT_FLOAT_EQ((Dice{0, 0, 0, 0}.uniform(0)),
                    (static_cast<float>(0x6627e8d5U >> 9U) + 0.5F) * 0x1p-23F);
}

TEST(Choice, FollowsTheProbabilities) {
    const auto seen = shares({.temperature = 1.0F, .top_p = 1.0F});
    for (std::size_t e = 0; e < 4; ++e) EXPECT_NEAR(seen[e], kProbabilities[e], 0.01) << e;
}

TEST(Choice, KeepsTheSmallestSetWithTopP) {
    const auto seen = shares({.temperature = 1.0F, .top_p = 0.9F});
    EXPECT_EQ(seen[3], 0.0);
    EXPECT_NEAR(seen[0], 0.5 / 0.95, 0.01);
    EXPECT_GT(seen[2], 0.0);
}

// Nineteen of twenty for one event, the rest spread over nine others, the last of them rare.
TEST(Choice, LeavesAWayOutOfWhatIsNearlyCertain) {
    std::vector<float> nearly{std::log(0.95F)};
    for (int i = 0; i < 8; ++i) nearly.push_back(std::log(0.006F));
    nearly.push_back(std::log(0.002F));
    const auto left = [&](float top_p) {
        int count = 0;
        for (std::uint32_t step = 0; step < 20000; ++step) {
            const auto event = throw_once({.temperature = 1.0F, .top_p = top_p}, step, nearly);
            EXPECT_NE(event, 9) << "the tail is cut";
            count += event != 0 ? 1 : 0;
        }
        return count / 20000.0;
    };
    EXPECT_NEAR(left(0.9F), 0.042 / (0.95 + 0.042), 0.005);
    EXPECT_EQ(left(0.5F), 0.0) << "who asks for the likeliest half gets it";
}

TEST(Choice, KeepsTheLikeliestEventHoweverSmallTopPIs) {
    EXPECT_DOUBLE_EQ(shares({.temperature = 1.0F, .top_p = 0.01F}, 512)[0], 1.0);
}

TEST(Choice, SharpensAsTheTemperatureFalls) {
    const auto cold = shares({.temperature = 0.5F, .top_p = 1.0F});
    const auto hot = shares({.temperature = 2.0F, .top_p = 1.0F});
    EXPECT_NEAR(cold[0], 0.25 / (0.25 + 0.09 + 0.0225 + 0.0025), 0.01);
    EXPECT_LT(hot[0], 0.45);
}

TEST(Choice, DecidesByArgmaxInTheShareAskedFor) {
    const auto seen = shares({.temperature = 1.0F, .top_p = 1.0F, .decision = 0.4F});
    EXPECT_NEAR(seen[0], 0.4 + 0.6 * 0.5, 0.01);
    EXPECT_DOUBLE_EQ(shares({.decision = 1.0F}, 512)[0], 1.0);
}

// What the fixed dice are for: a small change of the scores changes few choices.
TEST(Choice, ChangesRarelyWhenTheScoresChangeALittle) {
    const SamplingSettings settings{.temperature = 1.0F, .top_p = 1.0F};
    auto nudged = scores();
    nudged[1] += 0.05F;
    int changed = 0;
    constexpr int kSteps = 5000;
    for (std::uint32_t step = 0; step < kSteps; ++step)
        changed += throw_once(settings, step) != throw_once(settings, step, nudged) ? 1 : 0;
    EXPECT_GT(changed, 0);
    EXPECT_LT(changed, kSteps / 40);
}

TEST(Rests, LongerThanMayBeAreNotChosenWhereANoteCanBe) {
    const auto vocabulary = *Vocabulary::make(
        {{std::nullopt, Cells{12}}, {std::nullopt, Cells{24}}, {Pitch{60}, Cells{48}}});
    std::vector<float> with_note{-1.0F, -1.0F, -9.0F};
    forbid_longer_rests(with_note, vocabulary, Cells{12});
    EXPECT_TRUE(std::isfinite(with_note[0]));
    EXPECT_FALSE(std::isfinite(with_note[1]));
    EXPECT_TRUE(std::isfinite(with_note[2])) << "a note may be as long as it likes";
    forbid_longer_rests(with_note, vocabulary, Cells{0});
    EXPECT_FALSE(std::isfinite(with_note[0]));

    std::vector<float> without{-1.0F, -1.0F, -std::numeric_limits<float>::infinity()};
    forbid_longer_rests(without, vocabulary, Cells{12});
    EXPECT_TRUE(std::isfinite(without[1])) << "something must be chosen";
}

// A quarter and a half, each as a rest and as a note.
Vocabulary quarters_and_halves() {
    return *Vocabulary::make({{std::nullopt, Cells{12}},
                              {std::nullopt, Cells{24}},
                              {Pitch{60}, Cells{12}},
                              {Pitch{60}, Cells{24}}});
}

std::vector<float> leaned(const SamplingSettings& settings) {
    auto from = scores();
    lean_towards(from, quarters_and_halves(), settings);
    return from;
}

TEST(Lean, AtZeroLeavesEveryScoreToTheBit) { EXPECT_EQ(leaned({}), scores()); }

TEST(Lean, DensityPrefersShorterEventsAndNotes) {
    for (const float density : {-1.0F, -0.25F, 0.25F, 1.0F}) {
        const auto at = leaned({.density = density});
        const auto from = scores();
        const auto gain = [&](std::size_t e) { return at[e] - from[e]; };
        const float way = density > 0.0F ? 1.0F : -1.0F;
        EXPECT_GT(way * (gain(0) - gain(1)), 0.0F) << "the shorter rest, " << density;
        EXPECT_GT(way * (gain(2) - gain(3)), 0.0F) << "the shorter note, " << density;
        EXPECT_GT(way * (gain(2) - gain(0)), 0.0F) << "the note, not the rest, " << density;
    }
}

TEST(Lean, RestsRaisesOrLowersAllRestsAlikeAndNoNote) {
    for (const float rests : {-1.0F, 0.5F}) {
        const auto at = leaned({.rests = rests});
        const auto from = scores();
        EXPECT_NEAR(at[0] - from[0], at[1] - from[1], 1e-5);
        EXPECT_GT((at[0] - from[0]) * rests, 0.0F);
        EXPECT_EQ(at[2], from[2]);
        EXPECT_EQ(at[3], from[3]);
    }
}

TEST(Lean, GrowsWithTheKnob) {
    float before = -1e9F;
    for (const float rests : {-1.0F, -0.5F, 0.0F, 0.5F, 1.0F}) {
        EXPECT_GT(leaned({.rests = rests})[0], before);
        before = leaned({.rests = rests})[0];
    }
    before = 1e9F;
    for (const float density : {-1.0F, -0.5F, 0.0F, 0.5F, 1.0F}) {
        EXPECT_LT(leaned({.density = density})[1], before);
        before = leaned({.density = density})[1];
    }
}

TEST(Choice, PassesByScoresThatAreNoNumbers) {
    const float nan = std::numeric_limits<float>::quiet_NaN();
    const float infinity = std::numeric_limits<float>::infinity();
    for (std::uint32_t step = 0; step < 200; ++step)
        EXPECT_EQ(throw_once({}, step, {nan, infinity, -1.0F, -infinity}), 2);
    EXPECT_EQ(throw_once({}, 0, {nan, nan}), 0);
}

TEST(Expect, GivesOneEventItsProbabilityAndTheOthersTheRestAsTheyWere) {
    auto some = scores();
    for (float& score : some) score += 3.0F;  // not normalised
    expect(some, 3, 0.6F);
    float sum = 0.0F;
    for (const float score : some) sum += std::exp(score);
    EXPECT_NEAR(sum, 1.0F, 1e-5F);
    EXPECT_NEAR(std::exp(some[3]), 0.6F + 0.4F * 0.05F, 1e-5F);
    EXPECT_NEAR(std::exp(some[0]), 0.4F * 0.5F, 1e-5F);
}

TEST(Expect, MakesAnImpossibleEventPossibleAndLeavesTheImpossibleRest) {
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    std::vector<float> some{kNever, 0.0F, kNever};
    expect(some, 0, 0.5F);
    EXPECT_NEAR(std::exp(some[0]), 0.5F, 1e-5F);
    EXPECT_EQ(some[2], kNever);
    auto alone = scores();
    const auto before = alone;
    expect(alone, 1, 0.0F);
    EXPECT_EQ(alone, before);
}

TEST(LimitTone, AToneComesNoSurerThanSoAtAnyLength) {
    const auto vocabulary = quarters_and_halves();
    // Two events of a tone, two of another.
    const auto tone = vocabulary[0].pitch;
    std::vector<EventId> same, others;
    for (EventId e = 0; e < 4; ++e) (vocabulary[e].pitch == tone ? same : others).push_back(e);
    ASSERT_FALSE(same.empty() || others.empty());
    std::vector<float> some(4, std::log(0.05F));
    some[0] = std::log(0.85F);
    const auto share = [&](const std::vector<EventId>& of) {
        float sum = 0.0F, whole = 0.0F;
        for (const auto e : of) sum += std::exp(some[e]);
        for (const float score : some) whole += std::exp(score);
        return sum / whole;
    };
    const auto before = some;
    limit_tone(some, vocabulary, 0, 0.95F);
    EXPECT_EQ(some, before) << "it is less already";
    limit_tone(some, vocabulary, 0, 0.25F);
    EXPECT_NEAR(share(same), 0.25F, 1e-5F);
    for (const auto e : others) EXPECT_EQ(some[e], before[e]);
    limit_tone(some, vocabulary, 0, 0.0F);
    EXPECT_LT(share(same), 1e-4F);
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    auto alone = before;
    for (const auto e : others) alone[e] = kNever;
    const auto only = alone;
    limit_tone(alone, vocabulary, 0, 0.25F);
    EXPECT_EQ(alone, only) << "nothing else can come";
}

TEST(TemperLengths, SharpensTheLengthsAndLeavesTheTonesOfEachAsTheyAre) {
    const auto vocabulary = quarters_and_halves();
    const std::vector<float> shares{0.1F, 0.5F, 0.3F, 0.1F};  // a quarter's, a half's, ...
    std::vector<float> some(4);
    for (std::size_t e = 0; e < 4; ++e) some[e] = std::log(shares[e]) - 3.0F;
    const auto before = some;
    temper_lengths(some, vocabulary, 1.0F);
    EXPECT_EQ(some, before);
    temper_lengths(some, vocabulary, 0.5F);
    const auto events = vocabulary.events();
    std::array<float, 2> was{}, is{};
    for (std::size_t e = 0; e < 4; ++e) {
        const std::size_t length = events[e].duration == Cells{12} ? 0 : 1;
        was.at(length) += std::exp(before[e]);
        is.at(length) += std::exp(some[e]);
        for (std::size_t f = 0; f < 4; ++f) {
            if (events[e].duration != events[f].duration) continue;
            EXPECT_NEAR(some[e] - some[f], before[e] - before[f], 1e-5F);
        }
    }
    EXPECT_NEAR(is[0] / is[1], was[0] * was[0] / (was[1] * was[1]), 1e-4F);
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    std::vector<float> none(4, kNever);
    temper_lengths(none, vocabulary, 0.5F);
    EXPECT_EQ(none, std::vector<float>(4, kNever));
}

TEST(Forbid, TakesOneEventAwayAndNeverTheLast) {
    std::vector<float> some{-1.0F, -2.0F, -3.0F};
    forbid(some, 0);
    EXPECT_EQ(choose(some, {.decision = 1.0F}, {}), 1);
    constexpr float kNever = -std::numeric_limits<float>::infinity();
    std::vector<float> lone{kNever, -2.0F, kNever};
    forbid(lone, 1);
    EXPECT_EQ(choose(lone, {.decision = 1.0F}, {}), 1);
}

}  // namespace
}  // namespace fusion
