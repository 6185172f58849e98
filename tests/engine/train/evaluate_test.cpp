#include "engine/train/evaluate.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/chords_along.hpp"
#include "engine/train/evaluation_text.hpp"
#include "engine/train/memory_ngram.hpp"
#include "engine/train/ngrams.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"
#include "tests/support/plain_networks.hpp"
#include "tests/support/random_bundle.hpp"

namespace fusion::train {
namespace {

using testing::HasSubstr;

class EvaluateTest : public testing::Test {
protected:
    EvaluateTest() {
        for (int piece = 0; piece < 3; ++piece) {
            std::vector<TuneNote> tune;
            for (int i = 0; i < 40 + 8 * piece; ++i)
                tune.push_back({60 + (i * (piece + 2)) % 12, i % 3 == 0 ? 12 : 6});
            folder.put("data/genre1/" + std::to_string(piece) + ".mid", tune_file(tune));
            folder.put("data/polka/" + std::to_string(piece) + ".mid", tune_file(tune));
        }
        options.data = folder.path() / "data";
        options.bundle = folder.path() / "random.bundle";
        options.device = Device::cpu;
        EXPECT_TRUE(save_bundle(bundle, options.bundle, TensorPrecision::f32));
    }
    Result<Evaluation> run() { return evaluate(options, progress); }

    ScratchFolder folder;
    Bundle bundle = random_bundle(2, 11, 600);
    EvaluateOptions options;
    Progress progress{std::tmpfile()};
};

TEST_F(EvaluateTest, AgreesWithThePlainFormulas) {
    const auto evaluation = run();
    ASSERT_TRUE(evaluation) << evaluation.error().message;
    ASSERT_EQ(evaluation->genres.size(), 1U);
    const GenreScores& scores = evaluation->genres[0];
    EXPECT_EQ(scores.genre, "genre1");
    EXPECT_EQ(scores.pieces, 3U);

    PrepareOptions how;
    how.vocabulary = &bundle.vocabulary;
    how.genres = {"genre1"};
    const auto data = prepare(options.data, how);
    ASSERT_TRUE(data);
    double phase1 = 0.0, squares = 0.0, phase2 = 0.0, ngram = 0.0, memory = 0.0, events = 0.0;
    for (const Piece& piece : data->pieces) {
        PlainNetworks plain{bundle};
        std::size_t last = bundle.vocabulary.size();
        const auto chords = chords_along(piece);
        for (std::size_t i = 0; i < piece.line.size(); ++i) {
            const ToldChords place{.bar = chords[i].bar};  // and no chord
            const auto log_p = PlainNetworks::log_softmax(plain.next(
                last, piece.line.positions[i], piece.line.meters[i], {0.0, 1.0}, 1.0, {}, place));
            last = piece.line.events[i];
            phase2 -= log_p[last];
            phase1 -= std::log(plain.proposals[1][last]);
            for (std::size_t e = 0; e < log_p.size(); ++e)
                squares += std::pow(plain.proposals[1][e] - (e == last ? 1.0 : 0.0), 2.0);
            events += 1.0;
        }
        ngram += cross_entropy(bundle.ngrams[1], piece.line.events);
        memory += cross_entropy(bundle.ngrams[1], bundle.vocabulary, piece.line.events);
    }
    EXPECT_EQ(static_cast<double>(scores.events), events);
    EXPECT_NEAR(scores.phase1.cross_entropy, phase1 / events, 1e-3);
    EXPECT_NEAR(scores.phase1.mse, squares / events / 600.0, 1e-6);
    EXPECT_NEAR(scores.phase2.cross_entropy, phase2 / events, 1e-3);
    EXPECT_NEAR(scores.ngram5.cross_entropy, ngram / events, 1e-6);
    EXPECT_NEAR(scores.ngram_memory.cross_entropy, memory / events, 1e-9);
    EXPECT_LT(scores.ngram_memory.cross_entropy, scores.ngram5.cross_entropy);
}

TEST_F(EvaluateTest, SaysWhichGenresTheBundleDoesNotKnow) {
    const auto evaluation = run();
    ASSERT_TRUE(evaluation);
    EXPECT_EQ(evaluation->unknown_genres, std::vector<std::string>{"polka"});
}

TEST_F(EvaluateTest, IsTheSameOnOneThreadAsOnMany) {
    options.threads = 1;
    const auto one = run();
    options.threads = 3;
    const auto many = run();
    ASSERT_TRUE(one && many);
    EXPECT_NEAR(one->mean.phase2.cross_entropy, many->mean.phase2.cross_entropy, 1e-9);
    EXPECT_EQ(one->mean.phase2.f1_pitch_weighted, many->mean.phase2.f1_pitch_weighted);
}

TEST_F(EvaluateTest, PrintsEveryKeyOfTheJson) {
    const auto evaluation = run();
    ASSERT_TRUE(evaluation);
    const auto json = nlohmann::json::parse(to_json(*evaluation));
    for (const auto& scores : {json["genres"]["genre1"], json["mean"]}) {
        EXPECT_EQ(scores["pieces"], 3);
        EXPECT_GT(scores["events"], 0);
        for (const auto* key : {"mse", "cross_entropy"})
            EXPECT_TRUE(scores["phase1"].contains(key));
        for (const auto* key : {"cross_entropy", "f1_event_weighted", "f1_event_macro",
                                "f1_pitch_weighted", "f1_pitch_macro", "f1_duration_weighted"})
            EXPECT_TRUE(scores["phase2"].contains(key)) << key;
        for (const auto* key : {"cross_entropy", "f1_pitch_weighted"})
            EXPECT_TRUE(scores["ngram5"].contains(key)) << key;
        EXPECT_GT(scores["ngram_memory"]["cross_entropy"], 0.0);
    }
    EXPECT_THAT(to_table(*evaluation), HasSubstr("genre1"));
    EXPECT_THAT(to_table(*evaluation), HasSubstr("with memory"));
}

TEST_F(EvaluateTest, SaysThatTheRecordHasNoSplit) {
    options.pieces = Pieces::test;
    const auto evaluation = run();
    ASSERT_FALSE(evaluation);
    EXPECT_THAT(evaluation.error().message, HasSubstr("--split all"));
}

TEST_F(EvaluateTest, SaysWhatTheJudgeOfMusicNeeds) {
    options.music = Music::judge;
    const auto evaluation = run();
    ASSERT_FALSE(evaluation);
    EXPECT_THAT(evaluation.error().message, HasSubstr("--training DIR"));
}

TEST_F(EvaluateTest, JudgesTheMusicBesideTheTrainingPiecesThatAreNamed) {
    bundle.record = R"({"split_seed": 1})";
    ASSERT_TRUE(save_bundle(bundle, options.bundle, TensorPrecision::f32));
    for (int genre = 0; genre < 2; ++genre)
        for (int piece = 0; piece < 6; ++piece) {
            std::vector<TuneNote> tune;
            for (int i = 0; i < 80; ++i)
                tune.push_back({60 + (i * (piece + 2 + 4 * genre)) % 12, i % 3 == 0 ? 12 : 6});
            folder.put(
                "corpus/genre" + std::to_string(genre) + "/" + std::to_string(piece) + ".mid",
                tune_file(tune));
        }
    options.music = Music::judge;
    options.training = folder.path() / "corpus";
    auto& small = options.music_settings;
    small.lines = small.sweep_lines = small.switch_lines = 1;
    small.line_notes = small.sweep_notes = 64;
    small.switch_notes = 16;
    const auto evaluation = run();
    ASSERT_TRUE(evaluation) << evaluation.error().message;
    const auto json = nlohmann::json::parse(to_json(*evaluation));
    for (const auto* part : {"controllability", "memorisation", "statistics", "bundle"})
        EXPECT_TRUE(json.contains(part)) << part;
    EXPECT_EQ(json["controllability"]["labels"].size(), 2U);
    EXPECT_THAT(to_table(*evaluation), HasSubstr("rank correlation"));
}

TEST_F(EvaluateTest, RefusesAFolderWithoutItsGenres) {
    std::filesystem::remove_all(options.data / "genre1");
    const auto evaluation = run();
    ASSERT_FALSE(evaluation);
    EXPECT_THAT(evaluation.error().message, HasSubstr("genre0, genre1"));
}

TEST_F(EvaluateTest, RefusesAnEmptyFolder) {
    std::filesystem::remove_all(options.data);
    std::filesystem::create_directories(options.data);
    EXPECT_FALSE(run());
}

TEST_F(EvaluateTest, RefusesABundleThatIsNone) {
    std::ofstream{options.bundle} << "a foreign file";
    const auto evaluation = run();
    ASSERT_FALSE(evaluation);
    EXPECT_THAT(evaluation.error().message, HasSubstr("random.bundle"));
}

TEST_F(EvaluateTest, RefusesABundleWithoutNetworks) {
    bundle.tensors.clear();
    ASSERT_TRUE(save_bundle(bundle, options.bundle, TensorPrecision::f32));
    const auto evaluation = run();
    ASSERT_FALSE(evaluation);
    EXPECT_THAT(evaluation.error().message, HasSubstr("train it again"));
}

}  // namespace
}  // namespace fusion::train
