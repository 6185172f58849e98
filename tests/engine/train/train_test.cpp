#include "engine/train/train.hpp"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/nn/functional/loss.h>
#include <nlohmann/json.hpp>

#include "engine/model/bundle.hpp"
#include "engine/nn/networks.hpp"
#include "engine/train/evaluate.hpp"
#include "engine/train/evaluation_text.hpp"
#include "engine/train/internal/batches.hpp"
#include "engine/train/ngrams.hpp"
#include "tests/engine/corpus/midi_in_memory.hpp"
#include "tests/engine/train/toy_corpus.hpp"

namespace fusion::train {
namespace {

using testing::HasSubstr;

TrainOptions toy_options(const std::filesystem::path& folder) {
    TrainOptions options;
    options.out = folder / "toy.bundle";
    options.work = folder / "work";
    options.preset = Preset::paper;
    options.device = Device::cpu;
    options.epochs1 = 50;
    options.epochs2 = 30;
    options.threads = 2;
    options.command = "fusion-train train toy";
    return options;
}

Bundle train_toy(const TrainOptions& options) {
    const StopFlag stop{false};
    Progress progress{std::tmpfile()};
    const auto end = train(toy_corpus(), options, stop, progress);
    EXPECT_TRUE(end) << end.error().message;
    auto bundle = load_bundle(options.out);
    EXPECT_TRUE(bundle) << bundle.error().message;
    return std::move(*bundle);
}

// Mean loss of the fusion on spliced windows, by the blends they were spliced under or with the two
// genres' weights exchanged.
enum class Weights : std::uint8_t { true_ones, exchanged };

double loss_on_splices(const Bundle& bundle, Weights weights) {
    torch::NoGradGuard no_grad;
    const DataSet data = toy_corpus();
    std::vector<nn::Phase1> phase1;
    for (const auto& name : data.genres)
        phase1.push_back(nn::import_phase1(bundle.tensors, name, data.vocabulary));
    nn::Phase2 phase2 = nn::import_phase2(bundle.tensors, 2, data.vocabulary);
    const Splicer splicer{data};
    std::vector<Window> windows;
    for (std::uint64_t seed = 1000; seed < 1020; ++seed) {
        Random random{seed};
        windows.push_back(splicer.draw(64, random));
        if (weights == Weights::exchanged)
            for (Blend& blend : windows.back().blend) std::swap(blend.share[0], blend.share[1]);
    }
    const Batch batch =
        make_batch(windows, data.vocabulary, EventClasses{data.vocabulary}, torch::kCPU);
    nn::Dropout none;
    nn::LstmState state;
    const torch::Tensor logits =
        phase2->forward(batch.context, make_streams(windows, batch, phase1, none), state, none);
    return torch::nn::functional::cross_entropy(logits.flatten(0, 1), batch.target.flatten())
        .item<double>();
}

TEST(Train, WritesABundleThatSaysWhereItCameFrom) {
    const ScratchFolder folder;
    TrainOptions options = toy_options(folder.path());
    options.epochs1 = options.epochs2 = 1;
    const Bundle bundle = train_toy(options);
    EXPECT_TRUE(check_tensors(bundle));
    EXPECT_EQ(bundle.genres, (std::vector<std::string>{"down", "up"}));
    EXPECT_EQ(bundle.ngrams.size(), 2U);
    const auto record = nlohmann::json::parse(bundle.record);
    EXPECT_EQ(record["corpus_digest"], "toy");
    EXPECT_EQ(record["split_seed"], 1);
    EXPECT_EQ(record["seed"], 1);
    EXPECT_EQ(record["preset"], "paper");
    EXPECT_EQ(record["command"], "fusion-train train toy");
    EXPECT_EQ(record["pieces"]["up"]["training"], 8);
    EXPECT_EQ(record["pieces"]["up"]["test"], 1);
    EXPECT_THAT(record["licence"].get<std::string>(), HasSubstr("MODEL.md"));
}

TEST(Train, LearnsInBothPhasesAndFollowsTheWeights) {
    const ScratchFolder folder;
    const Bundle bundle = train_toy(toy_options(folder.path()));
    const auto record = nlohmann::json::parse(bundle.record);
    const double uniform = std::log(static_cast<double>(bundle.vocabulary.size()));
    EXPECT_LT(record["phase1"]["up"]["validation_cross_entropy"], 0.3 * uniform);
    EXPECT_LT(record["phase1"]["down"]["validation_cross_entropy"], 0.3 * uniform);
    const auto& history = record["phase2"]["history"];
    // It sets out from what the genres' own networks know, and betters it; what it trains on has
    // slips, which nobody can foresee, so its loss there stays higher than on whole lines.
    EXPECT_LT(history.front()["validation"], 0.3 * uniform);
    EXPECT_LT(history.back()["training"], 0.95 * history.front()["training"].get<double>());
    EXPECT_LT(record["phase2"]["validation_cross_entropy"], 0.3 * uniform);

    // The windows are the same to the note, so only the weights can make the difference.
    EXPECT_GT(loss_on_splices(bundle, Weights::exchanged),
              1.2 * loss_on_splices(bundle, Weights::true_ones));
}

TEST(Train, AStopIsKeptAndTheSameCommandGoesOn) {
    const ScratchFolder folder;
    TrainOptions options = toy_options(folder.path());
    options.epochs1 = options.epochs2 = 1;
    StopFlag stop{true};
    Progress progress{std::tmpfile()};
    const DataSet data = toy_corpus(4, 40);
    const auto stopped = train(data, options, stop, progress);
    ASSERT_TRUE(stopped);
    EXPECT_EQ(*stopped, TrainEnd::stopped);
    EXPECT_TRUE(std::filesystem::exists(options.work / "phase1-all.pt"));
    EXPECT_FALSE(std::filesystem::exists(options.out));
    stop = false;
    const auto done = train(data, options, stop, progress);
    ASSERT_TRUE(done) << done.error().message;
    EXPECT_EQ(*done, TrainEnd::done);
    EXPECT_TRUE(load_bundle(options.out));
}

// The toy's own chords: whether the next bar goes up or down, which the line alone never tells.
DataSet told_by_chords() {
    DataSet data = toy_corpus();
    std::uint32_t dice = 1;
    for (Piece& piece : data.pieces) {
        piece.chords.source = ChordSource::markers;
        const std::size_t first = duration_classes().size();  // the rests come before the notes
        std::size_t note = 0;
        for (std::size_t i = 0; i < piece.line.size(); ++i) {
            if (i % 4 == 0) {
                dice = dice * 1664525U + 1013904223U;
                const bool up = (dice >> 24U & 1U) != 0;
                piece.chords.changes.push_back(
                    {Cells{static_cast<int>(6 * i)},
                     Chord{PitchClass{static_cast<std::uint8_t>(up ? 0 : 9)},
                           up ? ChordQuality::major : ChordQuality::minor}});
            }
            note = (note + (piece.chords.changes.back().chord.root().count() == 0 ? 1U : 7U)) % 8;
            piece.line.events[i] = static_cast<EventId>(first + note);
            piece.chords.onsets.emplace_back(static_cast<int>(6 * i));
            if (i % 8 == 0) piece.chords.bars.emplace_back(static_cast<int>(6 * i));
        }
        piece.chords.end = Cells{static_cast<int>(6 * piece.line.size())};
    }
    return data;
}

TEST(Train, GoesOnFromABundleAndLearnsWhatChordsSay) {
    const ScratchFolder folder;
    TrainOptions options = toy_options(folder.path());
    options.work.clear();
    options.epochs1 = 4;
    options.epochs2 = 1;
    const StopFlag stop{false};
    Progress progress{std::tmpfile()};
    ASSERT_TRUE(train(told_by_chords(), options, stop, progress));
    auto first = load_bundle(options.out);
    ASSERT_TRUE(first);
    first->dice.assign(2, GenreDice{0.9F, 1.0F, 0.0F});
    options.from = folder.path() / "first.bundle";
    ASSERT_TRUE(save_bundle(*first, options.from, TensorPrecision::f32));
    options.epochs1 = options.epochs2 = 8;
    ASSERT_TRUE(train(told_by_chords(), options, stop, progress));
    const auto second = load_bundle(options.out);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->dice, first->dice) << "what it has been given stays";
    const auto loss = [](const Bundle& bundle) {
        return nlohmann::json::parse(bundle.record)["phase2"]["validation_cross_entropy"]
            .get<double>();
    };
    EXPECT_LT(loss(*second), loss(*first));
    // Without chords each new direction is a coin's, every fourth note.
    EXPECT_LT(loss(*second), 0.5 * std::log(2.0) / 4.0);
}

TEST(Train, GoesOnFromNoBundleOfAnotherCorpus) {
    const ScratchFolder folder;
    TrainOptions options = toy_options(folder.path());
    options.epochs1 = options.epochs2 = 1;
    train_toy(options);
    options.from = options.out;
    options.work.clear();
    const StopFlag stop{false};
    Progress progress{std::tmpfile()};
    const auto refused = [&](const DataSet& data) {
        const auto end = train(data, options, stop, progress);
        return end ? std::string{} : end.error().message;
    };
    DataSet other = toy_corpus();
    other.genres = {"down", "sideways"};
    EXPECT_THAT(refused(other), HasSubstr("down,sideways"));
    other = toy_corpus();
    auto events =
        std::vector<Event>{other.vocabulary.events().begin(), other.vocabulary.events().end()};
    events.push_back({Pitch{100}, Cells{6}});
    other.vocabulary = *Vocabulary::make(events);
    EXPECT_THAT(refused(other), HasSubstr("another vocabulary"));
    options.from = folder.path() / "none.bundle";
    EXPECT_THAT(refused(toy_corpus()), HasSubstr("none.bundle"));
}

TEST(Train, SaysWhichGenreHasNothingToTrainOn) {
    const ScratchFolder folder;
    DataSet data = toy_corpus();
    std::erase_if(data.pieces, [](const Piece& piece) { return piece.genre == 1; });
    const StopFlag stop{false};
    Progress progress{std::tmpfile()};
    const auto end = train(data, toy_options(folder.path()), stop, progress);
    ASSERT_FALSE(end);
    EXPECT_THAT(end.error().message, HasSubstr("genre up"));
}

TEST(Train, SaysWhereTheBundleCannotBeWritten) {
    const ScratchFolder folder;
    TrainOptions options = toy_options(folder.path());
    options.epochs1 = options.epochs2 = 1;
    options.out = folder.path() / "no" / "such" / "folder" / "toy.bundle";
    const StopFlag stop{false};
    Progress progress{std::tmpfile()};
    const auto end = train(toy_corpus(4, 40), options, stop, progress);
    ASSERT_FALSE(end);
    EXPECT_THAT(end.error().message, HasSubstr("toy.bundle"));
}

TEST(FitNgrams, PrefersTheLineTheyWereFittedOn) {
    const DataSet data = toy_corpus();
    const auto fitted = fit_ngrams(data);
    ASSERT_EQ(fitted.models.size(), 2U);
    const auto& down = data.pieces[0].line.events;
    EXPECT_LT(cross_entropy(fitted.models[0], down), cross_entropy(fitted.models[1], down));
}

}  // namespace
}  // namespace fusion::train
