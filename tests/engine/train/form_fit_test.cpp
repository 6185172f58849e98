#include "engine/train/form_fit.hpp"

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

constexpr int kNotesAPhrase = 16;  // crotchets, four bars of four

Vocabulary crotchets() {
    std::vector<Event> events;
    for (std::uint8_t pitch = 48; pitch < 84; ++pitch) events.push_back({Pitch{pitch}, Cells{12}});
    return *Vocabulary::make(events);
}

// A phrase for each letter: the same letter, the same notes. A small letter changes every fourth.
EventSequence piece(const std::string& letters, const Vocabulary& vocabulary) {
    EventSequence line;
    for (const char letter : letters) {
        const bool varied = letter >= 'a';
        const int kind = varied ? letter - 'a' : letter - 'A';
        for (int i = 0; i < kNotesAPhrase; ++i) {
            int pitch = 50 + (kind * 7 + i * (3 + kind)) % 30;
            if (varied && i % 4 == 3) pitch += 1;
            line.events.push_back(
                *vocabulary.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{12}}));
            line.positions.push_back(static_cast<std::uint8_t>(i % 4 * 12));
            line.meters.push_back(static_cast<std::uint8_t>(MeterClass::quadruple));
            line.velocities.push_back(90);
        }
    }
    return line;
}

TEST(FormFit, HearsWhichPhraseReturnsAndHowLike) {
    const Vocabulary vocabulary = crotchets();
    const auto returns = returns_along(piece("AABaB", vocabulary), vocabulary);
    ASSERT_EQ(returns.size(), 5U);
    EXPECT_EQ(returns[0], std::nullopt);
    EXPECT_EQ(returns[1], (PhraseReturn{1, 1.0F}));
    EXPECT_EQ(returns[2], std::nullopt);
    EXPECT_EQ(returns[3], (PhraseReturn{2, 0.75F})) << "varied, and the nearest of two";
    EXPECT_EQ(returns[4], (PhraseReturn{2, 1.0F}));
}

TEST(FormFit, AnEmptyLineHasNoForm) {
    const Vocabulary vocabulary = crotchets();
    EXPECT_TRUE(returns_along(EventSequence{}, vocabulary).empty());
}

TEST(FormFit, AGenreOfRepeatedHalvesReturnsAndOneOfSolosDoesNot) {
    DataSet data;
    data.vocabulary = crotchets();
    data.genres = {"halves", "solo"};
    for (int i = 0; i < 20; ++i) {
        Piece tune;
        tune.genre = 0;
        tune.split = Split::training;
        tune.line = piece("ABABCDCD", data.vocabulary);
        data.pieces.push_back(tune);
        tune.genre = 1;
        tune.line = piece("ABCDEFGH", data.vocabulary);
        data.pieces.push_back(tune);
        tune.split = Split::test;  // not heard
        tune.line = piece("AAAAAAAA", data.vocabulary);
        data.pieces.push_back(tune);
    }
    const FittedForms fitted = fit_forms(data);
    ASSERT_EQ(fitted.models.size(), 2U);
    EXPECT_EQ(fitted.phrases[0], 160U);
    EXPECT_EQ(fitted.returned[0], 80U);
    EXPECT_EQ(fitted.returned[1], 0U);
    const FormModel& halves = fitted.models[0];
    EXPECT_FLOAT_EQ(halves.distance[1], 1.0F);
    EXPECT_GT(halves.returns[0][2], 0.8F);  // after a new one, at the third place
    EXPECT_LT(halves.returns[0][1], 0.2F);
    EXPECT_FLOAT_EQ(halves.likeness, 1.0F);
    EXPECT_EQ(fitted.models[1].likeness, 0.0F);
    for (const auto& after : fitted.models[1].returns)
        for (const float share : after) EXPECT_LT(share, 0.01F);
}

}  // namespace
}  // namespace fusion::train
