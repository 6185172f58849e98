#include "engine/corpus/data_set.hpp"

#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include <gmock/gmock.h>

#include "engine/corpus/corpus_index.hpp"
#include "engine/corpus/split.hpp"
#include "engine/corpus/table.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"

namespace fusion {
namespace {

using testing::HasSubstr;

Bytes piece_number(int number) {
    std::vector<TuneNote> tune;
    constexpr int kDegrees[]{0, 2, 4, 5, 7, 9, 11, 12};
    for (int i = 0; i < 32; ++i)
        tune.push_back({60 + kDegrees[(i * (number + 3) + i / 5) % 8], i % 3 == 0 ? 12 : 6});
    return tune_file(tune);
}

void fill(const ScratchFolder& folder, int pieces) {
    std::string index = "path,remark,cluster,lead_track,melodic_tracks\n";
    for (int i = 0; i < pieces; ++i) {
        for (const std::string genre : {"folk", "jazz"}) {
            const auto name = genre + "/piece" + std::to_string(100 + i) + ".mid";
            folder.put(name, piece_number(i));
            index += name + R"(,"a ""remark"", quoted",c)" + std::to_string(i / 3) + ",0,0\n";
        }
    }
    folder.put("index.csv", Bytes(index.begin(), index.end()));
}

std::map<std::string, Split> splits_of(const DataSet& data) {
    std::map<std::string, Split> splits;
    for (const auto& piece : data.pieces) splits[piece.name] = piece.split;
    return splits;
}

TEST(DataSet, NoClusterIsEverSplitAndTheSharesAreMet) {
    const ScratchFolder folder;
    fill(folder, 60);
    const auto data = prepare(folder.path(), {});
    ASSERT_TRUE(data) << data.error().message;
    ASSERT_EQ(data->pieces.size(), 120U);
    std::map<std::string, std::set<Split>> by_cluster;
    std::map<Split, int> counts;
    for (const auto& piece : data->pieces) {
        by_cluster[piece.cluster].insert(piece.split);
        ++counts[piece.split];
    }
    for (const auto& [cluster, splits] : by_cluster) EXPECT_EQ(splits.size(), 1U) << cluster;
    EXPECT_EQ(counts[Split::test], 36);
    EXPECT_NEAR(counts[Split::validation], 8, 4);
}

// The file of one track that `file` is, with markers at its beginning.
Bytes with_markers(Bytes file, std::initializer_list<std::string_view> texts) {
    constexpr std::ptrdiff_t kTrackBegins = 22;
    Bytes markers;
    for (const auto text : texts) {
        append(markers, {0x00, 0xFF, 0x06, static_cast<std::uint8_t>(text.size())});
        markers.insert(markers.end(), text.begin(), text.end());
    }
    const auto size = file[20] * 256U + file[21] + markers.size();
    file[20] = static_cast<std::uint8_t>(size >> 8U);
    file[21] = static_cast<std::uint8_t>(size);
    file.insert(file.begin() + kTrackBegins, markers.begin(), markers.end());
    return file;
}

TEST(DataSet, EveryLineHasItsChordsAndTheTableSaysWhereTheyComeFrom) {
    const ScratchFolder folder;
    for (int i = 0; i < 8; ++i)
        folder.put("jazz/plain" + std::to_string(i) + ".mid", piece_number(i));
    folder.put("jazz/marked.mid",
               with_markers(piece_number(3), {"Intro", "chord:C^7", "chord:Xy7"}));
    PrepareOptions options;
    options.max_events_per_piece = 20;
    const auto data = prepare(folder.path(), options);
    ASSERT_TRUE(data) << data.error().message;
    for (const auto& piece : data->pieces) {
        const bool marked = piece.name == "jazz/marked.mid";
        EXPECT_EQ(piece.chords.source, marked ? ChordSource::markers : ChordSource::melody);
        ASSERT_EQ(piece.chords.onsets.size(), piece.line.size());
        ASSERT_FALSE(piece.chords.changes.empty());
        EXPECT_LT(piece.chords.changes.back().at, piece.chords.end);
        for (std::size_t i = 0; i < piece.line.size(); ++i)
            EXPECT_EQ(piece.chords.onsets[i].count() % 48, piece.line.positions[i]);
    }
    const auto table = describe(*data);
    EXPECT_THAT(table, testing::ContainsRegex("jazz +1 +0 +8 +by melody +1 "));
    EXPECT_THAT(table, HasSubstr("skipped     1  chord markers that are no chords (as "
                                 "jazz/marked.mid: Xy7: character 1"));
}

TEST(DataSet, TheSameFilesGiveTheSameAndAnotherSeedAnotherSplit) {
    const ScratchFolder folder;
    fill(folder, 30);
    const auto once = prepare(folder.path(), {});
    const auto again = prepare(folder.path(), {});
    PrepareOptions other_seed;
    other_seed.split_seed = 2;
    const auto other = prepare(folder.path(), other_seed);
    ASSERT_TRUE(once && again && other);
    EXPECT_EQ(splits_of(*once), splits_of(*again));
    EXPECT_EQ(once->digest, again->digest);
    EXPECT_EQ(once->digest.size(), 64U);
    EXPECT_EQ(describe(*once), describe(*again));
    EXPECT_NE(splits_of(*once), splits_of(*other));

    folder.put("jazz/piece100.mid", piece_number(77));
    EXPECT_NE(prepare(folder.path(), {})->digest, once->digest);
}

TEST(DataSet, EveryEntryOfALineBelongsToAnEvent) {
    const ScratchFolder folder;
    fill(folder, 6);
    PrepareOptions options;
    options.max_events_per_piece = 20;
    const auto data = prepare(folder.path(), options);
    ASSERT_TRUE(data);
    for (const auto& [name, genre, cluster, split, line, chords] : data->pieces) {
        EXPECT_EQ(line.size(), 20U);
        EXPECT_EQ(line.positions.size(), line.size());
        EXPECT_EQ(chords.onsets.size(), line.size());
        EXPECT_EQ(line.meters.size(), line.size());
        ASSERT_EQ(line.velocities.size(), line.size());
        for (std::size_t i = 0; i < line.size(); ++i)
            EXPECT_EQ(line.velocities[i] == 0, data->vocabulary[line.events[i]].is_rest());
    }
    for (const double coverage : data->coverage) EXPECT_GT(coverage, 0.9);
}

TEST(DataSet, BadFilesAreCountedAndTheRestIsUsed) {
    const ScratchFolder folder;
    fill(folder, 4);
    folder.put("jazz/empty.mid", {});
    folder.put("jazz/short.mid", tune_file({{60, 12}, {62, 12}}));
    const auto data = prepare(folder.path(), {});
    ASSERT_TRUE(data);
    EXPECT_EQ(data->pieces.size(), 8U);
    EXPECT_EQ(data->rejected.size(), 2U);
    const auto table = describe(*data);
    EXPECT_THAT(table, HasSubstr("no melody (as jazz/short.mid"));
    EXPECT_THAT(table, HasSubstr("unreadable (as jazz/empty.mid"));
}

TEST(DataSet, WhatWasMendedIsToldInTheTableWhetherThePieceIsUsedOrNot) {
    const ScratchFolder folder;
    fill(folder, 4);
    auto cut = piece_number(1);
    cut.resize(cut.size() * 3 / 4);
    folder.put("folk/cut.mid", cut);
    folder.put("jazz/cut.mid", cut);
    auto framed = piece_number(2);
    framed[12] = 0xE8;  // 24 frames of 80: at 120 BPM 960 a beat, as before
    framed[13] = 0x50;
    folder.put("jazz/framed.RMI", framed);
    cut.resize(60);
    folder.put("jazz/short.mid", cut);
    const auto data = prepare(folder.path(), {});
    ASSERT_TRUE(data);
    EXPECT_EQ(data->pieces.size(), 11U);
    EXPECT_EQ(data->mended.size(), 3U);
    const auto table = describe(*data);
    EXPECT_THAT(table, HasSubstr("mended      2  cut off (as folk/cut.mid: cut off: track 0 ("));
    EXPECT_THAT(table, HasSubstr("): folk 1 jazz 1\n"));
    EXPECT_THAT(table, HasSubstr("mended      1  timed in SMPTE frames (as jazz/framed.RMI: timed "
                                 "in SMPTE frames: 24 frames of 80, beats at 120 BPM): jazz 1\n"));
    EXPECT_THAT(table, HasSubstr("but drums (mended: cut off: track 0 ("));
}

TEST(Table, TellsTheRestsTheScaleAndWhereFilesWereRejected) {
    DataSet data;
    data.genres = {"folk", "jazz"};
    data.coverage = {1.0, 1.0};
    data.vocabulary = *Vocabulary::make(
        {{std::nullopt, Cells{12}}, {Pitch{60}, Cells{36}}, {Pitch{61}, Cells{12}}});
    data.pieces = {{"folk/a.mid", 0, "a", Split::training, {{0, 1, 2, 0}, {}, {}, {}}}};
    data.rejected = {{"folk/b.mid", "odd: 1"}, {"jazz/c.mid", "odd: 2"}, {"jazz/d.mid", "odd: 3"}};
    const auto table = describe(data);
    EXPECT_THAT(table, testing::ContainsRegex("folk .* 100.00% +50.0% +75.0% +1\n"));
    EXPECT_THAT(table, testing::ContainsRegex("jazz .* - +- +2\n"));
    EXPECT_THAT(table, HasSubstr("rejected    3  odd (as folk/b.mid: odd: 1): folk 1 jazz 2\n"));
}

TEST(DataSet, ABundlesVocabularyIsKept) {
    const ScratchFolder folder;
    fill(folder, 4);
    const auto words = Vocabulary::make({{std::nullopt, Cells{12}}, {Pitch{60}, Cells{12}}});
    PrepareOptions options;
    options.vocabulary = &*words;
    const auto data = prepare(folder.path(), options);
    ASSERT_TRUE(data);
    EXPECT_EQ(data->vocabulary.size(), 2U);
    EXPECT_LT(data->coverage[0], 1.0);
}

TEST(DataSet, WhatIsNotThereIsSaidPlainly) {
    const ScratchFolder folder;
    const auto refusal = [&](const PrepareOptions& options) {
        const auto data = prepare(folder.path(), options);
        return data ? std::string{"accepted"} : data.error().message;
    };
    EXPECT_THAT(refusal({}), HasSubstr("one folder per genre"));
    EXPECT_EQ(prepare(folder.path() / "none", {}).error().code, Error::Code::not_found);
    folder.put("jazz/x.mid", Bytes{1, 2, 3});
    EXPECT_THAT(refusal({}), HasSubstr("none of the 1 MIDI files"));
    PrepareOptions polka;
    polka.genres = {"polka"};
    EXPECT_THAT(refusal(polka), HasSubstr("genre polka"));
    PrepareOptions odd;
    odd.test_share = std::nan("");
    EXPECT_THAT(refusal(odd), HasSubstr("must be 0 to 0.9"));
    folder.put("index.csv", Bytes{'p', 'a', 't', 'h', '\n', '"', 'x'});
    EXPECT_THAT(refusal({}), HasSubstr("line 2: a quote is never closed"));
}

TEST(Split, AGenreOfOneClusterIsAllToLearnFrom) {
    std::vector<Piece> pieces(5, Piece{"a", 0, "only", Split::test, {}});
    assign_splits(pieces, 1, {0.3, 0.1});
    for (const auto& piece : pieces) EXPECT_EQ(piece.split, Split::training);
}

TEST(Index, EveryCutAndEveryFlippedBitComesBack) {
    std::string text = "path,lead_track,melodic_tracks,cluster\na,1,1;2,c1\n\"b,\"\"\",ch3,,\n";
    const auto whole = parse_index(text, "index.csv");
    ASSERT_TRUE(whole);
    EXPECT_THAT(whole->at("a").melodic_tracks, testing::ElementsAre("1", "2"));
    EXPECT_EQ(whole->at("b,\"").lead_track, "ch3");
    std::size_t refused = 0;
    for (std::size_t size = 0; size < text.size(); ++size)
        refused += parse_index(text.substr(0, size), "cut") ? 0 : 1;
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        auto flipped = text;
        flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
        refused += parse_index(flipped, "flipped") ? 0 : 1;
    }
    EXPECT_GT(refused, 20U);
}

TEST(RealCorpus, EveryGenreOfItCanBeLearnedFrom) {
    const char* named = std::getenv("FUSION_DATA");
    const std::filesystem::path folder =
        named != nullptr ? named : FUSION_SOURCE_DIR "/../shared/data";
    if (!std::filesystem::is_directory(folder))
        GTEST_SKIP() << "no corpus at " << folder << "; set FUSION_DATA to its folder";
    const auto data = prepare(folder, {});
    ASSERT_TRUE(data) << data.error().message;
    EXPECT_LE(data->rejected.size() * 20, data->pieces.size()) << describe(*data);
    for (std::size_t g = 0; g < data->genres.size(); ++g)
        EXPECT_GT(data->coverage[g], 0.98) << data->genres[g];
    for (const auto& piece : data->pieces) EXPECT_GE(piece.line.size(), 16U) << piece.name;
}

}  // namespace
}  // namespace fusion
