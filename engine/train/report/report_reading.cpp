#include "engine/train/report/report_reading.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/json_cursor.hpp"

namespace fusion::train::report {

namespace {

// Most things are measured for each of the genres that there are; the bundle's order is the one
// that people know (JSON objects come sorted by key).
using Order = std::vector<std::string>;

template <class T>
void sort_by(const Order& order, std::vector<T>& genres) {
    const auto place = [&](const T& entry) {
        return std::find(order.begin(), order.end(), entry.genre) - order.begin();
    };
    std::stable_sort(genres.begin(), genres.end(),
                     [&](const T& a, const T& b) { return place(a) < place(b); });
}

Scores read_scores(const std::string& genre, const JsonCursor& json) {
    Scores scores;
    scores.genre = genre;
    scores.pieces = json.number_or_nan("pieces");
    scores.events = json.number_or_nan("events");
    const JsonCursor phase1 = json.at("phase1"), phase2 = json.at("phase2"),
                     ngram5 = json.at("ngram5");
    scores.phase1 = {phase1.number("mse"), phase1.number("cross_entropy")};
    scores.phase2 = {phase2.number("cross_entropy"),  phase2.number("f1_event_weighted"),
                     phase2.number("f1_event_macro"), phase2.number("f1_pitch_weighted"),
                     phase2.number("f1_pitch_macro"), phase2.number("f1_duration_weighted")};
    scores.ngram5 = {ngram5.number("cross_entropy"), ngram5.number("f1_pitch_weighted")};
    const auto memory = json.maybe("ngram_memory");
    scores.ngram_memory = memory ? memory->number("cross_entropy") : std::nan("");
    return scores;
}

TrainingRun read_run(const std::string& name, const JsonCursor& json) {
    TrainingRun run;
    run.name = name;
    for (const JsonCursor& entry : json.at("history").items()) {
        run.epoch.push_back(entry.number("epoch"));
        run.training.push_back(entry.number_or_nan("training"));
        run.validation.push_back(entry.number_or_nan("validation"));
        run.learning_rate.push_back(entry.number_or_nan("learning_rate"));
        run.events_per_second.push_back(entry.number_or_nan("events_per_second"));
    }
    return run;
}

// A phase is one network's run, or one for each network.
std::vector<TrainingRun> read_phase(const JsonCursor& record, const std::string& key,
                                    const Order& order) {
    std::vector<TrainingRun> runs;
    const auto phase = record.maybe(key);
    if (!phase) return runs;
    if (phase->maybe("history")) return {read_run("", *phase)};
    for (const auto& [name, json] : phase->members()) runs.push_back(read_run(name, json));
    // The network on all genres came first; the others in the order of the genres.
    const auto place = [&](const TrainingRun& run) {
        if (run.name == "all") return std::ptrdiff_t{-1};
        return std::find(order.begin(), order.end(), run.name) - order.begin();
    };
    std::stable_sort(runs.begin(), runs.end(), [&](const TrainingRun& a, const TrainingRun& b) {
        return place(a) < place(b);
    });
    return runs;
}

BundleFacts read_bundle(const JsonCursor& json) {
    BundleFacts bundle;
    bundle.name = json.text_or_empty("name");
    if (json.maybe("genres")) bundle.genres = json.texts("genres");
    bundle.vocabulary = json.number_or_nan("vocabulary");
    bundle.seed = bundle.split_seed = std::nan("");
    const auto record = json.maybe("record");
    if (!record) return bundle;
    bundle.preset = record->text_or_empty("preset");
    bundle.corpus_digest = record->text_or_empty("corpus_digest");
    bundle.made = record->text_or_empty("made");
    bundle.libtorch = record->text_or_empty("libtorch");
    bundle.command = record->text_or_empty("command");
    bundle.licence = record->text_or_empty("licence");
    bundle.seed = record->number_or_nan("seed");
    bundle.split_seed = record->number_or_nan("split_seed");
    if (const auto pieces = record->maybe("pieces"))
        for (const auto& [genre, counts] : pieces->members())
            bundle.pieces.push_back({genre, counts.number("training"), counts.number("validation"),
                                     counts.number("test")});
    sort_by(bundle.genres, bundle.pieces);
    bundle.phase1 = read_phase(*record, "phase1", bundle.genres);
    bundle.phase2 = read_phase(*record, "phase2", bundle.genres);
    return bundle;
}

std::map<std::string, double> read_by_genre(const JsonCursor& json, const std::string& key) {
    std::map<std::string, double> values;
    if (const auto object = json.maybe(key))
        for (const auto& [genre, value] : object->members()) values[genre] = value.as_number();
    return values;
}

std::vector<Numbers> read_matrix(const JsonCursor& json, std::size_t size) {
    std::vector<Numbers> matrix;
    const JsonCursor rows = json.at("confusion");
    for (const JsonCursor& row : rows.items()) {
        matrix.push_back(row.as_numbers());
        if (matrix.back().size() != size)
            row.refuse(fmt::format("should have {} numbers, one for each label, but has {}", size,
                                   matrix.back().size()));
    }
    if (matrix.size() != size)
        rows.refuse(fmt::format("should have {} rows, one for each label, but has {}", size,
                                matrix.size()));
    return matrix;
}

Switches read_switches(const JsonCursor& json) {
    Switches switches;
    switches.median_notes = json.number("median_notes");
    switches.never = json.number_or_nan("never");
    switches.already = json.number_or_nan("already");
    const auto real = json.maybe("real");
    switches.median_real = real ? real->number_or_nan("median_notes") : std::nan("");
    switches.histogram = json.numbers("histogram");
    if (const auto pairs = json.maybe("pairs"))
        for (const JsonCursor& pair : pairs->items())
            switches.pairs.push_back(
                {pair.text("from"), pair.text("to"), pair.number("median_notes")});
    return switches;
}

Controllability read_controllability(const JsonCursor& json) {
    Controllability control;
    control.excerpt_notes = json.number_or_nan("excerpt_notes");
    control.labels = json.texts("labels");
    const std::size_t size = control.labels.size();
    if (const auto real = json.maybe("real")) {
        control.confusion_real = read_matrix(*real, size);
        control.accuracy = read_by_genre(*real, "accuracy");
        control.excerpts_real = read_by_genre(*real, "excerpts");
    }
    if (const auto one_hot = json.maybe("one_hot")) {
        control.confusion_one_hot = read_matrix(*one_hot, size);
        control.share = read_by_genre(*one_hot, "share");
        control.of_ceiling = read_by_genre(*one_hot, "of_ceiling");
        control.of_ceiling_among_strong = read_by_genre(*one_hot, "of_ceiling_among_strong");
        control.excerpts_one_hot = read_by_genre(*one_hot, "excerpts");
    }
    if (const auto sweeps = json.maybe("sweeps"))
        for (const JsonCursor& sweep : sweeps->items()) {
            Numbers weights = sweep.numbers("weight_a");
            Numbers verdicts = sweep.numbers("verdict_a", weights.size());
            control.sweeps.push_back({sweep.text("a"), sweep.text("b"), std::move(weights),
                                      std::move(verdicts), sweep.number("rank_correlation")});
        }
    if (const auto switches = json.maybe("switches")) control.switches = read_switches(*switches);
    return control;
}

CopiedRuns read_copied(const JsonCursor& json) {
    return {json.number("share"), json.numbers("longest")};
}

Memorisation read_memorisation(const JsonCursor& json, const Order& order) {
    Memorisation memorisation;
    memorisation.run_notes = json.number("run_notes");
    for (const auto& [genre, runs] : json.at("genres").members())
        memorisation.genres.push_back(
            {genre, read_copied(runs.at("generated")), read_copied(runs.at("held_out"))});
    sort_by(order, memorisation.genres);
    memorisation.generated_share = json.at("mean").number("generated_share");
    memorisation.held_out_share = json.at("mean").number("held_out_share");
    return memorisation;
}

Statistics::Genre read_statistics_of(const std::string& genre, const JsonCursor& json) {
    Statistics::Genre statistics;
    statistics.genre = genre;
    for (const JsonCursor& feature : json.at("features").items())
        statistics.features.push_back({feature.text("name"), feature.number("kl"),
                                       feature.number("overlap"), feature.number("kl_real"),
                                       feature.number("overlap_real")});
    statistics.overlap = json.number("overlap");
    statistics.overlap_real = json.number("overlap_real");
    constexpr std::size_t kPitchClasses = 12;
    const JsonCursor pitch = json.at("pitch_class"), duration = json.at("duration");
    statistics.pitch_real = pitch.numbers("real", kPitchClasses);
    statistics.pitch_generated = pitch.numbers("generated", kPitchClasses);
    statistics.durations = duration.texts("labels");
    statistics.duration_real = duration.numbers("real", statistics.durations.size());
    statistics.duration_generated = duration.numbers("generated", statistics.durations.size());
    return statistics;
}

Statistics read_statistics(const JsonCursor& json, const Order& order) {
    Statistics statistics;
    for (const auto& [genre, of_genre] : json.at("genres").members())
        statistics.genres.push_back(read_statistics_of(genre, of_genre));
    sort_by(order, statistics.genres);
    statistics.overlap = json.at("mean").number("overlap");
    statistics.overlap_real = json.at("mean").number("overlap_real");
    return statistics;
}

ToldApart read_told_apart(const JsonCursor& json) {
    ToldApart told;
    told.stretch_notes = json.number("stretch_notes");
    told.opening_bars = json.number("opening_bars");
    for (const auto& [name, of] : json.at("blends").members()) {
        ToldApart::Blend blend{name,
                               of.number("auc"),
                               of.number("floor"),
                               of.number("opening"),
                               of.number("opening_floor"),
                               of.number("same_bars_in_a_row"),
                               {},
                               {}};
        for (const JsonCursor& by : of.at("by").items())
            blend.by.push_back(
                {by.text("feature"), by.number("auc"), by.number("played"), by.number("real")});
        if (const auto between = of.maybe("between"))
            for (const auto& [feature, values] : between->members())
                blend.between.push_back({feature, values.number("played"), values.number("least"),
                                         values.number("most"), values.truth("holds")});
        told.blends.push_back(std::move(blend));
    }
    // Those of one genre first.
    std::stable_partition(told.blends.begin(), told.blends.end(),
                          [](const ToldApart::Blend& blend) { return blend.between.empty(); });
    return told;
}

}  // namespace

bool Measured::is_strong(std::string_view genre) const {
    return std::find(strong.begin(), strong.end(), genre) != strong.end();
}

bool Measured::is_strong(const Sweep& sweep) const {
    return is_strong(sweep.a) && is_strong(sweep.b);
}

Result<Measured> read_evaluation(const std::string& name, const nlohmann::json& evaluation) {
    if (evaluation.is_discarded())
        return fail(Error::Code::malformed,
                    fmt::format("{}: not JSON; a report is made from what `fusion-train evaluate "
                                "--json` prints",
                                name));
    std::optional<Error> problem;
    const JsonCursor json{evaluation, name, problem};
    Measured measured;
    measured.name = name;
    if (const auto bundle = json.maybe("bundle")) {
        measured.bundle = read_bundle(*bundle);
        if (bundle->maybe("strong")) measured.strong = bundle->texts("strong");
    }
    const Order order = measured.bundle ? measured.bundle->genres : Order{};
    const JsonCursor genres = json.at("genres");
    for (const auto& [genre, scores] : genres.members())
        measured.genres.push_back(read_scores(genre, scores));
    if (measured.genres.empty()) genres.refuse("should have at least one genre");
    sort_by(order, measured.genres);
    measured.mean = read_scores("mean", json.at("mean"));
    if (const auto part = json.maybe("controllability"))
        measured.controllability = read_controllability(*part);
    if (const auto part = json.maybe("memorisation"))
        measured.memorisation = read_memorisation(*part, order);
    if (const auto part = json.maybe("statistics"))
        measured.statistics = read_statistics(*part, order);
    if (const auto part = json.maybe("told_apart")) measured.told_apart = read_told_apart(*part);
    if (problem) return tl::unexpected{*problem};
    return measured;
}

}  // namespace fusion::train::report
