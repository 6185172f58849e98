#include "engine/train/evaluation_text.hpp"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace fusion::train {

namespace {

nlohmann::ordered_json object(const GenreScores& s) {
    return {{"pieces", s.pieces},
            {"events", s.events},
            {"phase1", {{"mse", s.phase1.mse}, {"cross_entropy", s.phase1.cross_entropy}}},
            {"phase2",
             {{"cross_entropy", s.phase2.cross_entropy},
              {"cross_entropy_under_chords", s.phase2.cross_entropy_under_chords},
              {"f1_event_weighted", s.phase2.f1_event_weighted},
              {"f1_event_macro", s.phase2.f1_event_macro},
              {"f1_pitch_weighted", s.phase2.f1_pitch_weighted},
              {"f1_pitch_macro", s.phase2.f1_pitch_macro},
              {"f1_duration_weighted", s.phase2.f1_duration_weighted}}},
            {"ngram5",
             {{"cross_entropy", s.ngram5.cross_entropy},
              {"f1_pitch_weighted", s.ngram5.f1_pitch_weighted}}},
            {"ngram_memory", {{"cross_entropy", s.ngram_memory.cross_entropy}}}};
}

// To a millionth: what lies behind it depends on the order in which threads add up.
nlohmann::ordered_json rounded(nlohmann::ordered_json json) {
    if (json.is_number_float()) return std::round(json.get<double>() * 1e6) / 1e6;
    if (json.is_structured())
        for (auto& part : json) part = rounded(std::move(part));
    return json;
}

// How well what is played is told from real pieces, a line for each blend.
std::string told_apart_lines(const nlohmann::ordered_json& told) {
    std::string text = fmt::format(
        "\nTold from real pieces by {} notes (AUC: .5 not at all, 1 always; floor: real pieces of "
        "training from held-out ones), and by the first {} bars:\n"
        "{:<34} {:>6} {:>6}  {:>6} {:>6}  {:>5}  {}\n",
        told["stretch_notes"].get<int>(), told["opening_bars"].get<int>(), "", "told", "floor",
        "begin", "floor", "bars", "given away by (played, real)");
    for (const auto& [name, blend] : told["blends"].items()) {
        text += fmt::format("{:<34} {:>6.3f} {:>6.3f}  {:>6.3f} {:>6.3f}  {:>5.0f} ", name,
                            blend["auc"].get<double>(), blend["floor"].get<double>(),
                            blend["opening"].get<double>(), blend["opening_floor"].get<double>(),
                            blend["same_bars_in_a_row"].get<double>());
        for (const auto& by : blend["by"])
            text += fmt::format(" {} ({:.2f}, {:.2f})", by["feature"].get<std::string>(),
                                by["played"].get<double>(), by["real"].get<double>());
        text += '\n';
        if (!blend.contains("between")) continue;
        for (const auto& [feature, part] : blend["between"].items())
            if (!part["holds"].get<bool>())
                text += fmt::format("{:<34} {} {:.3f} is not between {:.3f} and {:.3f}\n", "",
                                    feature, part["played"].get<double>(),
                                    part["least"].get<double>(), part["most"].get<double>());
    }
    return text;
}

// What the music section found, in a few lines.
std::string music_lines(const nlohmann::ordered_json& music) {
    std::string told = music.contains("told_apart") ? told_apart_lines(music["told_apart"]) : "";
    if (!music.contains("controllability")) return told;
    std::string text;
    const auto& control = music["controllability"];
    text +=
        "\n\nwhat it plays at full weight of one genre, as an independent judge of 64 notes hears "
        "it\n";
    text += fmt::format("{:<12} {:>8} {:>8} {:>8}\n", "genre", "played", "real", "of real");
    for (const auto& [genre, share] : control["one_hot"]["share"].items())
        text += fmt::format("{:<12} {:>8.3f} {:>8.3f} {:>8.3f}\n", genre, share.get<double>(),
                            control["real"]["accuracy"][genre].get<double>(),
                            control["one_hot"]["of_ceiling"][genre].get<double>());
    for (const auto& [genre, share] : control["one_hot"]["share_among_strong"].items())
        text += fmt::format("among strong {:<12} {:>8.3f} {:>8.3f} {:>8.3f}\n", genre,
                            share.get<double>(),
                            control["real"]["accuracy_among_strong"][genre].get<double>(),
                            control["one_hot"]["of_ceiling_among_strong"][genre].get<double>());
    for (const auto& sweep : control["sweeps"])
        text += fmt::format("sweep {:<12} {:<12} rank correlation {:>6.3f}\n",
                            sweep["b"].get<std::string>(), sweep["a"].get<std::string>(),
                            sweep["rank_correlation"].get<double>());
    const auto& switches = control["switches"];
    text += fmt::format(
        "a switch of genre is heard after {:.1f} notes (median; real pieces {:.1f}), "
        "never in {:.1f}%\n",
        switches["median_notes"].get<double>(), switches["real"]["median_notes"].get<double>(),
        100.0 * switches["never"].get<double>());
    for (const auto& [genre, part] : music["memorisation"]["genres"].items())
        text += fmt::format(
            "{:<12} runs of 8 notes found in training pieces: played {:.4f}, real "
            "{:.4f}; overlap of statistics {:.3f}, real {:.3f}\n",
            genre, part["generated"]["share"].get<double>(),
            part["held_out"]["share"].get<double>(),
            music["statistics"]["genres"]
                .value(genre, nlohmann::ordered_json{})
                .value("overlap", 0.0),
            music["statistics"]["genres"]
                .value(genre, nlohmann::ordered_json{})
                .value("overlap_real", 0.0));
    return text + told;
}

double ratio(double of, double over) { return over > 0.0 ? of / over : 0.0; }

std::string row(const std::string& name, const GenreScores& s) {
    return fmt::format(
        "{:<12} {:>6} {:>8}  {:>9.6f} {:>6.3f}  {:>6.3f} {:>6.3f} {:>5.3f} {:>5.3f} {:>5.3f} "
        "{:>5.3f} {:>5.3f}  {:>6.3f} {:>5.3f} {:>5.2f}  {:>6.3f} {:>5.2f}\n",
        name, s.pieces, s.events, s.phase1.mse, s.phase1.cross_entropy, s.phase2.cross_entropy,
        s.phase2.cross_entropy_under_chords, s.phase2.f1_event_weighted, s.phase2.f1_event_macro,
        s.phase2.f1_pitch_weighted, s.phase2.f1_pitch_macro, s.phase2.f1_duration_weighted,
        s.ngram5.cross_entropy, s.ngram5.f1_pitch_weighted,
        ratio(s.phase2.cross_entropy, s.ngram5.cross_entropy), s.ngram_memory.cross_entropy,
        ratio(s.phase2.cross_entropy, s.ngram_memory.cross_entropy));
}

}  // namespace

std::string to_table(const Evaluation& evaluation) {
    if (evaluation.genres.empty()) return music_lines(evaluation.music);
    std::string text = fmt::format(
        "{:<12} {:>6} {:>8}  {:^16}  {:^43}  {:^18}  {:^12}\n"
        "{:<12} {:>6} {:>8}  {:>9} {:>6}  {:>6} {:>6} {:>5} {:>5} {:>5} {:>5} {:>5}  {:>6} {:>5} "
        "{:>5}  "
        "{:>6} {:>5}\n",
        "", "", "", "phase 1", "phase 2: F1 of events, pitches", "5-gram", "with memory", "genre",
        "pieces", "events", "mse", "nats", "nats", "chords", "ev.w", "ev.m", "pi.w", "pi.m", "du.w",
        "nats", "pi.w", "2 by", "nats", "2 by");
    for (const GenreScores& scores : evaluation.genres) text += row(scores.genre, scores);
    text += row("mean", evaluation.mean);
    text +=
        "nats: cross-entropy per event; chords: the same, told each piece's chords; w: weighted by "
        "how often each class occurs, m: macro; pi, "
        "du: by the marginal\n"
        "2 by: phase 2's nats over these; with memory: the 5-gram and an n-gram of the piece so "
        "far";
    if (evaluation.music.is_object()) text += music_lines(evaluation.music);
    return text;
}

std::string to_json(const Evaluation& evaluation) {
    nlohmann::ordered_json genres = nlohmann::ordered_json::object();
    for (const GenreScores& scores : evaluation.genres) genres[scores.genre] = object(scores);
    nlohmann::ordered_json all{
        {"bundle", evaluation.bundle}, {"genres", genres}, {"mean", object(evaluation.mean)}};
    if (evaluation.music.is_object()) all.update(evaluation.music);
    return rounded(all).dump(2);
}

}  // namespace fusion::train
