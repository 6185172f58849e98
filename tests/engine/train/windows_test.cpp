#include "engine/train/windows.hpp"

#include <numeric>
#include <set>

#include <gtest/gtest.h>

#include "tests/engine/train/toy_corpus.hpp"

namespace fusion::train {
namespace {

constexpr std::size_t kLength = 128;

TEST(Cut, TellsTheBeginningOfTheLineFromTheMiddle) {
    const DataSet data = toy_corpus();
    const EventSequence& line = data.pieces[0].line;
    const RecalledLine recalled{line, data.vocabulary};
    const std::size_t size = data.vocabulary.size();
    const Window start = cut(recalled, 0, 4);
    EXPECT_EQ(start.last,
              (std::vector<std::uint16_t>{static_cast<std::uint16_t>(size), line.events[0],
                                          line.events[1], line.events[2]}));
    const Window middle = cut(recalled, 10, 12);
    EXPECT_EQ(middle.last.front(), line.events[9]);
    EXPECT_EQ(middle.target, (std::vector<EventId>{line.events[10], line.events[11]}));
    // The scale came round after eight notes, and what is recalled reaches back before the cut.
    EXPECT_EQ(middle.recall[0].event[static_cast<std::size_t>(RecallSlot::repeat)],
              line.events[10]);
    EXPECT_EQ(cut(recalled, 90, 1000).size(), 6U);
}

// A chord for each bar of eight quavers, the first of them an upbeat of four.
Piece with_chords(Piece piece) {
    piece.chords.source = ChordSource::markers;
    for (std::size_t i = 0; i < piece.line.size(); ++i)
        piece.chords.onsets.emplace_back(static_cast<int>(24 + 6 * i));
    const int end = 24 + 6 * static_cast<int>(piece.line.size());
    for (int bar = 0; bar * 48 < end; ++bar) {
        piece.chords.bars.emplace_back(bar * 48);
        piece.chords.changes.push_back(
            {Cells{bar * 48}, Chord{pitch_class_of(bar), ChordQuality::major}});
    }
    piece.chords.end = Cells{end};
    return piece;
}

TEST(Cut, TellsTheChordsOfThePieceAndTheBarOfItsPeriod) {
    const DataSet data = toy_corpus();
    Piece piece = with_chords(data.pieces[0]);
    const auto code = [](int root) {
        return code_of(Chord{pitch_class_of(root), ChordQuality::major});
    };
    const RecalledLine line{piece, data.vocabulary};
    Window window = cut(line, 2, 14);
    EXPECT_EQ(window.chords[0], (ToldChords{code(0), code(1), Cells{12}, false, 7}))
        << "an upbeat is the last bar of a period";
    EXPECT_EQ(window.chords[2], (ToldChords{code(1), code(2), Cells{48}, true, 0}));
    EXPECT_EQ(window.chords[11], (ToldChords{code(2), code(3), Cells{42}, false, 1}));
    tell_no_chords(window);
    EXPECT_EQ(window.chords[11], (ToldChords{.bar = 1}));

    piece.chords.source = ChordSource::melody;
    EXPECT_EQ(cut(RecalledLine{piece, data.vocabulary}, 2, 14).chords[11], (ToldChords{.bar = 1}))
        << "a guess from the melody itself is not told";
}

TEST(CutAll, TakesEveryEventOfEveryPieceOnce) {
    const DataSet data = toy_corpus();
    std::vector<RecalledLine> pieces;
    for (const Piece& piece : data.pieces) pieces.emplace_back(piece.line, data.vocabulary);
    Random random{1};
    std::size_t events = 0, starts = 0;
    for (const Window& window : cut_all(pieces, 20, 8, random)) {
        EXPECT_GT(window.size(), 0U);
        EXPECT_LE(window.size(), 20U);
        events += window.size();
        if (window.last.front() == data.vocabulary.size()) ++starts;
    }
    EXPECT_EQ(events, pieces.size() * 96);
    EXPECT_EQ(starts, pieces.size());
}

TEST(CutAll, PutsWindowsOfOneSizeTogether) {
    const DataSet data = toy_corpus();
    std::vector<RecalledLine> pieces;
    for (const Piece& piece : data.pieces) pieces.emplace_back(piece.line, data.vocabulary);
    const auto padding = [&](std::size_t bucket) {
        Random random{1};
        const auto windows = cut_all(pieces, 20, bucket, random);
        std::size_t wasted = 0;
        for (std::size_t i = 0; i + 8 <= windows.size(); i += 8) {
            std::size_t longest = 0;
            for (std::size_t n = i; n < i + 8; ++n) longest = std::max(longest, windows[n].size());
            for (std::size_t n = i; n < i + 8; ++n) wasted += longest - windows[n].size();
        }
        return wasted;
    };
    EXPECT_LT(padding(64), padding(1) / 2);
}

class SplicerTest : public testing::Test {
protected:
    SplicerTest() {
        for (std::uint64_t seed = 0; seed < 200; ++seed) {
            Random random{seed};
            windows.push_back(splicer.draw(kLength, random));
        }
    }
    const DataSet data = toy_corpus();
    const Splicer splicer{data};
    std::vector<Window> windows;
};

TEST_F(SplicerTest, FillsTheWindow) {
    for (const Window& window : windows) {
        EXPECT_EQ(window.size(), kLength);
        EXPECT_EQ(window.last.size(), kLength);
        EXPECT_EQ(window.position.size(), kLength);
        EXPECT_EQ(window.meter.size(), kLength);
        EXPECT_EQ(window.blend.size(), kLength);
        EXPECT_EQ(window.recall.size(), kLength);
    }
}

TEST_F(SplicerTest, EachEventIsHeardByTheNext) {
    for (const Window& window : windows)
        for (std::size_t i = 1; i < kLength; ++i) EXPECT_EQ(window.last[i], window.target[i - 1]);
}

TEST_F(SplicerTest, JoinsWhereTheBarPositionGoesOn) {
    // Every toy note is 6 cells long, so each position follows the one before, joined or not.
    for (const Window& window : windows)
        for (std::size_t i = 1; i < kLength; ++i)
            EXPECT_EQ(window.position[i], (window.position[i - 1] + 6) % kBarPositions);
}

TEST_F(SplicerTest, BlendsSumToOneAndPhrasesComeFromGenresThatAreHeard) {
    for (const Window& window : windows) {
        for (std::size_t i = 0; i < kLength; ++i) {
            const auto& share = window.blend[i].share;
            EXPECT_NEAR(std::accumulate(share.begin(), share.end(), 0.0F), 1.0F, 1e-5F);
            EXPECT_GT(share[window.sources[i]], 0.0F);
        }
    }
}

TEST_F(SplicerTest, ASplicedLineRecallsItsOwnPastAlone) {
    std::size_t spliced = 0;
    for (const Window& window : windows) {
        if (window.sources.front() == window.sources.back()) continue;
        ++spliced;
        LineMemory memory{data.vocabulary};
        for (std::size_t i = 0; i < kLength; ++i) {
            EXPECT_EQ(window.recall[i],
                      memory.recall(window.position[i], static_cast<MeterClass>(window.meter[i])));
            memory.push(window.target[i], window.position[i], window.blend[i]);
        }
    }
    EXPECT_GT(spliced, 10U);
}

TEST_F(SplicerTest, DrawsSteadyMixedAndChangingWindows) {
    std::size_t steady = 0, mixed = 0, changing = 0;
    for (const Window& window : windows) {
        const std::set<std::uint8_t> sources(window.sources.begin(), window.sources.end());
        bool mix = false, change = false;
        for (std::size_t i = 0; i < kLength; ++i) {
            mix |= window.blend[i].share[0] > 0.0F && window.blend[i].share[1] > 0.0F;
            change |= i > 0 && window.blend[i] != window.blend[i - 1];
        }
        mixed += mix ? 1 : 0;
        changing += change ? 1 : 0;
        steady += !mix && !change ? 1 : 0;
        if (!mix && !change) {
            EXPECT_EQ(sources.size(), 1U);
        }
    }
    EXPECT_GT(steady, 80U);
    EXPECT_GT(mixed, 30U);
    EXPECT_GT(changing, 30U);
}

TEST_F(SplicerTest, NeverTakesFromValidationOrTestPieces) {
    EXPECT_EQ(splicer.training_events(), 2U * 8U * 96U);
    DataSet marked = toy_corpus();
    // Held-out pieces are made of rests, which no training piece has.
    for (Piece& piece : marked.pieces)
        if (piece.split != Split::training)
            std::fill(piece.line.events.begin(), piece.line.events.end(), EventId{0});
    const Splicer only_training{marked};
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
        Random random{seed};
        for (const EventId event : only_training.draw(kLength, random).target) EXPECT_NE(event, 0);
    }
}

TEST_F(SplicerTest, TheSameDiceGiveTheSameWindow) {
    Random a{7, 3}, b{7, 3}, other{7, 4};
    const Window first = splicer.draw(kLength, a), second = splicer.draw(kLength, b);
    EXPECT_EQ(first.target, second.target);
    EXPECT_EQ(first.blend, second.blend);
    EXPECT_NE(first.target, splicer.draw(kLength, other).target);
}

}  // namespace
}  // namespace fusion::train
