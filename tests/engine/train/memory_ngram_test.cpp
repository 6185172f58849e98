#include "engine/train/memory_ngram.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/train/ngrams.hpp"

namespace fusion::train {
namespace {

// Rests of every duration, and an octave and a half of quavers and crotchets with a hole in it, so
// that not each figure has a place on each tone.
Vocabulary vocabulary() {
    std::vector<Event> events;
    for (const Cells duration : duration_classes()) events.push_back({std::nullopt, duration});
    for (std::uint8_t pitch = 60; pitch < 78; ++pitch)
        for (const int duration : {6, 12})
            if (pitch != 66 || duration != 6) events.push_back({Pitch{pitch}, Cells{duration}});
    return *Vocabulary::make(events);
}

class MemoryNgramTest : public testing::Test {
protected:
    [[nodiscard]] EventId note(int pitch, int duration = 6) const {
        return *words.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{duration}});
    }
    [[nodiscard]] std::vector<EventId> tune(const std::vector<int>& pitches) const {
        std::vector<EventId> line;
        for (const int pitch : pitches) line.push_back(note(pitch));
        return line;
    }
    [[nodiscard]] EventId rest() const { return *words.find({std::nullopt, Cells{6}}); }
    // In nats, of what comes last, after what is before.
    [[nodiscard]] double cost_of(const std::vector<EventId>& part,
                                 const std::vector<EventId>& before) const {
        std::vector<EventId> all = before;
        all.insert(all.end(), part.begin(), part.end());
        return cross_entropy(long_term, words, all) - cross_entropy(long_term, words, before);
    }
    [[nodiscard]] double sum_of(const MemoryNgram& model) const {
        double sum = 0.0;
        for (EventId event = 0; event < static_cast<EventId>(words.size()); ++event)
            sum += model.probability(event);
        return sum;
    }

    Vocabulary words = vocabulary();
    NgramModel long_term =
        NgramModel::fit(std::vector<std::vector<EventId>>{tune({60, 62, 64, 65, 67, 65, 64, 62}),
                                                          tune({60, 64, 67, 72, 67, 64, 60})},
                        words.size());
    const std::vector<int> figure{67, 71, 68, 74, 61, 70, 64, 73};
};

TEST_F(MemoryNgramTest, BeforeThePieceBeginsItIsTheLongTermModel) {
    const MemoryNgram model{long_term, words};
    for (EventId event = 0; event < static_cast<EventId>(words.size()); ++event)
        EXPECT_DOUBLE_EQ(model.probability(event), long_term.probability({}, event));
    EXPECT_EQ(cross_entropy(long_term, words, {}), 0.0);
}

TEST_F(MemoryNgramTest, ProbabilitiesSumToOneWhereverThePieceStands) {
    MemoryNgram model{long_term, words};
    EXPECT_NEAR(sum_of(model), 1.0, 1e-12);
    // Up and down the range, so that some of the intervals before lead out of it, and some into
    // the hole.
    auto line = tune({60, 77, 60, 72, 65, 67, 77, 76, 65, 67, 60, 61, 60, 77, 60});
    line.insert(line.begin() + 7, rest());
    line.push_back(note(66, 12));
    for (int round = 0; round < 3; ++round)
        for (const EventId event : line) {
            model.heard(event);
            EXPECT_NEAR(sum_of(model), 1.0, 1e-12);
        }
}

TEST_F(MemoryNgramTest, WhatIsRepeatedIsPredictedBetterTheSecondTime) {
    const auto once = tune(figure);
    const double first = cost_of(once, {}), second = cost_of(once, once);
    auto twice = once;
    twice.insert(twice.end(), once.begin(), once.end());
    EXPECT_LT(second, 0.6 * first);
    EXPECT_LT(cost_of(once, twice), second);
    // The 5-gram does not notice.
    EXPECT_GT(fusion::train::cross_entropy(long_term, twice), 1.9 * first);
}

TEST_F(MemoryNgramTest, AFigureIsKnownAgainOnAnotherTone) {
    std::vector<int> higher = figure, reversed{figure.rbegin(), figure.rend()};
    for (int& pitch : higher) pitch += 3;
    for (int& pitch : reversed) pitch += 3;
    const auto before = tune(figure);
    EXPECT_LT(cost_of(tune(higher), before), 0.8 * cost_of(tune(reversed), before));
}

TEST_F(MemoryNgramTest, AHistoryLongerThanTheFiveGramsTellsApart) {
    // The same four notes lead on to 60 or to 77, as the note before them has it.
    const auto up = tune({70, 62, 63, 64, 65, 60}), down = tune({71, 62, 63, 64, 65, 77});
    MemoryNgram model{long_term, words};
    for (int round = 0; round < 4; ++round)
        for (const auto* part : {&up, &down})
            for (const EventId event : *part) model.heard(event);
    for (const EventId event : tune({70, 62, 63, 64, 65})) model.heard(event);
    EXPECT_GT(model.probability(note(60)), 3.0 * model.probability(note(77)));
}

TEST_F(MemoryNgramTest, TheSamePieceCostsTheSame) {
    const auto line = tune({60, 62, 64, 60, 62, 64, 72, 71, 72, 71, 60, 62, 64});
    EXPECT_EQ(cross_entropy(long_term, words, line), cross_entropy(long_term, words, line));
}

}  // namespace
}  // namespace fusion::train
