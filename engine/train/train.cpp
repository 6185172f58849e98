#include "engine/train/train.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <torch/utils.h>
#include <torch/version.h>
#include <algorithm>
#include <ctime>

#include "engine/model/bundle.hpp"
#include "engine/nn/blas_threads.hpp"
#include "engine/nn/networks.hpp"
#include "engine/train/accents_fit.hpp"
#include "engine/train/internal/device.hpp"
#include "engine/train/internal/phases.hpp"
#include "engine/train/ngrams.hpp"

namespace fusion::train {

namespace {

using Clock = std::chrono::steady_clock;
using Seconds = std::chrono::duration<double>;

constexpr const char* kLicenceNote =
    "Weights trained on the corpus of this digest; the licences of its sources are listed in "
    "engine/models/MODEL.md.";

struct PhaseValues {
    int epochs, patience;
    double learning_rate, dropout;
    std::size_t batch;   // windows
    std::size_t window;  // events
};

struct PresetValues {
    PhaseValues common;  // one phase-1 network on everything, which the genres' set out from
    PhaseValues phase1, phase2;
    bool decay;
};

PresetValues values_of(const TrainOptions& options) {
    PresetValues values = options.preset == Preset::paper
                              ? PresetValues{{50, 5, 0.001, 0.0, 32, 64},
                                             {100, 5, 0.001, 0.0, 32, 64},
                                             {200, 10, 0.001, 0.0, 10, 128},
                                             false}
                              : PresetValues{{10, 3, 0.001, 0.2, 32, 96},
                                             {12, 3, 0.0006, 0.2, 32, 96},
                                             {6, 6, 0.0007, 0.3, 16, 128},
                                             true};
    if (options.epochs1 > 0) {
        values.common.epochs = std::max(2, options.epochs1 / 2);
        values.phase1.epochs = options.epochs1;
    }
    if (options.epochs2 > 0) values.phase2.epochs = options.epochs2;
    return values;
}

class Training {
public:
    Training(const DataSet& data, const TrainOptions& options, const StopFlag& stop,
             Progress& progress, torch::Device device, const Bundle* from)
        : data_{data},
          options_{options},
          stop_{stop},
          progress_{progress},
          from_{from},
          values_{values_of(options)},
          setting_{data.vocabulary, device, options.threads, options.seed} {}

    Result<TrainEnd> run() {
        torch::manual_seed(options_.seed);
        auto fitted = fit_ngrams(data_);
        progress_.say("n-grams fitted");
        ngrams_ = std::move(fitted.models);
        record_["ngram_strengths"] = fitted.strengths;
        accents();

        auto end = all_of_phase1();
        if (!end || *end == TrainEnd::stopped) return end;
        return phase2();
    }

private:
    void accents() {
        const FittedAccents fitted = fit_accents(data_);
        const auto scores = score_accents(fitted.model, data_, Split::test);
        for (std::size_t g = 0; g < fitted.material.size(); ++g) {
            const AccentMaterial& from = fitted.material[g];
            record_["accents"][data_.genres[g]] = {
                {"from", from.own ? "own" : "all genres"},  {"played_lines", from.played_lines},
                {"played_notes", from.played_notes},        {"real_spread", from.real_spread},
                {"model_spread", from.model_spread},        {"test_notes", scores[g].notes},
                {"test_correlation", scores[g].correlation}};
        }
        accents_ = fitted.model;
        progress_.say("accents fitted");
    }

    Result<TrainEnd> all_of_phase1() {
        if (from_ != nullptr) return on_with_phase1();
        // One network on everything first: the small genres start from what all have in common, and
        // the large ones are ready sooner.
        nn::Phase1 common(data_.vocabulary);
        common->to(setting_.device);
        auto end = phase1(common, "all", std::nullopt, values_.common);
        if (!end || *end == TrainEnd::stopped) return end;
        for (std::size_t g = 0; g < data_.genres.size(); ++g) {
            nn::Phase1 network(data_.vocabulary);
            network->to(setting_.device);
            copy_weights(*common, *network);
            end = phase1(network, data_.genres[g], g, values_.phase1);
            if (!end || *end == TrainEnd::stopped) return end;
            phase1_.push_back(network);
        }
        return TrainEnd::done;
    }

    Result<TrainEnd> on_with_phase1() {
        for (std::size_t g = 0; g < data_.genres.size(); ++g) {
            auto network = nn::import_phase1(from_->tensors, data_.genres[g], data_.vocabulary);
            network->to(setting_.device);
            auto end = phase1(network, data_.genres[g], g, values_.phase1);
            if (!end || *end == TrainEnd::stopped) return end;
            phase1_.push_back(network);
        }
        return TrainEnd::done;
    }

    void set(const PhaseValues& values) {
        setting_.dropout = values.dropout;
        setting_.batch = values.batch;
        setting_.window = values.window;
    }

    Result<TrainEnd> phase1(nn::Phase1& network, const std::string& name,
                            std::optional<std::size_t> genre, const PhaseValues& values) {
        set(values);
        auto training = pieces_of(data_, Split::training, genre);
        auto validation = pieces_of(data_, Split::validation, genre);
        // A genre of a handful of pieces may have no validation piece; its training then runs
        // without the early stop, on the few epochs it has.
        if (validation.empty()) validation = training;
        FitPlan plan = plan_for("phase 1, " + name, "phase1-" + name, values);
        // A genre of few lines is approached in small steps, or it is learned by heart in one
        // epoch.
        if (genre && values_.decay)
            plan.learning_rate *=
                std::clamp(static_cast<double>(training.size()) / kStrongGenre, 0.15, 1.0);
        if (options_.minutes > 0.0) plan.deadline = phase1_deadline(training);
        Phase1Task task{network, training, std::move(validation), setting_, genre ? *genre + 1 : 0};
        auto outcome = fit(task, plan, stop_, progress_);
        if (!outcome) return tl::unexpected{outcome.error()};
        record_["phase1"][name] = {{"validation_cross_entropy", outcome->best},
                                   {"history", outcome->history}};
        return outcome->end == FitEnd::stopped ? TrainEnd::stopped : TrainEnd::done;
    }

    // Phase 1 has a quarter of the time; each network its share of that by its events (the common
    // one is counted like a genre that holds them all, with fewer epochs).
    Clock::time_point phase1_deadline(const std::vector<const Piece*>& training) {
        const auto count = [](const std::vector<const Piece*>& pieces) {
            double events = 0.0;
            for (const Piece* piece : pieces) events += static_cast<double>(piece->line.size());
            return events;
        };
        const double all = 2.0 * count(pieces_of(data_, Split::training, std::nullopt));
        phase1_events_ += count(training);
        const Seconds share{options_.minutes * 60.0 * 0.25 * phase1_events_ / all};
        return start_ + std::chrono::duration_cast<Clock::duration>(share);
    }

    Result<TrainEnd> phase2() {
        set(values_.phase2);
        setting_.expert_dropout = values_.phase1.dropout;
        const auto genres = data_.genres.size();
        nn::Phase2 network = from_ != nullptr
                                 ? nn::import_phase2(from_->tensors, genres, data_.vocabulary)
                                 : nn::Phase2(static_cast<std::int64_t>(genres), data_.vocabulary);
        network->to(setting_.device);
        FitPlan plan = plan_for("phase 2", "phase2", values_.phase2);
        if (options_.minutes > 0.0)
            // The last validation and the writing take their time too.
            plan.deadline = start_ + std::chrono::duration_cast<Clock::duration>(
                                         Seconds{options_.minutes * 60.0 * 0.97});
        Phase2Task task{network, phase1_, data_, setting_, [&](const nlohmann::json& history) {
                            record_["phase2"]["history"] = history;
                            return write(network);
                        }};
        auto outcome = fit(task, plan, stop_, progress_);
        if (!outcome) return tl::unexpected{outcome.error()};
        if (outcome->end == FitEnd::stopped) return TrainEnd::stopped;
        record_["phase2"] = {{"validation_cross_entropy", outcome->best},
                             {"history", outcome->history}};
        if (Status written = write(network); !written) return tl::unexpected{written.error()};
        return TrainEnd::done;
    }

    FitPlan plan_for(const std::string& name, const std::string& file, const PhaseValues& values) {
        FitPlan plan;
        plan.name = name;
        plan.epochs = values.epochs;
        plan.patience = values.patience;
        plan.learning_rate = values.learning_rate;
        plan.decay = values_.decay;
        plan.shards = options_.threads;
        plan.start = Clock::now();
        plan.fingerprint = fmt::format(
            "{} seed {} split {} genres {} vocabulary {} preset {} shards {} from {}", data_.digest,
            options_.seed, data_.split_seed, fmt::join(data_.genres, "+"), data_.vocabulary.size(),
            options_.preset == Preset::paper ? "paper" : "best", options_.threads,
            options_.from.filename().string());
        if (!options_.work.empty()) plan.checkpoint = options_.work / (file + ".pt");
        return plan;
    }

    static void copy_weights(torch::nn::Module& from, torch::nn::Module& to) {
        torch::NoGradGuard no_grad;
        auto source = from.parameters();
        auto target = to.parameters();
        for (std::size_t i = 0; i < source.size(); ++i) target[i].copy_(source[i]);
    }

    Status write(nn::Phase2& network) {
        // What `suit` and `start` have given it stays.
        Bundle bundle = from_ != nullptr ? *from_ : Bundle{};
        bundle.genres = data_.genres;
        bundle.vocabulary = data_.vocabulary;
        bundle.tensors.clear();
        bundle.ngrams = ngrams_;
        bundle.accents = accents_;
        for (std::size_t g = 0; g < data_.genres.size(); ++g)
            nn::export_phase1(phase1_[g], data_.genres[g], bundle.tensors);
        nn::export_phase2(network, bundle.tensors);
        bundle.record = record().dump(2);
        Status saved = save_bundle(bundle, options_.out, TensorPrecision::f16);
        if (saved) progress_.say(fmt::format("wrote {}", options_.out.string()));
        if (saved && progress_.onlooker() != nullptr) progress_.onlooker()->wrote(options_.out);
        return saved;
    }

    nlohmann::json record() const {
        nlohmann::json record = nlohmann::json::object();
        if (from_ != nullptr) record = nlohmann::json::parse(from_->record, nullptr, false);
        if (!record.is_object()) record = nlohmann::json::object();
        record.update(record_);
        record["corpus_digest"] = data_.digest;
        record["split_seed"] = data_.split_seed;
        record["seed"] = options_.seed;
        record["preset"] = options_.preset == Preset::paper ? "paper" : "best";
        record["licence"] = options_.licence_note.empty() ? kLicenceNote : options_.licence_note;
        record["command"] = options_.command;
        record["libtorch"] = TORCH_VERSION;
        record["made"] = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
        for (std::size_t g = 0; g < data_.genres.size(); ++g) {
            const auto pieces = [&](Split split) { return pieces_of(data_, split, g).size(); };
            record["pieces"][data_.genres[g]] = {{"training", pieces(Split::training)},
                                                 {"validation", pieces(Split::validation)},
                                                 {"test", pieces(Split::test)}};
        }
        return record;
    }

    const DataSet& data_;
    const TrainOptions& options_;
    const StopFlag& stop_;
    Progress& progress_;
    const Bundle* from_;  // none: from nothing
    PresetValues values_;
    Setting setting_;
    Clock::time_point start_ = Clock::now();
    double phase1_events_ = 0.0;
    std::vector<nn::Phase1> phase1_;
    std::vector<NgramModel> ngrams_;
    AccentModel accents_;
    nlohmann::json record_;
};

// Its networks know this corpus' events and genres, in this order.
Status check_from(const Bundle& bundle, const std::filesystem::path& file, const DataSet& data) {
    if (bundle.genres != data.genres)
        return fail(
            Error::Code::malformed,
            fmt::format("--from {}: it has the genres {}, the corpus {}: name them with "
                        "--genres",
                        file.string(), fmt::join(bundle.genres, ","), fmt::join(data.genres, ",")));
    if (!std::ranges::equal(bundle.vocabulary.events(), data.vocabulary.events()))
        return fail(Error::Code::malformed,
                    fmt::format("--from {}: it was made with another vocabulary; train on with the "
                                "corpus, --split-seed and --vocabulary that it was made with",
                                file.string()));
    return {};
}

Status check(const DataSet& data) {
    if (data.genres.size() > kMaxGenres)
        return fail(Error::Code::out_of_range,
                    fmt::format("{} genres, but a bundle holds at most {}: choose with --genres",
                                data.genres.size(), kMaxGenres));
    for (std::size_t g = 0; g < data.genres.size(); ++g)
        if (pieces_of(data, Split::training, g).empty())
            return fail(Error::Code::out_of_range,
                        fmt::format("the genre {} has no piece to train on (all were rejected, or "
                                    "there are too few): add some, or leave it out with --genres",
                                    data.genres[g]));
    if (data.genres.empty())
        return fail(Error::Code::not_found,
                    "no genre to train on: the data folder wants one folder of MIDI files each");
    return {};
}

}  // namespace

Result<TrainEnd> train(const DataSet& data, const TrainOptions& options, const StopFlag& stop,
                       Progress& progress) {
    if (Status checked = check(data); !checked) return tl::unexpected{checked.error()};
    auto device = pick_device(options.device);
    if (!device) return tl::unexpected{device.error()};
    std::optional<Bundle> from;
    if (!options.from.empty()) {
        auto loaded = load_networks(options.from);
        if (!loaded) return tl::unexpected{loaded.error()};
        if (Status fits = check_from(*loaded, options.from, data); !fits)
            return tl::unexpected{fits.error()};
        from = std::move(*loaded);
    }
    std::error_code problem;
    if (!options.work.empty()) std::filesystem::create_directories(options.work, problem);
    if (problem)
        return fail(Error::Code::io, fmt::format("cannot make the folder {}: {}",
                                                 options.work.string(), problem.message()));
    use_one_thread_per_product();
    TrainOptions adjusted = options;
    // A GPU computes the shards one after the other anyway.
    adjusted.threads = device->is_cuda() ? 1 : std::max<std::size_t>(options.threads, 1);
    return Training{data, adjusted, stop, progress, *device, from ? &*from : nullptr}.run();
}

}  // namespace fusion::train
