#include "engine/train/report/report_targets.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/train/report/markup.hpp"

namespace fusion::train::report {

namespace {

// Figures are exact up to the last bits: 1 - 0.83 is to count as 0.17.
constexpr double kHair = 1e-9;

Verdict verdict(double figure, bool reached) {
    if (!std::isfinite(figure)) return Verdict::no_figure;
    return reached ? Verdict::reached : Verdict::missed;
}

// One of the several things that a target holds for each of: its figure, and by how much it is
// above what is wanted.
struct Item {
    std::string name;
    double figure = 0.0;
    double margin = 0.0;
};

bool misses(const Item& item) { return item.margin < -kHair; }

std::string names_of(const std::vector<const Item*>& items) {
    std::vector<std::string> names;
    names.reserve(items.size());
    for (const Item* item : items) names.push_back(item->name);
    return joined(names, ", ");
}

Outcome worst_of(const std::vector<Item>& items, std::string (*show)(double)) {
    std::vector<const Item*> known, unknown, missing;
    for (const Item& item : items) {
        const bool is_known = std::isfinite(item.figure) && std::isfinite(item.margin);
        (is_known ? known : unknown).push_back(&item);
        if (is_known && misses(item)) missing.push_back(&item);
    }
    if (items.empty()) return {};
    Outcome outcome{missing.empty() ? Verdict::reached : Verdict::missed, "", ""};
    if (missing.empty() && !unknown.empty()) {
        outcome.verdict = Verdict::no_figure;
        outcome.figure = fmt::format("- for {}", names_of(unknown));
        return outcome;
    }
    const Item* worst =
        *std::min_element(known.begin(), known.end(),
                          [](const Item* a, const Item* b) { return a->margin < b->margin; });
    outcome.figure = fmt::format("{} in {}", show(worst->figure), worst->name);
    missing.erase(std::remove(missing.begin(), missing.end(), worst), missing.end());
    if (!missing.empty()) outcome.others = "also " + names_of(missing);
    return outcome;
}

std::string as_percent(double share) { return percent(share); }
std::string as_ratio(double ratio) { return fixed(ratio, 3); }
std::string as_margin(double difference) {
    return fmt::format("{}{}", difference >= 0.0 ? "+" : "", fixed(difference, 3));
}

Outcome mean_gain(const Measured& measured) {
    const double below = gain(measured.mean);
    return {verdict(below, below >= kMeanGain - kHair), percent(below), ""};
}

// Over no genre at all, a target on the strong ones would be neither reached nor missed.
Outcome no_strong_genres() { return {Verdict::no_figure, "no strong genres", ""}; }

Outcome strong_gain(const Measured& measured) {
    if (measured.strong.empty()) return no_strong_genres();
    std::vector<Item> items;
    for (const Scores& scores : measured.genres)
        if (measured.is_strong(scores.genre))
            items.push_back({scores.genre, gain(scores), gain(scores) - kStrongGain});
    return worst_of(items, as_percent);
}

Outcome mean_over_memory(const Measured& measured) {
    const double ratio = over_memory(measured.mean);
    return {verdict(ratio, ratio <= kMeanOverMemory + kHair), fixed(ratio, 3), ""};
}

Outcome strong_over_memory(const Measured& measured) {
    if (measured.strong.empty()) return no_strong_genres();
    std::vector<Item> items;
    for (const Scores& scores : measured.genres)
        if (measured.is_strong(scores.genre))
            items.push_back(
                {scores.genre, over_memory(scores), kStrongOverMemory - over_memory(scores)});
    return worst_of(items, as_ratio);
}

Outcome pitch_f1(const Measured& measured) {
    if (measured.strong.empty()) return no_strong_genres();
    double sum = 0.0, count = 0.0;
    for (const Scores& scores : measured.genres)
        if (measured.is_strong(scores.genre)) {
            sum += scores.phase2.f1_pitch_weighted;
            count += 1.0;
        }
    if (count == 0.0) return {};
    const double mean = sum / count;
    return {verdict(mean, mean > kPaperF1High), fixed(mean, 3), ""};
}

Outcome pitch_f1_over_ngram(const Measured& measured) {
    std::vector<Item> items;
    for (const Scores& scores : measured.genres) {
        const double margin = scores.phase2.f1_pitch_weighted - scores.ngram5.f1_pitch_weighted;
        // "Above": a tie is a miss.
        items.push_back({scores.genre, margin, margin > 0.0 ? margin : margin - 2.0 * kHair});
    }
    return worst_of(items, as_margin);
}

Outcome one_hot(const Measured& measured) {
    if (measured.strong.empty()) return no_strong_genres();
    std::vector<Item> items;
    if (measured.controllability)
        for (const auto& [genre, share] : measured.controllability->of_ceiling)
            if (measured.is_strong(genre)) items.push_back({genre, share, share - kOfCeiling});
    return worst_of(items, as_percent);
}

Outcome rank_correlation(const Measured& measured) {
    if (measured.strong.empty()) return no_strong_genres();
    std::vector<Item> items;
    if (measured.controllability)
        for (const Sweep& sweep : measured.controllability->sweeps)
            if (measured.is_strong(sweep))
                items.push_back({fmt::format("{} and {}", sweep.a, sweep.b), sweep.rank_correlation,
                                 sweep.rank_correlation - kRankCorrelation});
    return worst_of(items, as_ratio);
}

Outcome switch_notes(const Measured& measured) {
    if (!measured.controllability || !measured.controllability->switches) return {};
    const double median = measured.controllability->switches->median_notes;
    return {verdict(median, median <= kSwitchNotes + kHair), brief(median), ""};
}

Outcome copied_runs(const Measured& measured) {
    if (!measured.memorisation) return {};
    const double generated = measured.memorisation->generated_share;
    const double held_out = measured.memorisation->held_out_share;
    const bool known = std::isfinite(generated) && std::isfinite(held_out);
    const std::string times =
        known && held_out > 0.0 ? fmt::format(" ({:.2f} times)", generated / held_out) : "";
    return {verdict(known ? generated : std::nan(""),
                    generated <= kCopiedOverHeldOut * held_out + kHair),
            fmt::format("{} against {}{}", percent(generated), percent(held_out), times), ""};
}

Outcome overlap(const Measured& measured) {
    if (!measured.statistics) return {};
    const double share = measured.statistics->overlap / measured.statistics->overlap_real;
    return {verdict(share, share >= kOverlapOfReal - kHair), fixed(share, 3), ""};
}

// Over the blends of which `counts` is true, or their beginnings.
Outcome told(const Measured& measured, bool (*counts)(const ToldApart::Blend&),
             double ToldApart::Blend::*figure, double most) {
    if (!measured.told_apart) return {};
    std::vector<Item> items;
    for (const ToldApart::Blend& blend : measured.told_apart->blends)
        if (counts(blend)) items.push_back({blend.name, blend.*figure, most - blend.*figure});
    if (items.empty()) return {Verdict::no_figure, "none heard", ""};
    return worst_of(items, as_ratio);
}

bool is_alone(const ToldApart::Blend& blend) { return blend.between.empty(); }
bool is_a_mixture(const ToldApart::Blend& blend) { return !is_alone(blend); }
bool is_any(const ToldApart::Blend&) { return true; }

Outcome alone_told(const Measured& measured) {
    return told(measured, is_alone, &ToldApart::Blend::auc, kAloneTold);
}

Outcome blend_told(const Measured& measured) {
    return told(measured, is_a_mixture, &ToldApart::Blend::auc, kBlendTold);
}

Outcome opening_told(const Measured& measured) {
    return told(measured, is_any, &ToldApart::Blend::opening, kOpeningTold);
}

Outcome same_bars(const Measured& measured) {
    if (!measured.told_apart) return {};
    std::vector<Item> items;
    for (const ToldApart::Blend& blend : measured.told_apart->blends)
        items.push_back({blend.name, blend.same_bars, kSameBarsInARow - blend.same_bars});
    return worst_of(items, brief);
}

Outcome between_its_genres(const Measured& measured) {
    if (!measured.told_apart) return {};
    std::size_t all = 0, hold = 0;
    for (const ToldApart::Blend& blend : measured.told_apart->blends)
        for (const ToldApart::Between& feature : blend.between) {
            ++all;
            if (feature.holds) ++hold;
        }
    if (all == 0) return {Verdict::no_figure, "no blend heard", ""};
    return {hold == all ? Verdict::reached : Verdict::missed,
            fmt::format("{} of {} figures", hold, all), ""};
}

}  // namespace

double most_told(const ToldApart::Blend& blend) {
    return is_alone(blend) ? kAloneTold : kBlendTold;
}

double gain(const Scores& scores) {
    return 1.0 - scores.phase2.cross_entropy / scores.ngram5.cross_entropy;
}

double over_memory(const Scores& scores) {
    return scores.phase2.cross_entropy / scores.ngram_memory;
}

const std::vector<Target>& targets() {
    static const std::vector<Target> all{
        {"Phase 2 cross-entropy below the 5-gram, in the mean", "at least 25%", mean_gain},
        {"Phase 2 cross-entropy below the 5-gram, each strong genre", "at least 17%", strong_gain},
        {"Phase 2 cross-entropy over the n-gram with memory, in the mean", "at most 0.70",
         mean_over_memory},
        {"Phase 2 cross-entropy over the n-gram with memory, each strong genre", "at most 0.80",
         strong_over_memory},
        {"Weighted pitch F1, mean over the strong genres", "above 0.31", pitch_f1},
        {"Weighted pitch F1 over the 5-gram's, each genre", "above 0", pitch_f1_over_ngram},
        {"Classifier on one-hot output, as a share of its accuracy on real pieces, each strong "
         "genre",
         "at least 95%", one_hot},
        {"Rank correlation of weight and verdict, each pair of strong genres", "at least 0.95",
         rank_correlation},
        {"Notes until the verdict follows a switch of weights, median", "at most 8", switch_notes},
        {"Share of generated runs found in training pieces, against held-out pieces",
         "at most 1.25 times", copied_runs},
        {"Overlapping area, mean over the features, as a share of real against real",
         "at least 0.85", overlap},
        {"Told from real pieces, each strong genre alone", "at most 0.65", alone_told},
        {"Told from real pieces, each blend", "at most 0.75", blend_told},
        {"Told from real pieces by the first bars, each", "at most 0.70", opening_told},
        {"The same bars in a row, each", "at most 4", same_bars},
        {"What a blend does lies between what its genres do, a tenth of slack", "all",
         between_its_genres},
    };
    return all;
}

std::size_t count_reached(const Measured& measured) {
    return static_cast<std::size_t>(std::count_if(
        targets().begin(), targets().end(),
        [&](const Target& target) { return target.judge(measured).verdict == Verdict::reached; }));
}

}  // namespace fusion::train::report
