// From a file's notes and markers to the chords along its line.
#include <gmock/gmock.h>

#include <numeric>

#include "engine/corpus/chord_estimate.hpp"
#include "engine/corpus/chord_marks.hpp"
#include "engine/corpus/half_bars.hpp"
#include "engine/corpus/piece_chords.hpp"
#include "engine/music/chord_symbol.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

using testing::ElementsAre;

constexpr std::uint16_t kTicks = 12;  // a beat: a tick is a cell

// A file of one track whose ticks are cells.
class FileOf {
public:
    FileOf() {
        smf_.ticks_per_beat = kTicks;
        smf_.tracks.resize(1);
    }
    FileOf& meter(SmfTime at, Meter meter) {
        smf_.tracks[0].meters.push_back({at, meter});
        return *this;
    }
    FileOf& marker(SmfTime at, std::string text) {
        smf_.tracks[0].markers.push_back({at, std::move(text)});
        return *this;
    }
    FileOf& note(SmfTime from, SmfTime to, int pitch) {
        const Pitch key{static_cast<std::uint8_t>(pitch)};
        smf_.tracks[0].messages.push_back({from, note_on(Channel{0}, key, Velocity{80})});
        smf_.tracks[0].messages.push_back({to, note_off(Channel{0}, key)});
        smf_.tracks[0].end = std::max(smf_.tracks[0].end, to);
        return *this;
    }
    FileOf& chord(SmfTime from, SmfTime to, std::initializer_list<int> pitches) {
        for (const int pitch : pitches) note(from, to, pitch);
        return *this;
    }
    [[nodiscard]] Smf smf() const {
        auto sorted = smf_;
        for (auto& track : sorted.tracks)
            std::stable_sort(track.messages.begin(), track.messages.end(),
                             [](const SmfMessage& a, const SmfMessage& b) { return a.at < b.at; });
        return sorted;
    }

private:
    Smf smf_;
};

EventChain chain_of(const std::vector<GridNote>& notes, const LineGrid& grid) {
    return chain_events(notes, grid.bars);
}

GridNote held(std::int64_t cell, std::int64_t end) { return {cell, end, Pitch{60}, Velocity{80}}; }

LineGrid grid_of(const Smf& smf) { return {kTicks, BarLines{smf.meters_of(0), kTicks}}; }

std::string text_of(const ChordTrack& track) {
    std::string text;
    for (const auto& [at, chord] : track.changes)
        text += std::to_string(at.count()) + ':' + to_text(chord) + ' ';
    return text;
}

std::string chords_along(const FileOf& file, const std::vector<GridNote>& line,
                         std::vector<HomeShift> shifts = {{0, 0}}) {
    const auto smf = file.smf();
    const auto grid = grid_of(smf);
    return text_of(PieceChords{smf, 0, shifts}.along(chain_of(line, grid), grid));
}

TEST(ChordMarks, ThoseOfAFileAreReadAndTheOthersAreLeftAlone) {
    FileOf file;
    file.marker(0, "Verse").marker(0, "chord:Dm7").marker(48, "chord: B:min \r\n");
    file.marker(96, "chord:F13_").marker(100, "chord:").marker(144, "chord:N.C.");
    file.marker(144, "chord:C/E");
    const auto found = chord_marks(file.smf(), 0);
    ASSERT_EQ(found.marks.size(), 3U);
    EXPECT_EQ(to_text(found.marks[0].chord), "Dm7");
    EXPECT_EQ(found.marks[1].at, 48);
    EXPECT_EQ(to_text(found.marks[1].chord), "Bm");
    EXPECT_EQ(to_text(found.marks[2].chord), "C/E") << "the last at one time";
    EXPECT_EQ(found.unreadable, 2U);
    EXPECT_THAT(found.why, testing::HasSubstr("F13_: character 4"));
}

TEST(ChordMarks, InAFileOfFormat2EachTrackHasItsOwn) {
    Smf smf;
    smf.format = 2;
    smf.tracks.resize(2);
    smf.tracks[0].markers.push_back({0, "chord:C"});
    smf.tracks[1].markers.push_back({0, "chord:G"});
    EXPECT_EQ(to_text(chord_marks(smf, 1).marks.at(0).chord), "G");
    EXPECT_EQ(chord_marks(smf, 0).marks.size(), 1U);
    smf.format = 1;
    EXPECT_EQ(to_text(chord_marks(smf, 0).marks.at(0).chord), "G");
}

TEST(ChordMarks, ComeFromMarkersInTheBytes) {
    const Bytes track{0x00, 0xFF, 0x06, 0x08, 'c',  'h',  'o', 'r', 'd',  ':',  'A',  'm',
                      0x60, 0x90, 60,   80,   0x60, 0x80, 60,  0,   0x00, 0xFF, 0x2F, 0x00};
    const auto smf = read_smf(raw_file(0, 96, {track}), "test");
    ASSERT_TRUE(smf);
    EXPECT_TRUE(smf->mends.empty());
    EXPECT_EQ(to_text(chord_marks(*smf, 0).marks.at(0).chord), "Am");
}

TEST(PieceChords, MarkersHoldFromWhereTheyStand) {
    FileOf file;
    file.marker(0, "chord:C").marker(24, "chord:C").marker(48, "chord:G7").marker(60, "chord:Am");
    EXPECT_EQ(chords_along(file, {held(0, 24), held(24, 48), held(48, 96)}), "0:C 48:G7 60:Am ");
    // The line begins within a bar: its cells count from that bar's beginning.
    EXPECT_EQ(chords_along(file, {held(66, 96)}), "0:G7 12:Am ");
}

TEST(PieceChords, AreBroughtHomeWithTheNotes) {
    FileOf file;
    file.marker(0, "chord:D").marker(48, "chord:A/C#");
    EXPECT_EQ(chords_along(file, {held(0, 48), held(48, 96)}, {{0, -2}}), "0:C 48:G/B ");
    // A chord that goes on into another key signature is another one at home.
    EXPECT_EQ(chords_along(file, {held(0, 48), held(48, 96)}, {{0, -2}, {24, 5}}),
              "0:C 24:G 48:D/F# ");
}

TEST(PieceChords, FollowTheLineWhereALongRestWasCut) {
    FileOf file;
    file.marker(0, "chord:C").marker(48, "chord:F").marker(480, "chord:G").marker(486, "chord:Am");
    const auto smf = file.smf();
    const auto grid = grid_of(smf);
    // Nine bars of rest become one: bar 1 of the line is bar 1 of the file, bar 2 is bar 10.
    const auto chain = chain_of({held(0, 48), held(480, 528)}, grid);
    const auto track = PieceChords{smf, 0, std::vector<HomeShift>{{0, 0}}}.along(chain, grid);
    EXPECT_EQ(text_of(track), "0:C 48:F 96:G 102:Am ");
    EXPECT_EQ(track.source, ChordSource::markers);
    EXPECT_THAT(track.bars, ElementsAre(Cells{0}, Cells{48}, Cells{96}));
    EXPECT_EQ(track.end, Cells{144});
    ASSERT_EQ(track.onsets.size(), chain.events.size());
    for (std::size_t i = 0; i < chain.events.size(); ++i)
        EXPECT_EQ(track.onsets[i].count() % 48, chain.events[i].position);
}

TEST(PieceChords, EveryEventHasItsOnsetInTheLinesOwnCells) {
    FileOf file;
    file.meter(0, {3, 4}).marker(0, "chord:C").marker(36, "chord:F");
    const auto smf = file.smf();
    const auto grid = grid_of(smf);
    const auto chain = chain_of({held(12, 24), held(30, 36), held(72, 108), held(200, 212)}, grid);
    const auto track = PieceChords{smf, 0, std::vector<HomeShift>{{0, 0}}}.along(chain, grid);
    ASSERT_EQ(track.onsets.size(), chain.events.size());
    EXPECT_EQ(track.onsets.front(), Cells{12}) << "it begins on the second beat";
    for (std::size_t i = 1; i < chain.events.size(); ++i)
        EXPECT_EQ(track.onsets[i] - track.onsets[i - 1], chain.events[i - 1].event.duration);
    EXPECT_THAT(track.bars, testing::Contains(Cells{36}));
}

ChordTrack track_of(const char* text) {
    ChordTrack track;
    track.changes = {{Cells{6}, *parse_chord_symbol(text)},
                     {Cells{30}, *parse_chord_symbol("G7")},
                     {Cells{48}, *parse_chord_symbol("C")}};
    track.onsets = {Cells{6}, Cells{18}, Cells{30}, Cells{48}};
    track.bars = {Cells{0}, Cells{48}};
    track.end = Cells{96};
    return track;
}

TEST(ChordTrack, KnowsTheChordNowAndTheNextOneWithItsDistance) {
    const auto track = track_of("Dm7");
    EXPECT_TRUE(track.at(Cells{5}).is_none());
    EXPECT_EQ(to_text(track.at(Cells{6})), "Dm7");
    EXPECT_EQ(to_text(track.at(Cells{29})), "Dm7");
    EXPECT_EQ(to_text(track.at(Cells{500})), "C");
    EXPECT_EQ(track.next(Cells{0})->in, Cells{6});
    EXPECT_EQ(track.next(Cells{6})->in, Cells{24});
    EXPECT_EQ(to_text(track.next(Cells{6})->chord), "G7");
    EXPECT_EQ(track.next(Cells{48}), std::nullopt);
}

TEST(ChordTrack, IsCutWithItsLine) {
    auto track = track_of("Dm7");
    track.cut(4);
    EXPECT_EQ(track, track_of("Dm7"));
    track.cut(3);
    EXPECT_EQ(track.end, Cells{48});
    EXPECT_EQ(text_of(track), "6:Dm7 30:G7 ");
    EXPECT_THAT(track.bars, ElementsAre(Cells{0}));
    EXPECT_EQ(track.onsets.size(), 3U);
}

TEST(HalfBars, AreThoseInWhichSomethingSounds) {
    const BarLines bars{{}, 12};
    const std::vector<SoundingNote> notes{{0, 12, 60}, {12, 48, 64}, {12, 24, 48}, {480, 492, 67}};
    const auto halves = half_bars(notes, bars);
    ASSERT_EQ(halves.size(), 4U);
    EXPECT_EQ(halves[0].begins, 0);
    EXPECT_EQ(halves[1].begins, 24);
    EXPECT_TRUE(halves[1].second);
    EXPECT_EQ(halves[2].begins, 480);
    EXPECT_GT(halves[0].sounding[0], halves[0].sounding[4])
        << "at the beginning, and in two octaves";
    EXPECT_GT(halves[0].bass[0], 0.0);
    EXPECT_EQ(halves[0].bass[4], 0.0) << "the C below it is the bass";
    EXPECT_GT(halves[1].bass[4], 0.0);
    EXPECT_EQ(std::accumulate(halves[3].sounding.begin(), halves[3].sounding.end(), 0.0), 0.0);
}

TEST(HalfBars, ANoteWithoutAnEndIsNoWork) {
    const BarLines bars{{}, 12};
    const std::vector<SoundingNote> notes{{0, 1e15, 60}, {1e14, 1e15, 62}};
    EXPECT_LE(half_bars(notes, bars).size(), 12U);
    std::vector<SoundingNote> many;
    for (int i = 0; i < 40000; ++i) many.push_back({i * 48.0, i * 48.0 + 40, 60});
    EXPECT_EQ(half_bars(many, bars).size(), kMaxHalfBars);
}

std::string estimated(const FileOf& file, Evidence evidence) {
    const auto smf = file.smf();
    std::vector<SoundingNote> notes;
    for (const auto& note : notes_of(smf.tracks[0]))
        notes.push_back(
            {static_cast<double>(note.onset), static_cast<double>(note.end), note.pitch.count()});
    std::string text;
    for (const auto& chord : estimate_chords(half_bars(notes, grid_of(smf).bars), evidence))
        text += to_text(chord) + ' ';
    return text;
}

TEST(ChordEstimate, PlainChordsAreWhatTheyAre) {
    FileOf file;
    file.chord(0, 24, {48, 64, 67, 72}).chord(24, 48, {45, 64, 69, 72});
    file.chord(48, 72, {50, 65, 69, 72}).chord(72, 96, {43, 65, 67, 71});
    file.chord(96, 144, {48, 64, 67, 71});
    EXPECT_EQ(estimated(file, Evidence::voices), "C Am Dm7 G7 Cmaj7 Cmaj7 ");
}

TEST(ChordEstimate, ABrokenChordAndItsPassingNotesAreOneChord) {
    FileOf file;
    for (SmfTime bar = 0; bar < 96; bar += 48) {
        file.note(bar, bar + 48, bar == 0 ? 48 : 43);
        const std::vector<int> upper = bar == 0 ? std::vector<int>{64, 65, 67, 72, 71, 72, 67, 64}
                                                : std::vector<int>{62, 64, 65, 67, 71, 69, 67, 65};
        for (std::size_t i = 0; i < upper.size(); ++i) {
            const auto at = bar + static_cast<SmfTime>(i) * 6;
            file.note(at, at + 6, upper[i]);
        }
    }
    EXPECT_EQ(estimated(file, Evidence::voices), "C C G G ");
}

TEST(ChordEstimate, TheBassTellsASixthChordFromASeventh) {
    FileOf c;
    FileOf a;
    c.chord(0, 48, {36, 60, 64, 67, 69});
    a.chord(0, 48, {33, 60, 64, 67, 69});
    EXPECT_EQ(estimated(c, Evidence::voices), "C C ");
    EXPECT_EQ(estimated(a, Evidence::voices), "Am7 Am7 ");
}

TEST(ChordEstimate, AMelodyAloneGivesAnAccompanimentThatFits) {
    FileOf file;
    for (const auto& [at, pitch] : std::initializer_list<std::pair<SmfTime, int>>{{0, 60},
                                                                                  {12, 64},
                                                                                  {24, 67},
                                                                                  {36, 64},
                                                                                  {48, 65},
                                                                                  {60, 69},
                                                                                  {72, 72},
                                                                                  {84, 69},
                                                                                  {96, 67},
                                                                                  {108, 71},
                                                                                  {120, 74},
                                                                                  {132, 71},
                                                                                  {144, 72},
                                                                                  {156, 67},
                                                                                  {168, 64},
                                                                                  {180, 60}})
        file.note(at, at + 12, pitch);
    EXPECT_EQ(estimated(file, Evidence::melody), "C C F F G G C C ");
    EXPECT_EQ(estimate_chords({}, Evidence::melody), std::vector<Chord>{});
}

TEST(PieceChords, WithoutMarkersTheyAreEstimatedAndItIsSaidFromWhat) {
    FileOf several;
    several.chord(0, 48, {48, 64, 67}).chord(48, 96, {41, 65, 69}).note(0, 48, 76);
    FileOf alone;
    alone.note(0, 24, 76).note(24, 48, 72).note(48, 96, 77);
    const auto source = [](const FileOf& file) {
        const auto smf = file.smf();
        const auto grid = grid_of(smf);
        return PieceChords{smf, 0, std::vector<HomeShift>{{0, 0}}}
            .along(chain_of({held(0, 48), held(48, 96)}, grid), grid)
            .source;
    };
    EXPECT_EQ(source(several), ChordSource::voices);
    EXPECT_EQ(source(alone), ChordSource::melody);
    EXPECT_EQ(chords_along(several, {held(0, 48), held(48, 96)}), "0:C 48:F ");
    // In D, brought home.
    FileOf in_d;
    in_d.chord(0, 48, {50, 66, 69}).chord(48, 96, {43, 67, 71});
    EXPECT_EQ(chords_along(in_d, {held(0, 48), held(48, 96)}, {{0, -2}}), "0:C 48:F ");
}

TEST(PieceChords, MarkersThatAreNoChordsLeaveItToTheEstimate) {
    FileOf file;
    file.marker(0, "chord:???").marker(0, "Intro");
    file.chord(0, 48, {48, 64, 67}).chord(48, 96, {41, 65, 69});
    const auto smf = file.smf();
    const auto grid = grid_of(smf);
    const PieceChords chords{smf, 0, std::vector<HomeShift>{{0, 0}}};
    EXPECT_EQ(chords.along(chain_of({held(0, 96)}, grid), grid).source, ChordSource::voices);
    EXPECT_EQ(chords.reading(grid).unreadable, 1U);
    EXPECT_EQ(chords.reading(grid).agreement.half_bars, 0U);
}

TEST(PieceChords, TheEstimateIsComparedWithTheMarkersByHalfBars) {
    FileOf file;
    file.chord(0, 48, {48, 64, 67}).chord(48, 96, {41, 65, 69}).chord(96, 144, {45, 60, 64});
    // Right in bar 1, another root in bar 2, another third in bar 3; what fills most of a half bar
    // counts, and N.C. does not.
    file.marker(0, "chord:C")
        .marker(46, "chord:Dm")
        .marker(96, "chord:A")
        .marker(120, "chord:N.C.");
    const auto smf = file.smf();
    const auto reading = PieceChords{smf, 0, std::vector<HomeShift>{{0, 0}}}.reading(grid_of(smf));
    EXPECT_EQ(reading.evidence, Evidence::voices);
    EXPECT_EQ(reading.agreement.files, 1U);
    EXPECT_EQ(reading.agreement.half_bars, 5U);
    EXPECT_EQ(reading.agreement.same_root, 3U);
    EXPECT_EQ(reading.agreement.same_root_and_third, 2U);
}

TEST(PieceChords, FiveFourAndSevenEightHaveTheirHalves) {
    for (const Meter meter : {Meter{5, 4}, Meter{7, 8}}) {
        const auto bar = meter.bar().count();
        const auto half = meter.half_bar().count();
        FileOf file;
        file.meter(0, meter);
        file.chord(0, half, {48, 64, 67}).chord(half, bar, {43, 62, 67, 71});
        EXPECT_EQ(chords_along(file, {held(0, half), held(half, bar)}),
                  "0:C " + std::to_string(half) + ":G ");
    }
}

}  // namespace
}  // namespace fusion
