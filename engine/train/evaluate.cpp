#include "engine/train/evaluate.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/nn/blas_threads.hpp"
#include "engine/nn/networks.hpp"
#include "engine/train/internal/device.hpp"
#include "engine/train/internal/teacher.hpp"
#include "engine/train/memory_ngram.hpp"
#include "engine/train/parallel.hpp"
#include "engine/train/scores.hpp"

namespace fusion::train {

namespace {

using torch::Tensor;

// The pitches (a rest is one) and durations of a vocabulary as classes, and the sum over the other.
struct Marginal {
    std::vector<std::size_t> of;  // class of each event
    std::size_t classes = 0;
    Tensor sum;  // (V, classes), 1 where the event is of the class

    template <class Key>
    Marginal(const Vocabulary& vocabulary, torch::Device device, Key key) {
        std::map<int, std::size_t> numbers;
        for (const Event& event : vocabulary.events())
            of.push_back(numbers.try_emplace(key(event), numbers.size()).first->second);
        classes = numbers.size();
        Tensor table = torch::zeros(
            {static_cast<std::int64_t>(of.size()), static_cast<std::int64_t>(classes)});
        auto at = table.accessor<float, 2>();
        for (std::size_t i = 0; i < of.size(); ++i)
            at[static_cast<std::int64_t>(i)][static_cast<std::int64_t>(of[i])] = 1.0F;
        sum = table.to(device);
    }
};

struct Marginals {
    Marginal pitch, duration;
    Marginals(const Vocabulary& vocabulary, torch::Device device)
        : pitch{vocabulary, device,
                [](const Event& e) { return e.pitch ? int{e.pitch->count()} : -1; }},
          duration{vocabulary, device, [](const Event& e) { return int{e.duration.count()}; }} {}
};

void count(F1& f1, const Tensor& truth, const Tensor& said, const Marginal* marginal) {
    const Tensor was = truth.to(torch::kCPU), is = said.to(torch::kCPU);
    const auto a = was.accessor<std::int64_t, 1>(), b = is.accessor<std::int64_t, 1>();
    for (std::int64_t i = 0; i < was.size(0); ++i) {
        const auto event = static_cast<std::size_t>(a[i]);
        f1.add(marginal != nullptr ? marginal->of[event] : event, static_cast<std::size_t>(b[i]));
    }
}

class Evaluator {
public:
    Evaluator(const EvaluateOptions& options, const Bundle& bundle, torch::Device device)
        : options_{options},
          bundle_{bundle},
          device_{device},
          marginals_{bundle.vocabulary, device},
          phase2_{nn::import_phase2(bundle.tensors, bundle.genres.size(), bundle.vocabulary)} {
        phase2_->to(device);
        phase2_->eval();
    }

    GenreScores genre(std::size_t number, const Lines& lines) {
        GenreScores scores;
        scores.genre = bundle_.genres[number];
        scores.pieces = lines.size();
        for (const Piece* piece : lines) scores.events += piece->line.size();
        nn::Phase1 phase1 = nn::import_phase1(bundle_.tensors, scores.genre, bundle_.vocabulary);
        phase1->to(device_);
        phase1->eval();
        first_phase(phase1, lines, scores);
        second_phase(phase1, number, lines, scores);
        ngram(bundle_.ngrams[number], lines, scores);
        memory_ngram(bundle_.ngrams[number], lines, scores);
        return scores;
    }

private:
    // Of the chords of a piece those who remember the piece alone know nothing: to be beside them,
    // the networks are not told either.
    enum class Told : std::uint8_t { no_chords, chords };
    [[nodiscard]] Classroom room(Told told) const {
        return {bundle_.vocabulary, device_, options_.threads, told == Told::chords};
    }

    void first_phase(nn::Phase1& network, const Lines& lines, GenreScores& scores) {
        MeanCrossEntropy loss;
        double squares = 0.0;
        teach_phase1(network, lines, room(Told::no_chords),
                     [&](const Tensor& log_probabilities, const Tensor& targets) {
                         loss(log_probabilities, targets);
                         const Tensor p = log_probabilities.exp();
                         const Tensor of_truth = p.gather(1, targets.unsqueeze(1));
                         // |p - onehot|^2 = |p|^2 - 2 p(truth) + 1
                         squares += (p.square().sum() - 2.0 * of_truth.sum()).item<double>() +
                                    static_cast<double>(targets.size(0));
                     });
        scores.phase1.cross_entropy = loss.mean();
        scores.phase1.mse = squares / static_cast<double>(scores.events) /
                            static_cast<double>(bundle_.vocabulary.size());
    }

    void second_phase(nn::Phase1& proposer, std::size_t number, const Lines& lines,
                      GenreScores& scores) {
        MeanCrossEntropy loss;
        F1 event{bundle_.vocabulary.size()}, pitch{marginals_.pitch.classes},
            duration{marginals_.duration.classes};
        MeanCrossEntropy under_chords;
        teach_phase2(proposer, phase2_, number, lines, room(Told::chords), std::ref(under_chords));
        scores.phase2.cross_entropy_under_chords = under_chords.mean();
        teach_phase2(proposer, phase2_, number, lines, room(Told::no_chords),
                     [&](const Tensor& log_probabilities, const Tensor& targets) {
                         loss(log_probabilities, targets);
                         const Tensor p = log_probabilities.exp();
                         count(event, targets, p.argmax(1), nullptr);
                         count(pitch, targets, p.mm(marginals_.pitch.sum).argmax(1),
                               &marginals_.pitch);
                         count(duration, targets, p.mm(marginals_.duration.sum).argmax(1),
                               &marginals_.duration);
                     });
        scores.phase2.cross_entropy = loss.mean();
        scores.phase2.f1_event_weighted = event.weighted();
        scores.phase2.f1_event_macro = event.macro();
        scores.phase2.f1_pitch_weighted = pitch.weighted();
        scores.phase2.f1_pitch_macro = pitch.macro();
        scores.phase2.f1_duration_weighted = duration.weighted();
    }

    void ngram(const NgramModel& model, const Lines& lines, GenreScores& scores) {
        std::mutex one_at_a_time;
        F1 pitch{marginals_.pitch.classes};
        double sum = 0.0;
        for_each_index(lines.size(), options_.threads, [&](std::size_t n) {
            const std::vector<EventId>& events = lines[n]->line.events;
            std::vector<float> p(bundle_.vocabulary.size());
            std::vector<float> pitches(marginals_.pitch.classes);
            std::vector<std::size_t> said;
            double loss = 0.0;
            for (std::size_t i = 0; i < events.size(); ++i) {
                model.distribution(std::span{events}.first(i), p);
                loss -= std::log(static_cast<double>(p[events[i]]));
                std::fill(pitches.begin(), pitches.end(), 0.0F);
                for (std::size_t e = 0; e < p.size(); ++e) pitches[marginals_.pitch.of[e]] += p[e];
                said.push_back(static_cast<std::size_t>(
                    std::max_element(pitches.begin(), pitches.end()) - pitches.begin()));
            }
            const std::lock_guard lock{one_at_a_time};
            sum += loss;
            for (std::size_t i = 0; i < events.size(); ++i)
                pitch.add(marginals_.pitch.of[events[i]], said[i]);
        });
        scores.ngram5.cross_entropy = sum / static_cast<double>(scores.events);
        scores.ngram5.f1_pitch_weighted = pitch.weighted();
    }

    void memory_ngram(const NgramModel& model, const Lines& lines, GenreScores& scores) {
        std::vector<double> losses(lines.size());
        for_each_index(lines.size(), options_.threads, [&](std::size_t n) {
            losses[n] = cross_entropy(model, bundle_.vocabulary, lines[n]->line.events);
        });
        scores.ngram_memory.cross_entropy =
            std::accumulate(losses.begin(), losses.end(), 0.0) / static_cast<double>(scores.events);
    }

    const EvaluateOptions& options_;
    const Bundle& bundle_;
    torch::Device device_;
    Marginals marginals_;
    nn::Phase2 phase2_;
};

// Adds `from`, as a part of 1 / `parts`.
void add_to_mean(GenreScores& mean, const GenreScores& from, double parts) {
    mean.pieces += from.pieces;
    mean.events += from.events;
    const auto add = [parts](double& to, double value) { to += value / parts; };
    add(mean.phase1.mse, from.phase1.mse);
    add(mean.phase1.cross_entropy, from.phase1.cross_entropy);
    add(mean.phase2.cross_entropy, from.phase2.cross_entropy);
    add(mean.phase2.cross_entropy_under_chords, from.phase2.cross_entropy_under_chords);
    add(mean.phase2.f1_event_weighted, from.phase2.f1_event_weighted);
    add(mean.phase2.f1_event_macro, from.phase2.f1_event_macro);
    add(mean.phase2.f1_pitch_weighted, from.phase2.f1_pitch_weighted);
    add(mean.phase2.f1_pitch_macro, from.phase2.f1_pitch_macro);
    add(mean.phase2.f1_duration_weighted, from.phase2.f1_duration_weighted);
    add(mean.ngram5.cross_entropy, from.ngram5.cross_entropy);
    add(mean.ngram5.f1_pitch_weighted, from.ngram5.f1_pitch_weighted);
    add(mean.ngram_memory.cross_entropy, from.ngram_memory.cross_entropy);
}

Result<DataSet> read_pieces(const EvaluateOptions& options, const Bundle& bundle,
                            Progress& progress) {
    PrepareOptions how;
    how.vocabulary = &bundle.vocabulary;
    how.progress = [&progress](std::size_t done, std::size_t total) {
        progress.show("reading", static_cast<double>(done) / static_cast<double>(total),
                      std::chrono::seconds{0}, fmt::format("{} of {} files", done, total));
    };
    if (options.pieces == Pieces::test) {
        const auto seed = split_seed_of(bundle, options.bundle.string());
        if (!seed) return tl::unexpected{seed.error()};
        how.split_seed = *seed;
    }
    return prepare(options.data, how);
}

// `data`: the pieces that were scored, which the bundle has not learned from.
Status judge_music(const EvaluateOptions& options, const Bundle& bundle, const DataSet& data,
                   Progress& progress, Evaluation& evaluation) {
    if (options.training.empty() && options.pieces != Pieces::test)
        return fail(Error::Code::out_of_range,
                    "--music needs the training pieces: name their corpus with --training DIR, or "
                    "evaluate it with --split test");
    const auto corpus = read_corpus_of(bundle, options.bundle.string(),
                                       options.training.empty() ? options.data : options.training);
    if (!corpus) return tl::unexpected{corpus.error()};
    RealLines real = real_lines(*corpus, bundle);
    // What is scored may be of another folder.
    real.held_out = lines_of(data, bundle, [&](const Piece& piece) {
        return options.pieces == Pieces::all || piece.split == Split::test;
    });
    MusicSettings settings = options.music_settings;
    settings.device = options.device;
    settings.threads = options.threads;
    auto music = options.music == Music::told_apart
                     ? evaluate_told_apart_only(bundle, real, settings, progress)
                     : evaluate_music(bundle, real, settings, progress);
    if (!music) return tl::unexpected{music.error()};
    evaluation.music = std::move(*music);
    return {};
}

nlohmann::ordered_json describe(const Bundle& bundle, const std::filesystem::path& file) {
    auto record = nlohmann::ordered_json::parse(bundle.record, nullptr, false);
    if (!record.is_object()) record = nlohmann::ordered_json::object();
    auto strong = nlohmann::ordered_json::array();
    const auto pieces = record.value("pieces", nlohmann::ordered_json::object());
    for (const std::string& genre : bundle.genres)
        if (pieces.contains(genre) && pieces[genre].is_object() &&
            pieces[genre].value("training", std::size_t{0}) >= kStrongGenre)
            strong.push_back(genre);
    return {{"name", file.filename().string()},
            {"genres", bundle.genres},
            {"vocabulary", bundle.vocabulary.size()},
            {"strong", strong},
            {"record", record}};
}

Result<Evaluation> score(const EvaluateOptions& options, const Bundle& bundle, const DataSet& data,
                         torch::Device device, Progress& progress) {
    Evaluation evaluation;
    Evaluator evaluator{options, bundle, device};
    const bool scored = options.music != Music::told_apart;
    for (std::size_t g = 0; g < data.genres.size() && scored; ++g) {
        const auto known = std::find(bundle.genres.begin(), bundle.genres.end(), data.genres[g]);
        if (known == bundle.genres.end()) {
            evaluation.unknown_genres.push_back(data.genres[g]);
            continue;
        }
        Lines lines;
        for (const Piece& piece : data.pieces)
            if (piece.genre == g && piece.line.size() > 0 &&
                (options.pieces == Pieces::all || piece.split == Split::test))
                lines.push_back(&piece);
        if (lines.empty()) continue;
        progress.show("evaluating",
                      static_cast<double>(g) / static_cast<double>(data.genres.size()),
                      std::chrono::seconds{0}, data.genres[g]);
        evaluation.genres.push_back(
            evaluator.genre(static_cast<std::size_t>(known - bundle.genres.begin()), lines));
    }
    if (scored && evaluation.genres.empty())
        return fail(Error::Code::out_of_range,
                    fmt::format("no piece in {} is of a genre that {} knows ({}): its folders must "
                                "bear the genres' names",
                                options.data.string(), options.bundle.string(),
                                fmt::join(bundle.genres, ", ")));
    for (const GenreScores& scores : evaluation.genres)
        add_to_mean(evaluation.mean, scores, static_cast<double>(evaluation.genres.size()));
    evaluation.mean.genre = "mean";
    evaluation.bundle = describe(bundle, options.bundle);
    if (options.music != Music::leave_out)
        if (Status judged = judge_music(options, bundle, data, progress, evaluation); !judged)
            return tl::unexpected{judged.error()};
    return evaluation;
}

}  // namespace

Result<Evaluation> evaluate(const EvaluateOptions& options, Progress& progress) {
    auto bundle = load_networks(options.bundle);
    if (!bundle) return tl::unexpected{bundle.error()};
    if (bundle->ngrams.size() != bundle->genres.size())
        return fail(
            Error::Code::malformed,
            fmt::format("{} has n-gram tables for {} genres, not for all {}: train it again",
                        options.bundle.string(), bundle->ngrams.size(), bundle->genres.size()));
    const auto device = pick_device(options.device);
    if (!device) return tl::unexpected{device.error()};
    auto data = read_pieces(options, *bundle, progress);
    if (!data) return tl::unexpected{data.error()};
    use_one_thread_per_product();
    try {
        return score(options, *bundle, *data, *device, progress);
    } catch (const std::exception& error) {
        return fail(Error::Code::unavailable, fmt::format("LibTorch failed: {}", error.what()));
    }
}

}  // namespace fusion::train
