#include "engine/model/ngram.hpp"

#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

namespace fusion {
namespace {

using Sequences = std::vector<std::vector<EventId>>;

std::vector<float> after(const NgramModel& model, std::vector<EventId> history) {
    std::vector<float> out(model.vocabulary_size());
    model.distribution(history, out);
    return out;
}

Sequences pseudo_random_sequences(std::size_t vocabulary, std::size_t pieces, std::size_t length) {
    Sequences sequences(pieces);
    std::uint32_t state = 12345;
    for (auto& sequence : sequences)
        for (std::size_t i = 0; i < length; ++i) {
            state = state * 1664525U + 1013904223U;
            sequence.push_back(static_cast<EventId>((state >> 16U) % vocabulary));
        }
    return sequences;
}

TEST(Ngram, SumsToOneAfterAnyHistory) {
    const auto sequences = pseudo_random_sequences(7, 5, 200);
    const auto model = NgramModel::fit(sequences, 7);
    for (const std::vector<EventId>& history :
         {std::vector<EventId>{}, {3}, {1, 2}, {0, 1, 2, 3}, {6, 6, 6, 6, 6, 6}}) {
        const auto p = after(model, history);
        EXPECT_NEAR(std::accumulate(p.begin(), p.end(), 0.0), 1.0, 1e-5);
        for (const float x : p) EXPECT_GT(x, 0.0F);
    }
}

// One sequence "0 1" over three events, by hand: the empty context saw {0:1, 1:1}, so with strength
// 1 P0(0) = (1 + 2/3) / 4 = 5/12 and P0(2) = 2/12. After 0 (with one pad before it, and two, and
// three) only 1 was seen: each of the four levels gives (1 + P)/2 to event 1 and halves the rest.
TEST(Ngram, InterpolatesAsWittenAndBellHaveIt) {
    const auto model = NgramModel::fit(Sequences{{0, 1}}, 3);
    const auto p = after(model, {0});
    const double base1 = 5.0 / 12.0;
    EXPECT_NEAR(p[1], 1.0 - (1.0 - base1) / 16.0, 1e-6);
    EXPECT_NEAR(p[0], (5.0 / 12.0) / 16.0, 1e-6);
    EXPECT_NEAR(p[2], (2.0 / 12.0) / 16.0, 1e-6);
}

TEST(Ngram, KnowsHowPiecesBegin) {
    const auto model = NgramModel::fit(Sequences{{2, 0, 1}, {2, 1, 0}, {2, 2, 0}}, 3);
    const auto p = after(model, {});
    EXPECT_GT(p[2], 0.8F);
}

TEST(Ngram, LooksAtTheLastFourEventsOnly) {
    const auto sequences = pseudo_random_sequences(5, 3, 300);
    const auto model = NgramModel::fit(sequences, 5);
    EXPECT_EQ(after(model, {0, 1, 2, 3, 4}), after(model, {4, 1, 2, 3, 4}));
}

TEST(Ngram, SurvivesItsOwnFile) {
    const auto sequences = pseudo_random_sequences(50, 10, 300);
    const auto model = NgramModel::fit(sequences, 50, {0.7, 1, 2, 3, 4});
    std::vector<std::uint8_t> bytes;
    model.serialise(bytes);
    bytes.push_back(0xAB);  // something else follows
    std::span<const std::uint8_t> rest{bytes};
    const auto again = NgramModel::parse(rest);
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(rest.size(), 1U);
    EXPECT_EQ(again->strengths(), (NgramModel::Strengths{0.7, 1, 2, 3, 4}));
    for (const std::vector<EventId>& history : {std::vector<EventId>{}, {3}, {49, 2}, sequences[0]})
        EXPECT_EQ(after(model, history), after(*again, history));
}

TEST(Ngram, RefusesEveryShortenedFile) {
    const auto model = NgramModel::fit(pseudo_random_sequences(20, 2, 40), 20);
    std::vector<std::uint8_t> bytes;
    model.serialise(bytes);
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        std::span<const std::uint8_t> shorter{bytes.data(), length};
        EXPECT_FALSE(NgramModel::parse(shorter)) << length;
    }
}

TEST(Ngram, NeverCrashesOnAlteredBytes) {
    const auto model = NgramModel::fit(pseudo_random_sequences(20, 2, 40), 20);
    std::vector<std::uint8_t> bytes;
    model.serialise(bytes);
    std::size_t refused = 0;
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
        auto altered = bytes;
        altered[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
        std::span<const std::uint8_t> view{altered};
        if (const auto parsed = NgramModel::parse(view); !parsed)
            ++refused;
        else  // what is read is usable
            EXPECT_EQ(after(*parsed, {1, 2}).size(), parsed->vocabulary_size());
    }
    EXPECT_GT(refused, bytes.size());
}

TEST(Ngram, LeansOnLowerOrdersAsItsStrengthGrows) {
    const Sequences sequence{{0, 1, 0, 1, 0, 2}};
    const auto plain = NgramModel::fit(sequence, 3);
    for (std::size_t order = 1; order < NgramModel::kOrder; ++order) {
        NgramModel::Strengths strengths = plain.strengths();
        strengths[order] = 5.0;
        const auto leaning = NgramModel::fit(sequence, 3, strengths);
        EXPECT_LT(after(leaning, {0, 1, 0, 1})[0], after(plain, {0, 1, 0, 1})[0]) << order;
    }
}

TEST(Ngram, SaysOfOneEventWhatTheDistributionHolds) {
    const auto sequences = pseudo_random_sequences(9, 6, 150);
    const auto model = NgramModel::fit(sequences, 9, {0.5, 1, 2, 3, 4});
    for (const std::vector<EventId>& history :
         {std::vector<EventId>{}, {3}, {1, 2}, sequences[2]}) {
        const auto all = after(model, history);
        for (EventId e = 0; e < 9; ++e)
            EXPECT_NEAR(model.probability(history, e), all[e], 1e-6) << e;
    }
}

}  // namespace
}  // namespace fusion
