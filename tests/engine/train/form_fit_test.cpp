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

TEST(FormFit, HearsWhichPhraseReturnsAndWhichOfItsBars) {
    const Vocabulary vocabulary = crotchets();
    const auto heard = form_of(piece("AABbBA", vocabulary), vocabulary);
    // What is varied is so in every fourth note, and three quarters of a bar are enough.
    EXPECT_EQ(heard.form,
              (PieceForm{{}, {1, kAllBars}, {}, {1, kAllBars}, {1, kAllBars}, {4, kAllBars}}));
    EXPECT_EQ(heard.kept.notes, 4U * kNotesAPhrase);
    EXPECT_EQ(heard.kept.same, 3U * kNotesAPhrase + kNotesAPhrase / 2) << "two of four are varied";
    EXPECT_EQ(heard.varied.notes, 0U);

    // Other notes in two bars of four, and in three.
    auto line = piece("ABA", vocabulary);
    const auto other = piece("ABC", vocabulary);
    for (std::size_t i = 2 * kNotesAPhrase + 8; i < line.size(); ++i)
        line.events[i] = other.events[i];
    const auto with_an_end = piece("ABAD", vocabulary);
    for (std::size_t i = line.size(); i < with_an_end.size(); ++i) {
        line.events.push_back(with_an_end.events[i]);
        line.positions.push_back(with_an_end.positions[i]);
        line.meters.push_back(with_an_end.meters[i]);
        line.velocities.push_back(with_an_end.velocities[i]);
    }
    EXPECT_EQ(form_of(line, vocabulary).form, (PieceForm{{}, {}, {2, 0b0011}, {}}));
    EXPECT_EQ(form_of(line, vocabulary).varied.notes, 8U);
    EXPECT_LT(form_of(line, vocabulary).varied.share(1.0F), 0.5F);
    for (std::size_t i = 4; i < 8; ++i)
        line.events[2 * kNotesAPhrase + i] = other.events[2 * kNotesAPhrase + i];
    EXPECT_EQ(form_of(line, vocabulary).form, PieceForm(4)) << "a bar alone is no return";
}

TEST(FormFit, PhrasesAreCountedFromWhereTheyBegin) {
    const Vocabulary vocabulary = crotchets();
    auto line = piece("ABABCDCDE", vocabulary);
    // A bar before the first.
    for (int i = 0; i < 4; ++i) {
        line.events.insert(line.events.begin(), *vocabulary.find({Pitch{83}, Cells{12}}));
        line.positions.push_back(line.positions[static_cast<std::size_t>(i)]);
        line.meters.push_back(line.meters.front());
        line.velocities.push_back(90);
    }
    EXPECT_EQ(form_of(line, vocabulary).form,
              (PieceForm{
                  {}, {}, {2, kAllBars}, {2, kAllBars}, {}, {}, {2, kAllBars}, {2, kAllBars}, {}}));
}

TEST(FormFit, ALineOfFewPhrasesHasNoForm) {
    const Vocabulary vocabulary = crotchets();
    EXPECT_TRUE(form_of(EventSequence{}, vocabulary).form.empty());
    EXPECT_TRUE(form_of(piece("AAA", vocabulary), vocabulary).form.empty());
    EXPECT_TRUE(returns_along(EventSequence{}, vocabulary).empty());
    const std::string long_one(3 * kFormPhrases, 'A');
    EXPECT_EQ(form_of(piece(long_one, vocabulary), vocabulary).form.size(), kFormPhrases);
}

TEST(FormFit, OfTheChordsAPhraseThatIsHalfAlikeReturnsAndHowLikeItIs) {
    const Vocabulary vocabulary = crotchets();
    const auto returns = returns_along(piece("AABaB", vocabulary), vocabulary);
    ASSERT_EQ(returns.size(), 5U);
    EXPECT_EQ(returns[0], std::nullopt);
    EXPECT_EQ(returns[1], (PhraseReturn{1, 1.0F}));
    EXPECT_EQ(returns[2], std::nullopt);
    EXPECT_EQ(returns[3], (PhraseReturn{2, 0.75F})) << "varied, and the nearest of two";
    EXPECT_EQ(returns[4], (PhraseReturn{2, 1.0F}));
}

TEST(FormFit, ABookHoldsTheFormsOfItsGenresTrainingPieces) {
    DataSet data;
    data.vocabulary = crotchets();
    data.genres = {"halves", "solo", "many"};
    const auto add = [&](std::size_t genre, const std::string& letters, Split split) {
        Piece tune;
        tune.genre = genre;
        tune.split = split;
        tune.line = piece(letters, data.vocabulary);
        data.pieces.push_back(tune);
    };
    for (int i = 0; i < 20; ++i) {
        add(0, "ABABCDCD", Split::training);
        add(1, "ABCDEFGH", Split::training);
        add(1, i % 2 == 0 ? "ABBBBCDE" : "ABbBbBCD", Split::training);  // go round
        add(1, "AAAAAAAA", Split::test);                                // not heard
    }
    for (std::size_t i = 0; i < kMostForms + 100; ++i) add(2, "AABB", Split::training);
    const FittedForms fitted = fit_forms(data);
    ASSERT_EQ(fitted.books.size(), 3U);
    EXPECT_EQ(fitted.phrases[0], 160U);
    EXPECT_EQ(fitted.returned[0], 80U);
    EXPECT_EQ(fitted.whole[0], 80U);
    EXPECT_EQ(fitted.returned[1], 10U * 3 + 10U * 4);
    EXPECT_EQ(fitted.books[1].forms.size(), 20U) << "without those that go round";
    ASSERT_EQ(fitted.books[0].forms.size(), 20U);
    EXPECT_EQ(fitted.books[0].forms[7][2], (FormPhrase{2, kAllBars}));
    EXPECT_FLOAT_EQ(fitted.books[0].kept, 1.0F);
    EXPECT_FLOAT_EQ(fitted.books[0].varied, 1.0F) << "never met";
    EXPECT_EQ(fitted.books[1].forms[0], PieceForm(8));
    EXPECT_EQ(fitted.books[2].forms.size(), kMostForms);
    EXPECT_EQ(fitted.phrases[2], 4 * (kMostForms + 100)) << "all are counted";
}

}  // namespace
}  // namespace fusion::train
