#include "engine/train/accents_fit.hpp"

#include <cmath>
#include <functional>

#include <gtest/gtest.h>

namespace fusion::train {
namespace {

constexpr std::size_t kNotes = 256;

// Quavers up and down in 4/4; `velocity_at(piece, note)` says how they were played.
using Performance = std::function<double(std::size_t, std::size_t)>;

class AccentsFitTest : public testing::Test {
protected:
    AccentsFitTest() {
        std::vector<Event> events;
        for (const Cells duration : duration_classes()) events.push_back({std::nullopt, duration});
        first_note_ = static_cast<EventId>(events.size());
        for (std::uint8_t i = 0; i < 8; ++i)
            events.push_back({Pitch{static_cast<std::uint8_t>(60 + i)}, Cells{6}});
        data_.vocabulary = *Vocabulary::make(events);
    }

    void add_genre(const std::string& name, std::size_t pieces, const Performance& velocity_at) {
        for (std::size_t p = 0; p < pieces; ++p) {
            Piece piece;
            piece.name = name + "/" + std::to_string(p) + ".mid";
            piece.cluster = piece.name;
            piece.genre = data_.genres.size();
            piece.split = p % 4 == 3 ? Split::test : Split::training;
            for (std::size_t i = 0; i < kNotes; ++i) {
                // A walk whose heights do not go with the bar.
                const auto height = (i * 5 + p + i / 11) % 8;
                piece.line.events.push_back(static_cast<EventId>(first_note_ + height));
                piece.line.positions.push_back(static_cast<std::uint8_t>(i * 6 % kBarPositions));
                piece.line.meters.push_back(static_cast<std::uint8_t>(MeterClass::quadruple));
                piece.line.velocities.push_back(
                    static_cast<std::uint8_t>(std::lround(velocity_at(p, i))));
            }
            data_.pieces.push_back(std::move(piece));
        }
        data_.genres.push_back(name);
    }

    // Off by up to 5, alike at every run.
    static double unsteady(std::size_t piece, std::size_t note) {
        std::uint64_t mixed = piece * 1000003 + note * 7919 + 17;
        mixed ^= mixed >> 13U;
        mixed *= 0x9E3779B97F4A7C15ULL;
        return static_cast<double>(mixed >> 40U) / static_cast<double>(1U << 24U) * 10.0 - 5.0;
    }

    // The first of every eight quavers is louder by `accent`.
    static Performance accented(double accent, double level = 80.0) {
        return [=](std::size_t p, std::size_t i) {
            return level + (i % 8 == 0 ? accent : 0.0) + unsteady(p, i);
        };
    }

    static double contrast(const GenreAccents& genre) {
        double others = 0.0;
        for (std::size_t place = 6; place < kBarPositions; place += 6)
            others += genre.by_place[place] / 7.0;
        return (genre.by_place[0] - others) / 1000.0;
    }

    std::vector<double> accents_on(const GenreAccents& genre, std::size_t number,
                                   Split split) const {
        std::vector<double> found;
        for (const Piece& piece : data_.pieces) {
            if (piece.genre != number || piece.split != split) continue;
            for (std::size_t i = 0; i < piece.line.size(); ++i)
                found.push_back(double{accent_of(
                    genre, {data_.vocabulary[piece.line.events[i]],
                            i == 0 ? nullptr : &data_.vocabulary[piece.line.events[i - 1]],
                            piece.line.positions[i], MeterClass::quadruple})});
        }
        return found;
    }

    DataSet data_;
    EventId first_note_ = 0;
};

TEST_F(AccentsFitTest, LearnTheBeatThatPlayersStress) {
    add_genre("stressed", 40, accented(16.0));
    const auto fitted = fit_accents(data_);
    ASSERT_EQ(fitted.model.genres.size(), 1U);
    EXPECT_TRUE(fitted.material[0].own);
    EXPECT_EQ(fitted.material[0].played_lines, 30U);
    EXPECT_EQ(fitted.material[0].played_notes, 30U * kNotes);
    EXPECT_GT(contrast(fitted.model.genres[0]), 0.1);
}

TEST_F(AccentsFitTest, SayOnHeldOutLinesWhatWasPlayedThere) {
    add_genre("stressed", 40, accented(16.0));
    const auto score = score_accents(fit_accents(data_).model, data_, Split::test);
    EXPECT_EQ(score[0].lines, 10U);
    EXPECT_EQ(score[0].notes, 10U * kNotes);
    // Of the variance, the accent is 28 of 36; the rest is the unsteady hand.
    EXPECT_GT(score[0].correlation, 0.8);
}

TEST_F(AccentsFitTest, SayTheOppositeOfTheOppositeGenre) {
    add_genre("off", 40, accented(-16.0));
    add_genre("on", 40, accented(16.0));
    const auto fitted = fit_accents(data_);
    EXPECT_LT(contrast(fitted.model.genres[0]), -0.1);
    EXPECT_GT(contrast(fitted.model.genres[1]), 0.1);
}

TEST_F(AccentsFitTest, AreLevelInTheMeanAndAsWideAsIsToBeHeard) {
    add_genre("stressed", 40, accented(16.0));
    const auto fitted = fit_accents(data_);
    const auto accents = accents_on(fitted.model.genres[0], 0, Split::training);
    double sum = 0.0;
    double squares = 0.0;
    for (const double accent : accents) {
        sum += accent;
        squares += accent * accent;
    }
    const auto count = static_cast<double>(accents.size());
    EXPECT_NEAR(sum / count, 0.0, 0.001);
    const double spread = std::sqrt(squares / count);
    EXPECT_NEAR(spread, kHeardShare * fitted.material[0].real_spread, 0.005);
    EXPECT_NEAR(spread, fitted.material[0].model_spread, 0.001);
}

TEST_F(AccentsFitTest, AreSharesSoThatASoftPlayerTeachesAsMuch) {
    add_genre("loud", 40, accented(16.0, 80.0));
    add_genre("soft", 40, [](std::size_t p, std::size_t i) {
        return 40.0 + (i % 8 == 0 ? 8.0 : 0.0) + unsteady(p, i) / 2.0;
    });
    const auto fitted = fit_accents(data_);
    EXPECT_NEAR(contrast(fitted.model.genres[0]), contrast(fitted.model.genres[1]), 0.02);
}

TEST_F(AccentsFitTest, ComeFromTheOtherGenresWhereNobodyPlayed) {
    add_genre("notated", 40, [](std::size_t, std::size_t) { return 90.0; });
    add_genre("stressed", 40, accented(16.0));
    const auto fitted = fit_accents(data_);
    EXPECT_FALSE(fitted.material[0].own);
    EXPECT_EQ(fitted.material[0].lines, 30U);
    EXPECT_EQ(fitted.material[0].played_lines, 0U);
    EXPECT_GT(contrast(fitted.model.genres[0]), 0.1);
    EXPECT_GT(fitted.material[0].model_spread, 0.04);
}

TEST_F(AccentsFitTest, DoNotComeFromNotatedDynamics) {
    // Four bars piano, four forte: as wide as any player's deviation.
    add_genre("notated", 40, [](std::size_t, std::size_t i) { return i / 32 % 2 == 0 ? 49 : 96; });
    const auto fitted = fit_accents(data_);
    EXPECT_EQ(fitted.material[0].played_lines, 0U);
    EXPECT_TRUE(fitted.model.genres.empty());
}

TEST_F(AccentsFitTest, SeeThroughASlowSwell) {
    // The swell is twice as wide as the accents and has nothing to do with the bar.
    add_genre("steady", 40, accented(16.0));
    add_genre("swelling", 40, [](std::size_t p, std::size_t i) {
        const double swell = 20.0 * std::sin(static_cast<double>(i) / 40.0);
        return 80.0 + swell + accented(16.0, 0.0)(p, i);
    });
    const auto fitted = fit_accents(data_);
    EXPECT_NEAR(fitted.material[1].real_spread, fitted.material[0].real_spread, 0.01);
    EXPECT_NEAR(contrast(fitted.model.genres[1]), contrast(fitted.model.genres[0]), 0.02);
}

TEST_F(AccentsFitTest, AreNotLearnedFromHeldOutPieces) {
    add_genre("stressed", 40, accented(16.0));
    const auto before = fit_accents(data_);
    for (Piece& piece : data_.pieces)
        if (piece.split == Split::test)
            for (auto& velocity : piece.line.velocities)
                velocity = static_cast<std::uint8_t>(160 - velocity);
    EXPECT_EQ(fit_accents(data_).model, before.model);
}

TEST_F(AccentsFitTest, AreNoneWithoutAPlayer) {
    add_genre("flat", 4, [](std::size_t, std::size_t) { return 96.0; });
    const auto fitted = fit_accents(data_);
    EXPECT_TRUE(fitted.model.genres.empty());
    ASSERT_EQ(fitted.material.size(), 1U);
    EXPECT_EQ(fitted.material[0].lines, 3U);
    EXPECT_EQ(score_accents(fitted.model, data_, Split::test)[0].lines, 0U);
}

}  // namespace
}  // namespace fusion::train
