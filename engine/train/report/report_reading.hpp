// An evaluation as it is read back from `fusion-train evaluate --json`, typed and checked, so that
// what draws the page need not doubt it. A number that was not finite is null in JSON and NaN here.
// Thread: any. Errors: malformed, with the file and the key named.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/base/result.hpp"

namespace fusion::train::report {

using Numbers = std::vector<double>;

struct Scores {
    std::string genre;
    double pieces = 0.0, events = 0.0;
    struct {
        double mse = 0.0, cross_entropy = 0.0;
    } phase1;
    struct {
        double cross_entropy = 0.0;
        double f1_event_weighted = 0.0, f1_event_macro = 0.0;
        double f1_pitch_weighted = 0.0, f1_pitch_macro = 0.0;
        double f1_duration_weighted = 0.0;
    } phase2;
    struct {
        double cross_entropy = 0.0, f1_pitch_weighted = 0.0;
    } ngram5;
    double ngram_memory = 0.0;  // its cross-entropy; NaN in an older evaluation
};

struct TrainingRun {  // one network's
    std::string name;
    Numbers epoch, training, validation, learning_rate, events_per_second;
};

struct BundleFacts {
    std::string name;
    std::vector<std::string> genres;
    double vocabulary = 0.0;
    // Of the training record; empty or NaN where it does not say.
    std::string preset, corpus_digest, made, libtorch, command, licence;
    double seed = 0.0, split_seed = 0.0;
    struct Pieces {
        std::string genre;
        double training = 0.0, validation = 0.0, test = 0.0;
    };
    std::vector<Pieces> pieces;
    std::vector<TrainingRun> phase1, phase2;
};

struct Sweep {
    std::string a, b;
    Numbers weight_a, verdict_a;
    double rank_correlation = 0.0;
};

struct Switches {
    double median_notes = 0.0, never = 0.0;
    double already = 0.0;      // the share whose verdict was there before the switch
    double median_real = 0.0;  // between real pieces laid end to end: what the listener needs
    Numbers histogram;         // by notes
    struct Pair {
        std::string from, to;
        double median_notes = 0.0;
    };
    std::vector<Pair> pairs;
};

struct Controllability {
    double excerpt_notes = 0.0;
    std::vector<std::string> labels;
    std::vector<Numbers> confusion_real, confusion_one_hot;  // (truth, verdict)
    std::map<std::string, double> accuracy, share, of_ceiling, of_ceiling_among_strong,
        excerpts_real, excerpts_one_hot;
    std::vector<Sweep> sweeps;
    std::optional<Switches> switches;
};

struct CopiedRuns {
    double share = 0.0;
    Numbers longest;  // histogram by notes
};

struct Memorisation {
    double run_notes = 0.0;
    struct Genre {
        std::string genre;
        CopiedRuns generated, held_out;
    };
    std::vector<Genre> genres;
    double generated_share = 0.0, held_out_share = 0.0;
};

struct Statistics {
    struct Feature {
        std::string name;
        double kl = 0.0, overlap = 0.0, kl_real = 0.0, overlap_real = 0.0;
    };
    struct Genre {
        std::string genre;
        std::vector<Feature> features;
        double overlap = 0.0, overlap_real = 0.0;
        Numbers pitch_real, pitch_generated;  // 12 each
        std::vector<std::string> durations;
        Numbers duration_real, duration_generated;
    };
    std::vector<Genre> genres;
    double overlap = 0.0, overlap_real = 0.0;
};

// How well what is played is told from real pieces (told_apart.hpp).
struct ToldApart {
    double stretch_notes = 0.0, opening_bars = 0.0;
    struct GivesAway {
        std::string feature;
        double auc = 0.0, played = 0.0, real = 0.0;
    };
    struct Between {
        std::string feature;
        double played = 0.0, least = 0.0, most = 0.0;
        bool holds = false;
    };
    struct Blend {
        std::string name;
        double auc = 0.0, floor = 0.0, opening = 0.0, opening_floor = 0.0;
        double same_bars = 0.0;  // in a row, the most
        std::vector<GivesAway> by;
        std::vector<Between> between;  // none: one genre alone
    };
    std::vector<Blend> blends;
};

struct Measured {
    std::string name;  // the file's
    std::optional<BundleFacts> bundle;
    // Genres that the bundle has pieces enough of for the targets to bind; in an older evaluation,
    // which does not say, none.
    std::vector<std::string> strong;
    std::vector<Scores> genres;  // in the bundle's order where that is known
    Scores mean;
    std::optional<Controllability> controllability;
    std::optional<Memorisation> memorisation;
    std::optional<Statistics> statistics;
    std::optional<ToldApart> told_apart;

    [[nodiscard]] bool is_strong(std::string_view genre) const;
    [[nodiscard]] bool is_strong(const Sweep& sweep) const;  // both genres are
};

[[nodiscard]] Result<Measured> read_evaluation(const std::string& name,
                                               const nlohmann::json& evaluation);

}  // namespace fusion::train::report
