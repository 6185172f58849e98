#include "engine/train/chord_fit.hpp"

#include <gtest/gtest.h>

#include "engine/music/chord_symbol.hpp"

namespace fusion::train {
namespace {

constexpr int kBar = 48;

Vocabulary minims() {
    std::vector<Event> events;
    for (std::uint8_t pitch = 48; pitch < 84; ++pitch) events.push_back({Pitch{pitch}, Cells{24}});
    return *Vocabulary::make(events);
}

Chord chord(const std::string& symbol) { return *parse_chord_symbol(symbol); }

enum class Line : std::uint8_t { roots, always_c_sharp };

// A chord a bar, a note a half bar.
Piece piece(const std::vector<std::string>& bars, const Vocabulary& vocabulary,
            Line line = Line::roots, ChordSource source = ChordSource::markers) {
    Piece made;
    made.genre = 0;
    made.split = Split::training;
    made.chords.source = source;
    for (std::size_t bar = 0; bar < bars.size(); ++bar) {
        const Cells begin{static_cast<int>(bar) * kBar};
        const auto now = chord(bars[bar]);
        made.chords.bars.push_back(begin);
        if (made.chords.changes.empty() || made.chords.changes.back().chord != now)
            made.chords.changes.push_back({begin, now});
        for (int half = 0; half < 2; ++half) {
            const auto pitch = line == Line::roots ? 60 + now.root().count() : 61;
            made.line.events.push_back(
                *vocabulary.find({Pitch{static_cast<std::uint8_t>(pitch)}, Cells{24}}));
            made.line.positions.push_back(static_cast<std::uint8_t>(24 * half));
            made.line.meters.push_back(static_cast<std::uint8_t>(MeterClass::quadruple));
            made.line.velocities.push_back(90);
            made.chords.onsets.push_back(begin + Cells{24 * half});
        }
    }
    made.chords.end = Cells{static_cast<int>(bars.size()) * kBar};
    return made;
}

DataSet corpus(const std::vector<std::vector<std::string>>& pieces, Line line = Line::roots) {
    DataSet data;
    data.vocabulary = minims();
    data.genres = {"song"};
    for (const auto& bars : pieces)
        for (int i = 0; i < 20; ++i) data.pieces.push_back(piece(bars, data.vocabulary, line));
    return data;
}

ChordCode code(const std::string& symbol) { return code_of(chord(symbol)); }

TEST(ChordFit, LearnsWhatFollowsWhatAndWhere) {
    const auto fitted =
        fit_chords(corpus({{"C", "F", "G", "C", "Am", "F", "Dm", "G", "C", "F", "G", "C"}}));
    const auto& genre = fitted.genres[0];
    EXPECT_EQ(genre.pieces, 20U);
    const auto& major = genre.model.modes[static_cast<std::size_t>(HomeMode::major)];
    const auto after_f = chances_of(major, code("C"), code("F"), 4);
    EXPECT_GT(after_f[code("G").count()], 0.6F);
    EXPECT_GT(after_f[code("G").count()], after_f[code("Dm").count()]);
    const auto after_am_f = chances_of(major, code("Am"), code("F"), 12);
    EXPECT_GT(after_am_f[code("Dm").count()], 0.5F) << "two before say more than one";
    EXPECT_GT(major.changes[2][1], 0.8F) << "a chord that has lasted a bar changes at the next";
    EXPECT_LT(major.changes[1][0], 0.1F) << "and never in the middle of one";
    EXPECT_GT(major.places[0][0], 1.0F) << "a period begins at home";
    EXPECT_NEAR(genre.bars_a_chord, 12.0 / 11.0, 0.1);
}

TEST(ChordFit, AnUpbeatIsBeforeThePeriod) {
    auto data = corpus({{"G7", "C", "F", "G", "C", "F", "C", "G", "C"}});
    for (auto& each : data.pieces) {
        each.chords.onsets.erase(each.chords.onsets.begin());
        each.line.events.erase(each.line.events.begin());
        each.line.positions.erase(each.line.positions.begin());
        each.line.meters.erase(each.line.meters.begin());
        each.line.velocities.erase(each.line.velocities.begin());
    }
    const auto fitted = fit_chords(data);
    const auto& major = fitted.genres[0].model.modes[0];
    const auto begin = chances_of(major, kNoChordCode, kBeginCode, 0);
    EXPECT_GT(begin[code("C").count()], 0.9F);
    EXPECT_EQ(begin[code("G7").count()], 0.0F);
}

TEST(ChordFit, TellsMajorFromMinorByBeginAndEnd) {
    const auto fitted = fit_chords(corpus({{"C", "Am", "F", "G", "Am", "F", "G", "C"},
                                           {"Am", "C", "F", "G", "C", "F", "E7", "Am"},
                                           {"F", "C", "Dm", "Am", "C", "G", "Dm", "Am"}}));
    EXPECT_NEAR(fitted.genres[0].model.minor, 2.0F / 3.0F, 0.01F);
    const auto& minor = fitted.genres[0].model.modes[static_cast<std::size_t>(HomeMode::minor)];
    EXPECT_GT(chances_of(minor, kNoChordCode, code("E7"), 14)[code("Am").count()], 0.5F);
}

TEST(ChordFit, TellsALineThatObeysItsChordsFromOneThatKnowsThemNot) {
    const std::vector<std::string> bars{"C", "F", "G", "C", "Am", "F", "Dm", "G"};
    const auto obeys = fit_chords(corpus({bars})).genres[0];
    EXPECT_DOUBLE_EQ(obeys.tones, 1.0);
    EXPECT_LT(obeys.by_chance, 0.6);
    EXPECT_DOUBLE_EQ(fit_chords(corpus({bars}, Line::always_c_sharp)).genres[0].tones, 0.0);
}

TEST(ChordFit, HearsChordsThatReturnUnderANewTune) {
    const std::vector<std::string> round{"C", "Am", "F", "G", "Em", "Am", "Dm", "G"};
    auto bars = round;
    bars.insert(bars.end(), round.begin(), round.end());
    DataSet data;
    data.vocabulary = minims();
    data.genres = {"song"};
    for (int i = 0; i < 20; ++i) {
        auto one = piece(bars, data.vocabulary);
        for (std::size_t n = 0; n < one.line.size(); ++n)  // a scale, so that no phrase returns
            one.line.events[n] = static_cast<EventId>((n + n / 8 * 5) % 36);
        data.pieces.push_back(one);
    }
    const auto fitted = fit_chords(data);
    EXPECT_GT(fitted.genres[0].returning, 0.45);
    EXPECT_GT(fitted.genres[0].model.form.distance[1], 0.9F) << "two phrases ago";
}

TEST(ChordFit, WhatWasGuessedFromAMelodyCountsOnlyWhereThereIsNothingElse) {
    auto data = corpus({{"C", "G", "C", "G"}});
    for (int i = 0; i < 30; ++i)
        data.pieces.push_back(
            piece({"F#", "B", "F#", "B"}, data.vocabulary, Line::roots, ChordSource::melody));
    EXPECT_EQ(fit_chords(data).genres[0].pieces, 20U);
    for (auto& each : data.pieces) each.chords.source = ChordSource::melody;
    EXPECT_EQ(fit_chords(data).genres[0].pieces, 50U);
}

TEST(ChordFit, LooksAtTrainingPiecesAloneAndBearsPiecesWithoutChords) {
    auto data = corpus({{"C", "G", "C", "G"}});
    for (auto& each : data.pieces) each.split = Split::test;
    data.pieces.push_back(Piece{});
    data.pieces.back().split = Split::training;
    const auto fitted = fit_chords(data);
    EXPECT_EQ(fitted.genres[0].pieces, 0U);
    EXPECT_TRUE(fitted.genres[0].model.modes[0].follows.empty());
}

}  // namespace
}  // namespace fusion::train
