#include "engine/train/evaluation_text.hpp"

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
              {"f1_event_weighted", s.phase2.f1_event_weighted},
              {"f1_event_macro", s.phase2.f1_event_macro},
              {"f1_pitch_weighted", s.phase2.f1_pitch_weighted},
              {"f1_pitch_macro", s.phase2.f1_pitch_macro},
              {"f1_duration_weighted", s.phase2.f1_duration_weighted}}},
            {"ngram5",
             {{"cross_entropy", s.ngram5.cross_entropy},
              {"f1_pitch_weighted", s.ngram5.f1_pitch_weighted}}}};
}

std::string row(const std::string& name, const GenreScores& s) {
    return fmt::format(
        "{:<12} {:>6} {:>8}  {:>9.6f} {:>6.3f}  {:>6.3f} {:>5.3f} {:>5.3f} {:>5.3f} {:>5.3f} "
        "{:>5.3f}  {:>6.3f} {:>5.3f}  {:>5.2f}\n",
        name, s.pieces, s.events, s.phase1.mse, s.phase1.cross_entropy, s.phase2.cross_entropy,
        s.phase2.f1_event_weighted, s.phase2.f1_event_macro, s.phase2.f1_pitch_weighted,
        s.phase2.f1_pitch_macro, s.phase2.f1_duration_weighted, s.ngram5.cross_entropy,
        s.ngram5.f1_pitch_weighted,
        s.ngram5.cross_entropy > 0.0 ? s.phase2.cross_entropy / s.ngram5.cross_entropy : 0.0);
}

}  // namespace

std::string to_table(const Evaluation& evaluation) {
    std::string text = fmt::format(
        "{:<12} {:>6} {:>8}  {:^16}  {:^36}  {:^12}  {:>5}\n"
        "{:<12} {:>6} {:>8}  {:>9} {:>6}  {:>6} {:>5} {:>5} {:>5} {:>5} {:>5}  {:>6} {:>5}  "
        "{:>5}\n",
        "", "", "", "phase 1", "phase 2: F1 of events, pitches", "5-gram", "2 by", "genre",
        "pieces", "events", "mse", "nats", "nats", "ev.w", "ev.m", "pi.w", "pi.m", "du.w", "nats",
        "pi.w", "5-gr.");
    for (const GenreScores& scores : evaluation.genres) text += row(scores.genre, scores);
    text += row("mean", evaluation.mean);
    text +=
        "nats: cross-entropy per event; w: weighted by how often each class occurs, m: macro; pi, "
        "du: by the marginal";
    return text;
}

std::string to_json(const Evaluation& evaluation) {
    nlohmann::ordered_json genres = nlohmann::ordered_json::object();
    for (const GenreScores& scores : evaluation.genres) genres[scores.genre] = object(scores);
    return nlohmann::ordered_json{{"genres", genres}, {"mean", object(evaluation.mean)}}.dump(2);
}

}  // namespace fusion::train
