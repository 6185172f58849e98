// From a small file to a band, and from the text that people write.
#include "engine/train/band.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/corpus/smf.hpp"
#include "engine/music/chord_symbol.hpp"
#include "engine/train/band_extract.hpp"
#include "engine/train/band_fit.hpp"
#include "engine/train/band_habits.hpp"
#include "engine/train/band_likeness.hpp"
#include "engine/train/band_notation.hpp"
#include "engine/train/band_text.hpp"
#include "engine/train/band_tones.hpp"
#include "engine/train/real_lines.hpp"
#include "tests/support/scratch_folder.hpp"
#include "tests/support/small_bundle.hpp"

namespace fusion::train {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr int kBar = 48;
constexpr std::uint8_t kMelody = 0, kBass = 1, kPiano = 2, kDrums = 9;

// A file that is written note by note, in cells.
class Score {
public:
    void program(std::uint8_t channel, std::uint8_t number) {
        writer_.message(Ticks{0}, message(0xC0U | channel, static_cast<std::uint8_t>(number - 1)));
    }
    void note(std::uint8_t channel, int cell, int length, int pitch, std::uint8_t velocity = 90) {
        const auto key = static_cast<std::uint8_t>(pitch);
        writer_.message(to_ticks(Cells{cell}), message(0x90U | channel, key, velocity));
        writer_.message(to_ticks(Cells{cell + length}), message(0x80U | channel, key, 0));
        end_ = std::max(end_, cell + length);
    }
    void chord(int cell, const std::string& symbol) {
        writer_.marker(to_ticks(Cells{cell}), "chord:" + symbol);
    }
    void tempo(double bpm) { writer_.tempo(Ticks{0}, Bpm{bpm}); }
    void meter(Meter meter) { writer_.meter(Ticks{0}, meter); }
    // A tune of quavers up and down, so that there is a line.
    void tune(int bars, int bar = kBar) {
        constexpr std::array kSteps{72, 74, 76, 77, 79, 77, 76, 74};
        for (int i = 0; i * 6 < bars * bar; ++i)
            note(kMelody, i * 6, 6,
                 kSteps[static_cast<std::size_t>(i * 3 + i / 7) % kSteps.size()]);
    }
    [[nodiscard]] std::vector<std::uint8_t> bytes() const {
        return writer_.bytes(to_ticks(Cells{end_}));
    }
    [[nodiscard]] BandSheet sheet() const {
        const auto smf = read_smf(bytes(), "score");
        EXPECT_TRUE(smf) << smf.error().message;
        const IndexEntry lead{"ch1", {}, {}};
        auto sheet = extract_band(*smf, &lead);
        EXPECT_TRUE(sheet) << sheet.error().message;
        return sheet ? *sheet : BandSheet{};
    }

private:
    static MidiMessage message(unsigned status, std::uint8_t first) {
        const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(status), first};
        return *MidiMessage::from(bytes);
    }
    static MidiMessage message(unsigned status, std::uint8_t first, std::uint8_t second) {
        const std::array<std::uint8_t, 3> bytes{static_cast<std::uint8_t>(status), first, second};
        return *MidiMessage::from(bytes);
    }

    SmfWriter writer_;
    int end_ = 0;
};

std::string bass_of(const SheetBar& bar) {
    return notation_of({bar.cells, PatternRole::groove, PatternOrigin::learned, 1, bar.notes},
                       BandPart::bass);
}

Chord chord_named(const char* symbol) { return *parse_chord_symbol(symbol); }

// C and F in turn, the bass in quarters: root, third, fifth, and the note below the next root.
Score walking_piece(int bars) {
    Score score;
    score.tempo(96);
    score.program(kBass, 33);
    score.program(kPiano, 1);
    score.tune(bars);
    for (int bar = 0; bar < bars; ++bar) {
        const bool on_f = bar % 2 == 1;
        const int at = bar * kBar, root = on_f ? 41 : 36;
        score.chord(at, on_f ? "F" : "C");
        const int next = on_f ? 36 : 41;
        score.note(kBass, at, 12, root, 100);
        score.note(kBass, at + 12, 12, root + 4, 80);
        score.note(kBass, at + 24, 12, root + 7, 80);
        // E is no lead but C's own third: so it is B before C that leads, and Gb before F.
        score.note(kBass, at + 36, 12, on_f ? next - 1 : next + 2, 80);
        for (const int beat : {12, 36})
            for (const int tone : {0, 4, 7}) score.note(kPiano, at + beat, 6, root + 24 + tone);
        for (const int beat : {0, 24}) score.note(kDrums, at + beat, 3, 36, 110);
        for (const int beat : {12, 36}) score.note(kDrums, at + beat, 3, 38, 100);
        for (int eighth = 0; eighth < 8; ++eighth) score.note(kDrums, at + eighth * 6, 2, 42, 60);
    }
    return score;
}

TEST(BandExtract, ABassIsToldByTheChordUnderIt) {
    const auto sheet = walking_piece(8).sheet();
    const auto& bass = sheet.parts[0];
    ASSERT_EQ(bass.bars.size(), 8U);
    EXPECT_EQ(bass.program, 33);
    EXPECT_THAT(bass_of(bass.bars[1]), HasSubstr("R! 3 5 ^"));
    EXPECT_EQ(bass.bars[0].notes[1].what, static_cast<int>(BassTone::third));
    EXPECT_EQ(bass.bars[0].notes[2].octave, 0);
}

TEST(BandExtract, ThreeNotesAtOnceAreTheWholeChordAndTheTuneIsNoneOfIt) {
    const auto sheet = walking_piece(8).sheet();
    const auto& chords = sheet.parts[1];
    ASSERT_EQ(chords.bars.size(), 8U);
    ASSERT_EQ(chords.bars[2].notes.size(), 2U);
    EXPECT_EQ(chords.bars[2].notes[0].place, 12);
    EXPECT_EQ(chords.bars[2].notes[0].what, 0b1111);
    EXPECT_EQ(chords.bars[2].notes[1].place, 36);
    EXPECT_EQ(chords.program, 1);
}

TEST(BandExtract, DrumsKeepTheirKeysAndTheirAccents) {
    const auto sheet = walking_piece(8).sheet();
    const auto& bar = sheet.parts[2].bars.at(3);
    ASSERT_EQ(bar.notes.size(), 12U);
    EXPECT_EQ(bar.notes[0].what, 36);
    EXPECT_EQ(bar.notes[1].what, 42);
    EXPECT_GT(bar.notes[0].velocity, bar.notes[1].velocity);
    for (const auto& note : bar.notes) EXPECT_LE(note.length, 3);
    EXPECT_DOUBLE_EQ(sheet.tempo, 96.0);
}

TEST(BandExtract, ACrashOnTheFirstBeatIsOfTheFormAndNotOfTheGroove) {
    auto score = walking_piece(8);
    score.note(kDrums, 4 * kBar, 3, 49);
    const auto sheet = score.sheet();
    const auto& bars = sheet.parts[2].bars;
    EXPECT_TRUE(bars.at(4).crash);
    EXPECT_FALSE(bars.at(3).crash);
    EXPECT_EQ(bars.at(4).notes.size(), bars.at(3).notes.size());
}

TEST(BandExtract, TheLowestOfABrokenChordIsTheBassAndTheOthersAreItsVoices) {
    Score score;
    score.tune(8);
    for (int bar = 0; bar < 8; ++bar) {
        score.chord(bar * kBar, "C");
        for (int half = 0; half < 2; ++half) {
            const int at = bar * kBar + half * 24;
            score.note(kPiano, at, 24, 36);
            constexpr std::array kVoices{52, 55, 60, 64};
            for (int k = 0; k < 4; ++k) {
                score.note(kPiano, at + k * 6, 6, kVoices[static_cast<std::size_t>(k)]);
                if (k == 0) score.note(kPiano, at, 6, 64);
            }
        }
    }
    const auto sheet = score.sheet();
    ASSERT_EQ(sheet.parts[0].bars.size(), 8U);
    ASSERT_EQ(sheet.parts[0].bars[1].notes.size(), 2U);
    EXPECT_EQ(sheet.parts[0].bars[1].notes[0].what, static_cast<int>(BassTone::root));
    EXPECT_EQ(sheet.parts[0].program, 0);  // a left hand is no instrument
    // With the bass struck beside it the first is the whole chord.
    std::vector<int> masks;
    for (const auto& note : sheet.parts[1].bars.at(1).notes) masks.push_back(note.what);
    EXPECT_THAT(masks, ElementsAre(0b1111, 0b0010, 0b0100, 0b1000, 0b1111, 0b0010, 0b0100, 0b1000));
}

TEST(BandTones, ANoteIsTheNearestToneOfItsChord) {
    const auto tone = [](int pitch, const char* chord, const char* next = "N.C.") {
        return bass_tone(pitch, chord_named(chord), chord_named(next), 28).tone;
    };
    EXPECT_EQ(tone(36, "C"), BassTone::root);
    EXPECT_EQ(tone(39, "Cm"), BassTone::third);
    EXPECT_EQ(tone(42, "Cm7b5"), BassTone::fifth);
    EXPECT_EQ(tone(45, "Cdim7"), BassTone::seventh);
    EXPECT_EQ(tone(45, "C"), BassTone::sixth);
    EXPECT_EQ(tone(41, "C7sus4"), BassTone::fourth);
    EXPECT_EQ(tone(42, "Am", "G"), BassTone::from_below);
    EXPECT_EQ(tone(45, "C", "G"), BassTone::from_above);
    // A chord's own fifth stays what it is, wherever it leads.
    EXPECT_EQ(tone(43, "C", "F"), BassTone::fifth);
}

TEST(BandTones, OctavesAreCountedFromTheRegisterThatTheRootsLieIn) {
    const std::vector<int> roots{33, 38, 40, 33, 38, 43, 40};
    const int lowest = lowest_of_register(roots);
    EXPECT_LE(lowest, 33);
    EXPECT_GT(lowest + 12, 43);
    EXPECT_EQ(bass_tone(50, chord_named("D"), {}, lowest).octave, 1);
    EXPECT_EQ(bass_tone(33, chord_named("D"), {}, lowest).octave, -1);  // the fifth below
    std::vector<BandNote> high{{0, 12, 0, 1, 90}, {12, 12, 4, 1, 90}, {24, 12, 0, 2, 90}};
    settle_octaves(high);
    EXPECT_EQ(high[0].octave, 0);
    EXPECT_EQ(high[2].octave, 1);
}

// Bars of drums by a letter each: a and b are grooves, f has more strokes on snare and toms.
PartSheet drums_of(std::string_view bars) {
    PartSheet part;
    for (const char letter : bars) {
        auto& bar = part.bars.emplace_back();
        bar.cells = kBar;
        const auto hit = [&](int place, int key) {
            bar.notes.push_back(
                {static_cast<std::uint8_t>(place), 3, static_cast<std::uint8_t>(key), 0, 90});
        };
        hit(0, 36);
        if (letter == 'b') hit(6, 36);
        if (letter == 'b') hit(18, 36);
        hit(12, 38);
        if (letter == 'f')
            for (const int place : {24, 27, 30, 33, 36, 39, 42}) hit(place, place < 36 ? 38 : 45);
        else
            hit(36, 38);
    }
    return part;
}

TEST(BandHabits, AFillEndsAPhraseOrComesBeforeACrash) {
    auto part = drums_of("aaafafaaaaafaaaa");
    EXPECT_THAT(fills_of(part), ElementsAre(false, false, false, true, false, false, false, false,
                                            false, false, false, true, false, false, false, false));
    part.bars[6].crash = true;
    EXPECT_TRUE(fills_of(part)[5]);
}

TEST(BandHabits, AreAskedFromFourBarsAgoOn) {
    HabitCount all_alike;
    all_alike.add(drums_of("aaaaaaaaaaaa"), {});
    EXPECT_FLOAT_EQ(all_alike.habits().as_four_ago, 1.0F);
    // Never as four bars ago, always as two ago or the last one.
    HabitCount pairs;
    pairs.add(drums_of("aabbaabb"), {});
    EXPECT_FLOAT_EQ(pairs.habits().as_four_ago, 1.0F);
    HabitCount changes;
    changes.add(drums_of("aaaabbbb"), {});
    EXPECT_FLOAT_EQ(changes.habits().as_four_ago, 0.0F);
    EXPECT_FLOAT_EQ(changes.habits().as_two_ago, 0.5F);  // bars 6 and 7
    EXPECT_FLOAT_EQ(changes.habits().as_last, 0.5F);     // of 4 and 5 the latter
    HabitCount filled;
    const auto drums = drums_of("aaafaaafaaaf");
    filled.add(drums, fills_of(drums));
    EXPECT_FLOAT_EQ(filled.habits().fills, 1.0F);
}

TEST(BandFit, APieceThatRepeatsABarIsOnePieceAndTheLikeBarsAreOnePattern) {
    std::vector<BandSheet> pieces(3);
    for (auto& piece : pieces) piece.parts[2] = drums_of("aaaaaaaaaaaa");
    pieces[2].parts[2] = drums_of("bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");
    const auto fitted = fit_band(pieces);
    const auto& patterns = fitted.band.parts[2].patterns;
    ASSERT_EQ(patterns.size(), 2U);
    EXPECT_EQ(patterns[0].notes.size(), 3U);
    EXPECT_EQ(patterns[0].times, 2 * kMostOfAPiece);
    EXPECT_EQ(patterns[1].times, kMostOfAPiece);
    EXPECT_EQ(fitted.pieces[2], 3U);
    EXPECT_EQ(fitted.pieces[0], 0U);
}

TEST(BandFit, WhatCannotBeDrawnAnywhereIsNoPattern) {
    const auto with = [](const std::vector<BandNote>& notes, BandPart part) {
        std::vector<BandSheet> pieces(2);
        for (auto& piece : pieces)
            for (int i = 0; i < 8; ++i)
                piece.parts[static_cast<std::size_t>(part)].bars.push_back({kBar, notes});
        return fit_band(pieces).band.parts[static_cast<std::size_t>(part)].patterns.size();
    };
    const auto root = static_cast<std::uint8_t>(BassTone::root);
    const auto fifth = static_cast<std::uint8_t>(BassTone::fifth);
    EXPECT_EQ(with({{0, 48, root, 0, 90}}, BandPart::bass), 1U);
    EXPECT_EQ(with({{0, 12, root, 0, 90}}, BandPart::bass), 0U);  // and then nothing
    EXPECT_EQ(with({{0, 24, fifth, 0, 90}, {24, 24, root, 0, 90}}, BandPart::bass), 0U);
    EXPECT_EQ(with({{12, 12, root, 0, 90}, {24, 24, root, 0, 90}}, BandPart::bass), 0U);
    EXPECT_EQ(with({{0, 48, 0b1111, 0, 90}}, BandPart::chords), 1U);
    EXPECT_EQ(with({{0, 48, 0b0010, 0, 90}}, BandPart::chords), 0U);
    EXPECT_EQ(with({{3, 3, 0b1111, 0, 90}, {16, 4, 0b1111, 0, 90}}, BandPart::chords), 0U);
    EXPECT_EQ(with({{0, 3, 42, 0, 90}, {12, 3, 42, 0, 90}, {24, 3, 42, 0, 90}}, BandPart::drums),
              0U);
}

TEST(BandFit, RelatedPiecesCountAsOne) {
    std::vector<BandSheet> pieces(3);
    for (auto& piece : pieces) {
        piece.parts[2] = drums_of("aaaaaaaa");
        piece.cluster = "the same tune";
    }
    pieces[2].cluster = "another";
    const auto fitted = fit_band(pieces);
    ASSERT_EQ(fitted.band.parts[2].patterns.size(), 1U);
    EXPECT_EQ(fitted.band.parts[2].patterns[0].times, 2 * kMostOfAPiece);
}

TEST(BandFit, ABassLearnedFromFilesIsWhatTheyPlay) {
    const std::vector<BandSheet> pieces(2, walking_piece(16).sheet());
    const auto fitted = fit_band(pieces);
    const auto& bass = fitted.band.parts[0];
    ASSERT_FALSE(bass.patterns.empty());
    EXPECT_EQ(bass.program, 33);
    for (const auto& pattern : bass.patterns) {
        EXPECT_EQ(pattern.bar, kBar);
        EXPECT_EQ(pattern.notes.front().what, static_cast<int>(BassTone::root));
    }
    EXPECT_FLOAT_EQ(fitted.band.style.usual, 96.0F);
    EXPECT_FLOAT_EQ(fitted.band.style.swing, 0.5F);
    std::vector<std::uint8_t> bytes;
    serialise_band({fitted.band}, bytes);
    EXPECT_TRUE(parse_band(bytes));
}

TEST(BandNotation, WhatIsWrittenIsReadAndPrintedAlike) {
    for (const auto* line : {"R! - | . . | 5, - | ^ v?", "R' 7 | 6 5 | 4? 3 | 2 -"}) {
        std::vector<BandNote> notes;
        const auto cells = read_tones(line, BandPart::bass, 6, notes);
        ASSERT_TRUE(cells) << cells.error().message;
        EXPECT_EQ(*cells, kBar);
        EXPECT_THAT(notation_of({kBar, {}, {}, 1, notes}, BandPart::bass), HasSubstr(line));
    }
    std::vector<BandNote> chords;
    ASSERT_TRUE(read_tones("* - 13? 24!", BandPart::chords, 12, chords));
    EXPECT_THAT(notation_of({kBar, {}, {}, 1, chords}, BandPart::chords), HasSubstr("* - 13? 24!"));
    std::vector<BandNote> snare;
    ASSERT_TRUE(read_drums("g.o. x.X. .... ...x", 38, 3, snare));
    EXPECT_THAT(notation_of({kBar, {}, {}, 1, snare}, BandPart::drums),
                HasSubstr("snare        = \"g.o. x.X. .... ...x\""));
}

constexpr std::string_view kWritten = R"(
[genre.jazz]
swing = 0.62
tempo = [100, 160, 240]
bass = { program = 33, habits = [0.1, 0.2, 0.3, 0.0] }

[[pattern]]
genres = ["jazz", "folk"]
step = 12
times = 3
bass = "R 3 5 ^"

[[pattern]]
genres = ["jazz"]
fill = true
step = 4
[pattern.drums]
ride = "x.. x.x x.. ..."
38 = "... ... ... xxx"
)";

TEST(BandWritten, IsOfTheGenresThatItNames) {
    const auto bands = parse_written(kWritten, "patterns");
    ASSERT_TRUE(bands) << bands.error().message;
    GenreBand jazz;
    add_written(bands->at("jazz"), jazz);
    ASSERT_EQ(jazz.parts[0].patterns.size(), 1U);
    EXPECT_EQ(jazz.parts[0].patterns[0].origin, PatternOrigin::written);
    EXPECT_EQ(jazz.parts[0].patterns[0].times, 3);
    EXPECT_EQ(jazz.parts[0].program, 33);
    EXPECT_FLOAT_EQ(jazz.parts[0].habits.as_last, 0.3F);
    EXPECT_EQ(jazz.parts[2].patterns.at(0).role, PatternRole::fill);
    EXPECT_EQ(jazz.parts[2].patterns[0].notes.size(), 7U);
    EXPECT_FLOAT_EQ(jazz.style.swing, 0.62F);
    EXPECT_FLOAT_EQ(jazz.style.slowest, 100.0F);
    EXPECT_EQ(bands->at("folk").parts[0].patterns.size(), 1U);
}

TEST(BandWritten, StandsBesideWhatIsLearnedForAQuarterOfTheTime) {
    GenreBand folk;
    folk.parts[0].patterns.push_back({kBar, {}, PatternOrigin::learned, 300, {{0, 12, 0, 0, 90}}});
    add_written(parse_written(kWritten, "patterns")->at("folk"), folk);
    ASSERT_EQ(folk.parts[0].patterns.size(), 2U);
    EXPECT_EQ(folk.parts[0].patterns[1].times, 100);
}

TEST(BandWritten, WhatIsWrongIsSaidWithItsLine) {
    const auto complaint = [](std::string_view text) {
        const auto bands = parse_written(text, "patterns.toml");
        return bands ? std::string{"none"} : bands.error().message;
    };
    EXPECT_THAT(complaint("\n[[pattern]]\ngenres = [\"a\"]\nbass = \"R H\"\n"),
                HasSubstr("patterns.toml:4: 'H' is no tone"));
    EXPECT_THAT(complaint("[[pattern]]\ngenres = [\"a\"]\nchords = \"* 5\"\n"),
                HasSubstr("patterns.toml:3: '5' is no stroke"));
    EXPECT_THAT(complaint("[[pattern]]\ngenres = [\"a\"]\n[pattern.drums]\nkick = \"x.y.\"\n"),
                HasSubstr("patterns.toml:4: 'y' is no stroke"));
    EXPECT_THAT(complaint("[[pattern]]\ngenres = [\"a\"]\n[pattern.drums]\nanvil = \"x...\"\n"),
                HasSubstr("patterns.toml:4: 'anvil'"));
    EXPECT_THAT(complaint("[[pattern]]\ngenres = [\"a\"]\n[pattern.drums]\n"
                          "kick = \"x...\"\nsnare = \"x..\"\n"),
                HasSubstr("cells long"));
    EXPECT_THAT(complaint("[[pattern]]\nbass = \"R\"\n"), HasSubstr("genres"));
    EXPECT_THAT(complaint("[[pattern]]\ngenres = [\"a\"]\nbass = \"- R\"\n"), HasSubstr("go on"));
    EXPECT_THAT(complaint("[genre.a]\nswing = 2.0\n"), HasSubstr("patterns.toml:2: swing"));
    EXPECT_THAT(complaint("[genre.a]\nbass = { program = 0 }\n"), HasSubstr("1 to 128"));
    EXPECT_THAT(complaint("[[pattern\n"), HasSubstr("patterns.toml:1"));
}

TEST(BandWritten, TheShippedPatternsCanBeReadAndAreWhole) {
    const auto bands = read_written(FUSION_PATTERNS);
    ASSERT_TRUE(bands) << bands.error().message;
    for (const auto& [genre, written] : *bands) {
        GenreBand band;
        add_written(written, band);
        std::vector<std::uint8_t> bytes;
        serialise_band({band}, bytes);
        EXPECT_TRUE(parse_band(bytes)) << genre;
    }
    for (const auto* genre : {"jazz", "folk"})
        for (std::size_t p = 0; p < kBandParts; ++p)
            EXPECT_GE(bands->at(genre).parts[p].patterns.size(), 4U) << genre << kBandPartNames[p];
}

TEST(Band, IsLearnedFromTrainingPiecesOnlyAndTheRecordSaysFromHowMany) {
    const ScratchFolder folder;
    for (int i = 0; i < 20; ++i)
        for (const std::string genre : {"high", "low"})
            folder.put(genre + "/piece" + std::to_string(100 + i) + ".mid",
                       walking_piece(12).bytes());
    auto bundle = small_bundle();
    bundle.record = R"({"split_seed": 1})";
    const auto corpus = read_corpus_of(bundle, "small", folder.path());
    ASSERT_TRUE(corpus) << corpus.error().message;
    const auto training =
        static_cast<std::size_t>(std::ranges::count_if(corpus->pieces, [](const Piece& piece) {
            return piece.genre == 0 && piece.split == Split::training;
        }));
    ASSERT_LT(training, 20U);
    Progress progress{std::tmpfile()};
    const auto given = give_band(bundle, *corpus, folder.path(), {}, 2, progress);
    ASSERT_TRUE(given) << given.error().message;
    ASSERT_EQ(bundle.band.size(), 2U);
    const auto record = nlohmann::json::parse(bundle.record);
    EXPECT_EQ(record["band"]["high"]["bass"]["pieces"], training);
    EXPECT_EQ(record["band"]["high"]["drums"]["learned"], bundle.band[0].parts[2].patterns.size());
    EXPECT_THAT(band_as_text(bundle), HasSubstr("kick         = \"X. .. X. ..\""));
    EXPECT_THAT(band_as_table(bundle), HasSubstr("| high | "));

    auto again = small_bundle();
    again.record = R"({"split_seed": 1})";
    ASSERT_TRUE(give_band(again, *corpus, folder.path(), {}, 1, progress));
    EXPECT_EQ(again.band, bundle.band);
}

TEST(Band, AGenreWithoutAFolderIsSaid) {
    auto bundle = small_bundle();
    DataSet corpus;
    corpus.genres = {"high"};
    Progress progress{std::tmpfile()};
    const auto given = give_band(bundle, corpus, "/nowhere", {}, 1, progress);
    ASSERT_FALSE(given);
    EXPECT_THAT(given.error().message, HasSubstr("low"));
}

}  // namespace
}  // namespace fusion::train
