#include "engine/train/measures/judge.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "tests/engine/train/measures/made_up_lines.hpp"

namespace fusion::train {
namespace {

using Genres = std::vector<std::vector<NoteLine>>;

Genres learned(std::size_t pieces, std::uint64_t seed) {
    return {made_up_lines(Style::steps, pieces, seed), made_up_lines(Style::leaps, pieces, seed),
            made_up_lines(Style::repeats, pieces, seed)};
}

Judge fitted(std::size_t pieces = 10) { return *Judge::fit(learned(pieces, 1), learned(2, 2)); }

double share_right(const Judge& judge, const std::vector<NoteLine>& lines, std::size_t genre) {
    std::size_t right = 0, all = 0;
    for (const NoteLine& line : lines)
        for (const NoteLine& excerpt : excerpts(line, std::size_t{32})) {
            right += judge.verdict(excerpt) == genre ? 1U : 0U;
            ++all;
        }
    return static_cast<double>(right) / static_cast<double>(all);
}

void expect_probabilities(const std::vector<double>& posterior) {
    for (const double p : posterior) {
        EXPECT_TRUE(std::isfinite(p));
        EXPECT_GE(p, 0.0);
    }
    EXPECT_NEAR(std::accumulate(posterior.begin(), posterior.end(), 0.0), 1.0, 1e-12);
}

TEST(JudgeTest, TellsMadeUpGenresApartOnLinesItHasNotHeard) {
    const auto judge = fitted();
    for (std::size_t genre = 0; genre < 3; ++genre)
        EXPECT_GE(share_right(judge, made_up_lines(static_cast<Style>(genre), 10, 3), genre), 0.95)
            << genre;
}

TEST(JudgeTest, IsAtChanceAndUnsureWhereTheLabelsMeanNothing) {
    const auto judge = *Judge::fit(
        {made_up_lines(Style::steps, 20, 1), made_up_lines(Style::steps, 20, 2)}, {{}, {}});
    const auto lines = made_up_lines(Style::steps, 60, 3);
    const double share = share_right(judge, lines, 0);
    EXPECT_GT(share, 0.2);
    EXPECT_LT(share, 0.8);
    double sureness = 0.0;
    for (const NoteLine& line : lines)
        sureness += std::abs(judge.posterior(line)[0] - 0.5) / static_cast<double>(lines.size());
    EXPECT_LT(sureness, 0.2);
}

TEST(JudgeTest, DoesNotHearTransposition) {
    const auto judge = fitted();
    const auto line = made_up_line(Style::leaps, 77, 40);
    EXPECT_EQ(judge.posterior(line), judge.posterior(transposed(line, 5)));
    EXPECT_EQ(judge.posterior(line), judge.posterior(transposed(line, -12)));
}

// Genre 0 has two phrases of steps for one of leaps, genre 1 the other way about.
std::vector<NoteLine> mixed_lines(std::size_t genre, std::size_t pieces, std::uint64_t seed) {
    std::vector<NoteLine> lines;
    for (std::size_t i = 0; i < pieces; ++i) {
        Random dice{genre, seed, i};
        NoteLine line = made_up_line(Style::repeats, dice.next(), 1);
        for (int phrase = 0; phrase < 16; ++phrase) {
            const bool rare = dice.below(3) == 0;
            const auto style = (genre == 1) != rare ? Style::leaps : Style::steps;
            line = joined(line, made_up_line(style, dice.next(), 8));
        }
        lines.push_back(line);
    }
    return lines;
}

TEST(JudgeTest, IsAboutAsSureAsItIsRightAndLessSureOfFewerNotes) {
    const auto judge = *Judge::fit({mixed_lines(0, 40, 1), mixed_lines(1, 40, 1)}, {{}, {}});
    double last = 0.5;
    for (const std::size_t notes : {8U, 16U, 64U}) {
        double sure = 0.0, right = 0.0, all = 0.0;
        for (std::size_t genre = 0; genre < 2; ++genre)
            for (const NoteLine& line : mixed_lines(genre, 40, 2))
                for (const NoteLine& excerpt : excerpts(line, notes)) {
                    const auto posterior = judge.posterior(excerpt);
                    sure += std::max(posterior[0], posterior[1]);
                    right += judge.verdict(excerpt) == genre ? 1.0 : 0.0;
                    all += 1.0;
                }
        EXPECT_NEAR(sure / all, right / all, 0.15) << notes;
        EXPECT_GT(sure / all, last) << notes;
        last = sure / all;
    }
}

TEST(JudgeTest, AmongSomeGenresGivesProbabilitiesInTheirOrder) {
    const auto judge = fitted();
    const auto line = made_up_line(Style::repeats, 79, 40);
    const std::vector<std::size_t> among{2, 0};
    const auto all = judge.posterior(line);
    const auto some = judge.posterior(line, among);
    expect_probabilities(all);
    expect_probabilities(some);
    ASSERT_EQ(some.size(), 2U);
    EXPECT_NEAR(some[0], all[2] / (all[2] + all[0]), 1e-9);
    EXPECT_EQ(judge.verdict(line, among), 2U);
    const std::vector<std::size_t> others{1, 0};
    EXPECT_NE(judge.verdict(line, others), 2U);
}

TEST(JudgeTest, JudgesByASinglePieceAGenreWithoutValidation) {
    const auto judge = *Judge::fit(learned(1, 1), Genres(3));
    for (std::size_t genre = 0; genre < 3; ++genre)
        EXPECT_GE(share_right(judge, made_up_lines(static_cast<Style>(genre), 10, 3), genre), 0.8);
}

TEST(JudgeTest, ALoneSmallGenreIsHeardBesideALargeOne) {
    const auto judge =
        *Judge::fit({made_up_lines(Style::steps, 30, 1), made_up_lines(Style::leaps, 1, 1)},
                    {made_up_lines(Style::steps, 3, 2), {}});
    EXPECT_GE(share_right(judge, made_up_lines(Style::leaps, 10, 3), 1), 0.9);
    EXPECT_GE(share_right(judge, made_up_lines(Style::steps, 10, 3), 0), 0.9);
}

TEST(JudgeTest, GivesProbabilitiesForWhateverIsPlayed) {
    const auto judge = *Judge::fit(
        {{made_up_line(Style::steps, 1, 3)}, {made_up_line(Style::leaps, 1, 1)}}, {{}, {}});
    EXPECT_EQ(judge.posterior(NoteLine{}), (std::vector<double>{0.5, 0.5}));
    NoteLine odd;
    odd.notes = {{Cells{0}, Cells{1}, Pitch{0}, 47, MeterClass::compound},
                 {Cells{5000}, Cells{48}, Pitch{127}, 3, MeterClass::other}};
    expect_probabilities(judge.posterior(odd));
    odd.notes.resize(1);
    expect_probabilities(judge.posterior(odd));
    expect_probabilities(judge.posterior(made_up_line(Style::leaps, 5, 5000)));
}

TEST(JudgeTest, TheSameLinesMakeTheSameJudge) {
    const auto line = made_up_line(Style::repeats, 80, 50);
    EXPECT_EQ(fitted(5).posterior(line), fitted(5).posterior(line));
}

TEST(JudgeTest, RefusesAGenreWithoutANoteAndListsThatDoNotMatch) {
    const auto none = Judge::fit({{made_up_line(Style::steps, 1)}, {NoteLine{}}}, {{}, {}});
    ASSERT_FALSE(none.has_value());
    EXPECT_EQ(none.error().code, Error::Code::not_found);
    const auto uneven = Judge::fit({{made_up_line(Style::steps, 1)}}, {{}, {}});
    ASSERT_FALSE(uneven.has_value());
    EXPECT_EQ(uneven.error().code, Error::Code::out_of_range);
    EXPECT_FALSE(Judge::fit({}, {}).has_value());
}

}  // namespace
}  // namespace fusion::train
