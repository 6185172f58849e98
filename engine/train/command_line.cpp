#include "engine/train/command_line.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <CLI/CLI.hpp>

#include "engine/base/log.hpp"
#include "engine/base/whole_file.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/corpus/line_text.hpp"
#include "engine/corpus/table.hpp"
#include "engine/model/bundle.hpp"
#include "engine/nn/keep_genres.hpp"
#include "engine/nn/networks.hpp"
#include "engine/train/band.hpp"
#include "engine/train/band_text.hpp"
#include "engine/train/evaluate.hpp"
#include "engine/train/evaluation_text.hpp"
#include "engine/train/report/report.hpp"
#include "engine/train/suit.hpp"
#include "engine/train/train.hpp"

namespace fusion::train {

namespace {

// After SIGTERM or SIGINT: the work is saved and goes on when the same command is given again.
constexpr int kExitStopped = 75;  // EX_TEMPFAIL

StopFlag stop_requested{false};
static_assert(StopFlag::is_always_lock_free, "set from a signal");

void request_stop(int) { stop_requested.store(true, std::memory_order_relaxed); }

int complain(const Error& error) {
    fmt::print(stderr, "fusion-train: {}\n", error.message);
    return EXIT_FAILURE;
}

Result<DataSet> read_corpus(const std::filesystem::path& folder, PrepareOptions options,
                            Progress& progress) {
    options.progress = [&progress](std::size_t done, std::size_t total) {
        progress.show("reading", static_cast<double>(done) / static_cast<double>(total),
                      std::chrono::seconds{0}, fmt::format("{} of {} files", done, total));
    };
    auto data = prepare(folder, options);
    progress.say(data ? fmt::format("read {} pieces", data->pieces.size()) : "");
    return data;
}

// Reads the corpus with a vocabulary and a split of its own, and prints its table.
Result<DataSet> corpus_to_learn(const TrainOptions& options, std::uint64_t split_seed,
                                Progress& progress) {
    PrepareOptions how;
    how.genres = options.genres;
    how.split_seed = split_seed;
    how.vocabulary_size = options.vocabulary_size;
    auto data = read_corpus(options.data, how, progress);
    if (!data) return data;
    fmt::print("{}", describe(*data));
    std::fflush(stdout);  // before the progress of what follows
    return data;
}

int run_prepare(const TrainOptions& options, std::uint64_t split_seed, const std::string& show) {
    Progress progress;
    const auto data = corpus_to_learn(options, split_seed, progress);
    if (!data) return complain(data.error());
    if (show.empty()) return EXIT_SUCCESS;
    bool found = false;
    for (const Piece& piece : data->pieces) {
        if (piece.name.find(show) == std::string::npos) continue;
        found = true;
        fmt::print("\n{}", describe_line(piece, data->vocabulary));
    }
    if (found) return EXIT_SUCCESS;
    fmt::print(stderr, "fusion-train: --show {}: no piece that can be used has that in its name\n",
               show);
    return EXIT_FAILURE;
}

Result<TrainEnd> prepare_and_train(const TrainOptions& options, std::uint64_t split_seed,
                                   Progress& progress) {
    const auto data = corpus_to_learn(options, split_seed, progress);
    if (!data) return tl::unexpected{data.error()};
    return train(*data, options, stop_requested, progress);
}

int run_train(const TrainOptions& options, std::uint64_t split_seed, Onlooker* onlooker) {
    std::signal(SIGTERM, request_stop);
    std::signal(SIGINT, request_stop);
    Progress progress;
    progress.shown_to(onlooker);
    const auto end = prepare_and_train(options, split_seed, progress);
    if (onlooker != nullptr)
        onlooker->ended(!end ? end.error().message : *end == TrainEnd::done ? "done" : "stopped");
    if (!end) return complain(end.error());
    if (*end == TrainEnd::done) return EXIT_SUCCESS;
    progress.say(options.work.empty()
                     ? "stopped; nothing was kept, because no --work folder was given"
                     : "stopped and saved; the same command goes on from here");
    return kExitStopped;
}

int run_evaluate(const EvaluateOptions& options, bool as_json) {
    // A generator says at its making how quick it is; here dozens are made.
    log::set_level(log::Level::warning);
    Progress progress;
    const auto evaluation = evaluate(options, progress);
    if (!evaluation) return complain(evaluation.error());
    for (const std::string& genre : evaluation->unknown_genres)
        progress.say(fmt::format("{}: skipped, the bundle does not know this genre", genre));
    fmt::print("{}\n", as_json ? to_json(*evaluation) : to_table(*evaluation));
    return EXIT_SUCCESS;
}

int run_keep(const std::filesystem::path& file, const std::vector<std::string>& genres,
             const std::filesystem::path& out) {
    const auto bundle = load_networks(file);
    if (!bundle) return complain(bundle.error());
    const auto kept = keep_genres(*bundle, genres);
    if (!kept) return complain(kept.error());
    if (Status saved = save_bundle(*kept, out, TensorPrecision::f16); !saved)
        return complain(saved.error());
    fmt::print("{}: {}\n", out.string(), fmt::join(kept->genres, ", "));
    return EXIT_SUCCESS;
}

int run_suit(const std::filesystem::path& file, const std::filesystem::path& folder,
             const std::filesystem::path& out, const SuitOptions& how) {
    log::set_level(log::Level::warning);
    Progress progress;
    auto bundle = load_networks(file);
    if (!bundle) return complain(bundle.error());
    const auto corpus = read_corpus_of(*bundle, file.string(), folder);
    if (!corpus) return complain(corpus.error());
    if (Status suited = suit(*bundle, *corpus, how, progress); !suited)
        return complain(suited.error());
    if (Status saved = save_bundle(*bundle, out, TensorPrecision::f16); !saved)
        return complain(saved.error());
    return EXIT_SUCCESS;
}

int run_band(const std::filesystem::path& file, const std::filesystem::path& folder,
             const std::filesystem::path& written, const std::filesystem::path& out,
             std::size_t threads) {
    Progress progress;
    auto bundle = load_bundle(file);
    if (!bundle) return complain(bundle.error());
    const auto bands =
        written.empty() ? Result<WrittenBands>{WrittenBands{}} : read_written(written);
    if (!bands) return complain(bands.error());
    const auto corpus = read_corpus_of(*bundle, file.string(), folder);
    if (!corpus) return complain(corpus.error());
    if (Status given = give_band(*bundle, *corpus, folder, *bands, threads, progress); !given)
        return complain(given.error());
    if (Status saved = save_bundle(*bundle, out, TensorPrecision::f16); !saved)
        return complain(saved.error());
    fmt::print("{}", band_as_table(*bundle));
    return EXIT_SUCCESS;
}

int run_print_band(const std::filesystem::path& file) {
    const auto bundle = load_bundle(file);
    if (!bundle) return complain(bundle.error());
    if (bundle->band.empty())
        return complain(
            {Error::Code::not_found,
             fmt::format("{} has no band: `fusion-train band` gives it one", file.string())});
    fmt::print("{}\n{}", band_as_text(*bundle), band_as_table(*bundle));
    return EXIT_SUCCESS;
}

// "classical=10": into `start`, by the bundle's genres.
Status name_weight(const std::string& word, const Bundle& bundle, std::vector<float>& start) {
    const auto equals = word.find('=');
    const auto genre =
        std::find(bundle.genres.begin(), bundle.genres.end(), word.substr(0, equals));
    float weight = -1.0F;
    if (equals != std::string::npos)
        std::from_chars(word.data() + equals + 1, word.data() + word.size(), weight);
    if (genre == bundle.genres.end() || !(weight >= 0.0F && weight <= kMaxGenreWeight))
        return fail(Error::Code::out_of_range,
                    fmt::format("{}: a genre of the bundle ({}), = and a weight from 0 to 10", word,
                                fmt::join(bundle.genres, ", ")));
    start[static_cast<std::size_t>(genre - bundle.genres.begin())] = weight;
    return {};
}

int run_start(const std::filesystem::path& file, const std::vector<std::string>& weights,
              const std::filesystem::path& out) {
    auto bundle = load_bundle(file);
    if (!bundle) return complain(bundle.error());
    bundle->start.assign(bundle->genres.size(), 0.0F);
    for (const std::string& word : weights)
        if (Status named = name_weight(word, *bundle, bundle->start); !named)
            return complain(named.error());
    if (std::all_of(bundle->start.begin(), bundle->start.end(), [](float w) { return w <= 0.0F; }))
        return complain({Error::Code::out_of_range, "--weight: one of them must be above 0"});
    if (Status saved = save_bundle(*bundle, out, TensorPrecision::f16); !saved)
        return complain(saved.error());
    return EXIT_SUCCESS;
}

int run_report(const std::vector<std::filesystem::path>& files, const std::filesystem::path& out) {
    constexpr std::size_t kMostBytes = std::size_t{64} << 20;
    std::vector<ReportInput> inputs;
    for (const auto& file : files) {
        const auto bytes = read_file(file, kMostBytes);
        if (!bytes) return complain(bytes.error());
        auto json = nlohmann::json::parse(bytes->begin(), bytes->end(), nullptr, false);
        if (json.is_discarded())
            return complain({Error::Code::malformed,
                             fmt::format("{} is no JSON: give what `fusion-train evaluate --json` "
                                         "printed",
                                         file.string())});
        inputs.push_back({file.filename().string(), std::move(json)});
    }
    const auto page = report_html(inputs);
    if (!page) return complain(page.error());
    if (auto written = write_file(out, *page); !written) return complain(written.error());
    fmt::print("{}: {} bytes\n", out.string(), page->size());
    return EXIT_SUCCESS;
}

// "9702", or "true" where only --serve was said.
Result<std::uint16_t> port_in(const std::string& said) {
    constexpr std::uint16_t kUsual = 9702;
    if (said == "true") return kUsual;
    std::uint16_t port = 0;
    const auto [end, error] = std::from_chars(said.data(), said.data() + said.size(), port);
    if (error != std::errc{} || end != said.data() + said.size())
        return fail(Error::Code::out_of_range,
                    fmt::format("--serve {}: a port, 0 for any free one, to 65535", said));
    return port;
}

}  // namespace

int command_line(int argc, char** argv, const Serve& serve) {
    CLI::App app{"Trains the networks of fusiond from folders of MIDI files, one folder per genre",
                 "fusion-train"};
    app.set_version_flag("--version", FUSION_VERSION);
    app.require_subcommand(1);
    app.option_defaults()->always_capture_default();

    TrainOptions options;
    std::uint64_t split_seed = 1;
    const auto corpus_options = [&](CLI::App* command) {
        command
            ->add_option("--data", options.data, "Folder with one folder of MIDI files per genre")
            ->required();
        command->add_option("--genres", options.genres, "Only these genres (a,b,...)")
            ->delimiter(',');
        command->add_option("--split-seed", split_seed, "Seed of the 70/30 split by piece");
        command->add_option("--vocabulary", options.vocabulary_size, "Events in the vocabulary")
            ->check(CLI::Range(std::size_t{32}, Vocabulary::kMaxSize));
    };
    // Words for enums of ints: CLI11 would print the values of a narrower one as characters.
    const std::map<std::string, Device> devices{
        {"auto", Device::automatic}, {"cpu", Device::cpu}, {"cuda", Device::cuda}};
    const auto threads = CLI::Range(std::size_t{1}, std::size_t{256});

    CLI::App* prepare = app.add_subcommand("prepare", "Read the corpus and say what is in it");
    corpus_options(prepare);
    std::string show;
    prepare->add_option("--show", show, "Print the lines of pieces with this in their name");

    CLI::App* training = app.add_subcommand("train", "Train both phases and write a bundle");
    corpus_options(training);
    training->add_option("--out", options.out, "The bundle to write")->required();
    training->add_option("--from", options.from,
                         "A bundle of this corpus whose networks are trained on");
    training->add_option("--work", options.work, "Folder for checkpoints; resumes from them");
    const std::map<std::string, Preset> presets{{"paper", Preset::paper}, {"best", Preset::best}};
    training->add_option("--preset", options.preset, "paper or best")
        ->transform(CLI::CheckedTransformer(presets, CLI::ignore_case))
        ->default_str("best");
    training->add_option("--epochs1", options.epochs1, "Most epochs of phase 1; 0: the preset's")
        ->check(CLI::Range(0, 100000));
    training->add_option("--epochs2", options.epochs2, "Most epochs of phase 2; 0: the preset's")
        ->check(CLI::Range(0, 100000));
    training->add_option("--threads", options.threads, "Threads on a CPU")->check(threads);
    training->add_option("--device", options.device, "auto, cpu or cuda")
        ->transform(CLI::CheckedTransformer(devices, CLI::ignore_case))
        ->default_str("auto");
    training->add_option("--minutes", options.minutes, "Be done within this time; 0: no limit")
        ->check(CLI::NonNegativeNumber);
    training->add_option("--seed", options.seed, "Seed of weights, windows and dropout");
    std::string served_at;
    training
        ->add_option("--serve", served_at,
                     "Show the training on a page of this machine, at this port (9702)")
        ->expected(0, 1);
    training->add_option("--licence-note", options.licence_note, "For the bundle's record");

    CLI::App* evaluation = app.add_subcommand("evaluate", "Measure a bundle on real pieces");
    EvaluateOptions how;
    bool as_json = false;
    evaluation->add_option("--data", how.data, "Folder with one folder of MIDI files per genre")
        ->required();
    evaluation->add_option("--bundle", how.bundle, "The bundle to measure")->required();
    const std::map<std::string, Pieces> pieces{{"all", Pieces::all}, {"test", Pieces::test}};
    evaluation
        ->add_option("--split", how.pieces,
                     "all: every piece in --data; test: the 30% that training has not seen")
        ->transform(CLI::CheckedTransformer(pieces, CLI::ignore_case))
        ->default_str("all");
    evaluation->add_option("--threads", how.threads, "Threads on a CPU")->check(threads);
    evaluation->add_option("--device", how.device, "auto, cpu or cuda")
        ->transform(CLI::CheckedTransformer(devices, CLI::ignore_case))
        ->default_str("auto");
    evaluation->add_flag("--json", as_json, "One JSON object instead of a table");
    bool with_music = false, with_apart = false;
    evaluation->add_flag("--music", with_music,
                         "Also compose with the bundle and judge what it plays (minutes)");
    evaluation->add_flag("--told-apart", with_apart,
                         "Of --music only how well what it plays is told from real pieces");
    evaluation
        ->add_option("--temperature", how.music_settings.sampling.temperature,
                     "For --music: what is composed with, where it is not as a performer starts")
        ->check(CLI::Range(0.05, 5.0));
    evaluation->add_option("--top-p", how.music_settings.sampling.top_p, "The same")
        ->check(CLI::Range(0.01, 1.0));
    evaluation->add_option("--guidance", how.music_settings.sampling.guidance, "The same")
        ->check(CLI::Range(0.0, 4.0));
    evaluation->add_option("--inertia", how.music_settings.sampling.inertia, "The same")
        ->check(CLI::Range(0.0, 1.0));
    evaluation->add_option("--form", how.music_settings.sampling.form, "The same")
        ->check(CLI::Range(0.0, 1.0));
    evaluation
        ->add_option("--blend-lines", how.music_settings.blend_lines,
                     "Lines composed for each blend that is told from real pieces")
        ->check(CLI::Range(std::size_t{5}, std::size_t{10000}));
    evaluation->add_option("--training", how.training,
                           "For --music: the corpus it was trained on, where --data is another");

    CLI::App* keep = app.add_subcommand("keep", "A bundle with only those genres that hold up");
    std::filesystem::path whole, part;
    std::vector<std::string> kept;
    keep->add_option("--bundle", whole, "The bundle to take them from")->required();
    keep->add_option("--genres", kept, "The genres to keep (a,b,...)")->delimiter(',')->required();
    keep->add_option("--out", part, "The bundle to write")->required();

    CLI::App* dice = app.add_subcommand(
        "suit",
        "Give a bundle the forms and chords of its corpus, and each genre its dice and manners");
    DiceSearch searching;
    MannersSearch learning;
    SuitDice dice_wanted = SuitDice::usual;
    bool keeps_manners = false;
    dice->add_option("--data", options.data, "The corpus that it was trained on")->required();
    dice->add_option("--bundle", whole, "The bundle whose dice they are")->required();
    dice->add_option("--out", part, "The bundle to write")->required();
    const std::map<std::string, SuitDice> dice_words{
        {"search", SuitDice::searched}, {"usual", SuitDice::usual}, {"keep", SuitDice::kept}};
    dice->add_option("--dice", dice_wanted,
                     "usual: temperature 1, top-p .97; search: those that are told least from real "
                     "pieces; keep: as they are")
        ->transform(CLI::CheckedTransformer(dice_words, CLI::ignore_case))
        ->default_str("usual");
    dice->add_flag("--keep-manners", keeps_manners, "Leave the manners as they are");
    dice->add_option("--rounds", learning.rounds, "Rounds in which manners are learned")
        ->check(CLI::Range(std::size_t{3}, std::size_t{1000}));
    dice->add_option("--lines", searching.lines, "Lines composed for each setting of the dice")
        ->check(CLI::Range(std::size_t{5}, std::size_t{1000}));
    dice->add_option("--threads", searching.threads, "Threads on a CPU")->check(threads);

    CLI::App* band = app.add_subcommand(
        "band", "Give a bundle what the bass, chords and drums of its genres play, or print it");
    std::filesystem::path printed, written;
    auto* print = band->add_option("--print", printed, "The bundle whose patterns are printed");
    auto* band_data = band->add_option("--data", options.data, "The corpus that it was trained on");
    auto* band_of = band->add_option("--bundle", whole, "The bundle that is given a band");
    auto* band_out = band->add_option("--out", part, "The bundle to write");
    band->add_option("--written", written,
                     "Patterns for what the corpus has not (engine/models/patterns.toml)");
    band->add_option("--threads", searching.threads, "Threads on a CPU")->check(threads);
    for (auto* given : {band_data, band_of, band_out}) given->excludes(print);

    CLI::App* start = app.add_subcommand("start", "Name the blend that a daemon starts in");
    std::vector<std::string> weights;
    start->add_option("--bundle", whole, "The bundle that is to start so")->required();
    start->add_option("--weight", weights, "GENRE=W; genres that are not named are 0")->required();
    start->add_option("--out", part, "The bundle to write")->required();

    CLI::App* report = app.add_subcommand("report", "One HTML page of one or more evaluations");
    std::vector<std::filesystem::path> evaluations;
    std::filesystem::path page;
    report->add_option("FILES", evaluations, "What `evaluate --json` printed")->required();
    report->add_option("--out", page, "The page to write")->required();

    CLI11_PARSE(app, argc, argv);
    // The bundle travels; the folders of this machine stay here.
    options.command = "fusion-train";
    for (int i = 1; i < argc; ++i)
        options.command += " " + std::filesystem::path{argv[i]}.filename().string();
    if (prepare->parsed()) return run_prepare(options, split_seed, show);
    if (training->parsed()) {
        if (training->count("--serve") == 0) return run_train(options, split_seed, nullptr);
        const auto port = port_in(served_at);
        if (!port) return complain(port.error());
        const auto served = serve(*port);
        if (!served) return complain(served.error());
        fmt::print(stderr, "the training is shown at {}\n", served->address);
        return run_train(options, split_seed, served->onlooker.get());
    }
    if (start->parsed()) return run_start(whole, weights, part);
    if (keep->parsed()) return run_keep(whole, kept, part);
    if (band->parsed()) {
        if (!printed.empty()) return run_print_band(printed);
        if (options.data.empty() || whole.empty() || part.empty())
            return complain(
                {Error::Code::out_of_range, "band: --data, --bundle and --out, or --print alone"});
        return run_band(whole, options.data, written, part, searching.threads);
    }
    if (report->parsed()) return run_report(evaluations, page);
    if (dice->parsed()) {
        SuitOptions suiting{dice_wanted, searching, learning, searching.threads};
        suiting.manners->threads = searching.threads;
        if (keeps_manners) suiting.manners.reset();
        return run_suit(whole, options.data, part, suiting);
    }
    if (with_apart) how.music = Music::told_apart;
    if (with_music) how.music = Music::judge;
    return run_evaluate(how, as_json);
}

}  // namespace fusion::train
