// An evaluation as `fusion-train evaluate --json` prints it, made up, in which every target is
// reached; and the page of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "engine/train/report/report.hpp"

namespace fusion::train {

using nlohmann::json;

inline constexpr const char* kGenres[] = {"classical", "jazz", "pop", "folk", "<b>"};
inline constexpr std::size_t kTargets = 16;

inline json scores(double nats, double ngram_nats, double f1, double ngram_f1) {
    return {{"pieces", 12},
            {"events", 3456},
            {"phase1", {{"mse", 0.0018}, {"cross_entropy", 3.25}}},
            {"phase2",
             {{"cross_entropy", nats},
              {"f1_event_weighted", 0.21},
              {"f1_event_macro", 0.11},
              {"f1_pitch_weighted", f1},
              {"f1_pitch_macro", 0.12},
              {"f1_duration_weighted", 0.61}}},
            {"ngram5", {{"cross_entropy", ngram_nats}, {"f1_pitch_weighted", ngram_f1}}},
            {"ngram_memory", {{"cross_entropy", 1.25 * ngram_nats}}}};
}

inline json history(double last) {
    json epochs = json::array();
    for (int epoch = 1; epoch <= 3; ++epoch)
        epochs.push_back({{"epoch", epoch},
                          {"training", last + 0.5 / epoch},
                          {"validation", last + 1.0 / epoch},
                          {"learning_rate", 0.001},
                          {"events_per_second", 9000.0}});
    return {{"validation_cross_entropy", last}, {"history", epochs}};
}

// What every evaluation has: each target of it is reached.
inline json plain() {
    json genres = json::object(), phase1 = {{"all", history(3.4)}}, pieces = json::object();
    for (const char* genre : kGenres) {
        genres[genre] = scores(3.0, 4.0, 0.33, 0.29);
        phase1[genre] = history(3.2);
        pieces[genre] = {{"training", 70}, {"validation", 7}, {"test", 30}};
    }
    return {{"bundle",
             {{"name", "fusiond.bundle"},
              {"genres", kGenres},
              {"vocabulary", 500},
              {"strong", {"classical", "jazz", "pop", "folk"}},
              {"record",
               {{"preset", "best"},
                {"seed", 1},
                {"split_seed", 2},
                {"corpus_digest", "131e84cc"},
                {"made", "2026-11-24T01:31:27Z"},
                {"libtorch", "1.13.0"},
                {"command", "fusion-train train --data data & more"},
                {"licence", "see MODEL.md"},
                {"pieces", pieces},
                {"phase1", phase1},
                {"phase2", history(3.1)}}}}},
            {"genres", genres},
            {"mean", scores(3.0, 4.0, 0.33, 0.29)}};
}

inline json music() {
    constexpr std::size_t kCount = std::size(kGenres);
    json confusion = json::array(), by_genre, counts, sweeps = json::array();
    json copied = {{"share", 0.04}, {"longest", {0, 1, 4, 2, 1}}};
    json memorised, statistics;
    for (std::size_t g = 0; g < kCount; ++g) {
        json row(kCount, 0.05);
        row[g] = 0.8;
        confusion.push_back(row);
        by_genre[kGenres[g]] = 0.97;
        counts[kGenres[g]] = 40;
        for (std::size_t h = g + 1; h < kCount; ++h)
            sweeps.push_back({{"a", kGenres[g]},
                              {"b", kGenres[h]},
                              {"weight_a", {0.0, 0.5, 1.0}},
                              {"verdict_a", {0.1, 0.4, 0.9}},
                              {"rank_correlation", 0.98}});
        memorised[kGenres[g]] = {{"generated", copied}, {"held_out", copied}};
        statistics[kGenres[g]] = {
            {"features",
             {{{"name", "pitch count"},
               {"kl", 0.2},
               {"overlap", 0.83},
               {"kl_real", 0.1},
               {"overlap_real", 0.91}}}},
            {"overlap", 0.83},
            {"overlap_real", 0.91},
            {"pitch_class", {{"real", json(12, 1.0 / 12.0)}, {"generated", json(12, 1.0 / 12.0)}}},
            {"duration",
             {{"labels", {"6/12", "12/12 beats"}},
              {"real", {0.5, 0.5}},
              {"generated", {0.4, 0.6}}}}};
    }
    return {{"controllability",
             {{"excerpt_notes", 64},
              {"labels", kGenres},
              {"real", {{"confusion", confusion}, {"accuracy", by_genre}, {"excerpts", counts}}},
              {"one_hot",
               {{"confusion", confusion},
                {"share", by_genre},
                {"of_ceiling", by_genre},
                {"excerpts", counts}}},
              {"sweeps", sweeps},
              {"switches",
               {{"median_notes", 6},
                {"never", 0.02},
                {"histogram", {1, 2, 3, 2, 1}},
                {"pairs", {{{"from", "jazz"}, {"to", "pop"}, {"median_notes", 5}}}}}}}},
            {"memorisation",
             {{"run_notes", 8},
              {"genres", memorised},
              {"mean", {{"generated_share", 0.05}, {"held_out_share", 0.04}}}}},
            {"statistics",
             {{"genres", statistics}, {"mean", {{"overlap", 0.83}, {"overlap_real", 0.91}}}}}};
}

inline json told_apart() {
    const json by{{{"feature", "turns"}, {"auc", 0.7}, {"played", 0.49}, {"real", 0.365}}};
    json alone{{"auc", 0.6},
               {"floor", 0.5},
               {"opening", 0.62},
               {"opening_floor", 0.48},
               {"same_bars_in_a_row", 4},
               {"by", by}};
    json blend = alone;
    blend["auc"] = 0.74;
    blend["between"] = {
        {"range", {{"played", 17.0}, {"least", 16.0}, {"most", 21.0}, {"holds", true}}}};
    return {{"told_apart",
             {{"stretch_notes", 96},
              {"opening_bars", 8},
              {"blends", {{"jazz", alone}, {"folk 5 pop 5", blend}}}}}};
}

inline json full() {
    json evaluation = plain();
    evaluation.update(music());
    evaluation.update(told_apart());
    return evaluation;
}

// Not HasSubstr, which would print a whole page where it fails.
inline bool has(const std::string& html, std::string_view text) {
    return html.find(text) != std::string::npos;
}

inline std::string page(const std::vector<ReportInput>& inputs) {
    const auto html = report_html(inputs);
    EXPECT_TRUE(html) << html.error().message;
    return html.value_or("");
}

}  // namespace fusion::train
