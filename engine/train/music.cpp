#include "engine/train/music.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "engine/corpus/vocabulary.hpp"
#include "engine/train/compose.hpp"
#include "engine/train/measures/judge.hpp"
#include "engine/train/measures/listener.hpp"
#include "engine/train/measures/memorisation.hpp"
#include "engine/train/measures/musical_statistics.hpp"
#include "engine/train/measures/rank_correlation.hpp"
#include "engine/train/parallel.hpp"
#include "engine/train/told_apart.hpp"

namespace fusion::train {

namespace {

using Json = nlohmann::ordered_json;

constexpr Cells kStatisticsExcerpt{8 * 48};  // eight bars of 4/4
constexpr std::size_t kSweepPoints = 11;
// Short, so that a point of a sweep is an average over many and not a vote of few.
constexpr std::size_t kSweepExcerpt = 16;

template <class Number>
double median(std::vector<Number> values) {
    if (values.empty()) return 0.0;
    std::sort(values.begin(), values.end());
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1
               ? static_cast<double>(values[middle])
               : (static_cast<double>(values[middle - 1]) + static_cast<double>(values[middle])) /
                     2.0;
}

template <class Cut>
std::vector<NoteLine> excerpts_of(const std::vector<NoteLine>& lines, Cut cut) {
    std::vector<NoteLine> all;
    for (const NoteLine& line : lines)
        for (NoteLine& part : excerpts(line, cut)) all.push_back(std::move(part));
    return all;
}

// At most `count` of them, evenly spread.
std::vector<NoteLine> thinned(const std::vector<NoteLine>& lines, std::size_t count) {
    if (lines.size() <= count) return lines;
    std::vector<NoteLine> some;
    for (std::size_t i = 0; i < count; ++i) some.push_back(lines[i * lines.size() / count]);
    return some;
}

std::vector<std::size_t> strong_genres(const RealLines& real) {
    std::vector<std::size_t> strong;
    for (std::size_t g = 0; g < real.training.size(); ++g)
        if (real.training[g].size() >= kStrongGenre) strong.push_back(g);
    return strong;
}

ToldApartSettings apart_settings(const MusicSettings& settings) {
    ToldApartSettings apart;
    apart.lines = settings.blend_lines;
    apart.sampling = settings.sampling;
    apart.device = settings.device;
    apart.threads = settings.threads;
    return apart;
}

class MusicEvaluation {
public:
    MusicEvaluation(const Bundle& bundle, const RealLines& real, const MusicSettings& settings,
                    Progress& progress, const Judge& judge)
        : bundle_{bundle},
          real_{real},
          settings_{settings},
          progress_{progress},
          judge_{judge},
          genres_{bundle.genres.size()},
          strong_{strong_genres(real)} {}

    Result<Json> run() {
        if (Status played = play_alone(); !played) return tl::unexpected{played.error()};
        Json found;
        Json& control = found["controllability"];
        control["excerpt_notes"] = Judge::kExcerptNotes;
        control["labels"] = bundle_.genres;
        verdicts(control);
        if (Status swept = sweeps(control["sweeps"]); !swept) return tl::unexpected{swept.error()};
        if (Status switched = switches(control["switches"]); !switched)
            return tl::unexpected{switched.error()};
        auto apart = evaluate_told_apart(bundle_, real_, blends_to_hear(bundle_, strong_),
                                         apart_settings(settings_), progress_);
        if (!apart) return tl::unexpected{apart.error()};
        found["told_apart"] = std::move(*apart);
        progress_.say("looking for copies");
        memorisation(found["memorisation"]);
        progress_.say("comparing statistics");
        statistics(found["statistics"]);
        return found;
    }

private:
    Result<std::vector<std::vector<NoteLine>>> compose_all(const std::vector<Order>& orders,
                                                           const std::string& what) {
        const auto made = compose_orders(bundle_, orders,
                                         {settings_.sampling, settings_.device, settings_.threads},
                                         what, progress_);
        if (!made) return tl::unexpected{made.error()};
        std::vector<std::vector<NoteLine>> lines;
        for (const auto& of_order : *made) {
            auto& notes = lines.emplace_back();
            for (const EventSequence& line : of_order)
                notes.push_back(note_line(line, bundle_.vocabulary));
        }
        return lines;
    }

    // Under these genres' weights alone.
    static Stretch stretch(std::initializer_list<std::pair<std::size_t, float>> weights,
                           std::size_t notes) {
        Stretch made;
        for (const auto& [genre, weight] : weights) made.weights.value[genre] = weight;
        made.notes = notes;
        return made;
    }

    Status play_alone() {
        std::vector<Order> orders;
        for (std::size_t g = 0; g < genres_; ++g)
            orders.push_back(
                Order{{stretch({{g, kMaxGenreWeight}}, settings_.line_notes)}, settings_.lines});
        auto lines = compose_all(orders, "composing each genre");
        if (!lines) return tl::unexpected{lines.error()};
        alone_ = std::move(*lines);
        return {};
    }

    // --- Whose is it? ---

    struct Verdicts {
        std::vector<std::vector<double>> confusion;  // [truth][verdict], shares
        std::vector<std::size_t> excerpts;
        std::vector<double> right;         // among all genres
        std::vector<double> right_strong;  // a strong genre's among the strong ones
    };

    Verdicts ask(const std::vector<std::vector<NoteLine>>& lines) const {
        Verdicts verdicts{std::vector(genres_, std::vector<double>(genres_)),
                          std::vector<std::size_t>(genres_), std::vector<double>(genres_),
                          std::vector<double>(genres_)};
        for (std::size_t g = 0; g < genres_; ++g) {
            const auto parts = excerpts_of(lines[g], Judge::kExcerptNotes);
            verdicts.excerpts[g] = parts.size();
            const double each = parts.empty() ? 0.0 : 1.0 / static_cast<double>(parts.size());
            for (const NoteLine& part : parts) {
                verdicts.confusion[g][judge_.verdict(part)] += each;
                if (!strong_.empty() && judge_.verdict(part, strong_) == g)
                    verdicts.right_strong[g] += each;
            }
            verdicts.right[g] = verdicts.confusion[g][g];
        }
        return verdicts;
    }

    Json by_genre(const std::vector<double>& values, const std::vector<std::size_t>& which) const {
        Json object = Json::object();
        for (const std::size_t g : which) object[bundle_.genres[g]] = values[g];
        return object;
    }

    static double ratio(double a, double b) { return b > 0.0 ? a / b : 0.0; }

    void verdicts(Json& control) const {
        const Verdicts real = ask(real_.held_out), played = ask(alone_);
        std::vector<std::size_t> there;
        std::vector<double> of_ceiling(genres_), of_ceiling_strong(genres_);
        for (std::size_t g = 0; g < genres_; ++g) {
            if (real.excerpts[g] > 0) there.push_back(g);
            of_ceiling[g] = ratio(played.right[g], real.right[g]);
            of_ceiling_strong[g] = ratio(played.right_strong[g], real.right_strong[g]);
        }
        Json counts_real = Json::object(), counts_played = Json::object();
        for (std::size_t g = 0; g < genres_; ++g) {
            counts_real[bundle_.genres[g]] = real.excerpts[g];
            counts_played[bundle_.genres[g]] = played.excerpts[g];
        }
        control["real"] = {{"confusion", real.confusion},
                           {"accuracy", by_genre(real.right, there)},
                           {"accuracy_among_strong", by_genre(real.right_strong, strong_)},
                           {"excerpts", counts_real}};
        control["one_hot"] = {{"confusion", played.confusion},
                              {"share", by_genre(played.right, there)},
                              {"of_ceiling", by_genre(of_ceiling, there)},
                              {"share_among_strong", by_genre(played.right_strong, strong_)},
                              {"of_ceiling_among_strong", by_genre(of_ceiling_strong, strong_)},
                              {"excerpts", counts_played}};
    }

    // --- Do the weights lead it? ---

    Status sweeps(Json& result) {
        std::vector<Order> orders;
        std::vector<std::array<std::size_t, 2>> pairs;
        for (std::size_t a = 0; a < genres_; ++a)
            for (std::size_t b = a + 1; b < genres_; ++b) {
                pairs.push_back({a, b});
                for (std::size_t point = 0; point < kSweepPoints; ++point) {
                    const auto weight = static_cast<float>(point);
                    orders.push_back(Order{{stretch({{a, weight}, {b, kMaxGenreWeight - weight}},
                                                    settings_.sweep_notes)},
                                           settings_.sweep_lines});
                }
            }
        const auto lines = compose_all(orders, "composing sweeps");
        if (!lines) return tl::unexpected{lines.error()};
        result = Json::array();
        for (std::size_t p = 0; p < pairs.size(); ++p) {
            const auto& pair = pairs[p];
            std::vector<double> weight, verdict;
            for (std::size_t point = 0; point < kSweepPoints; ++point) {
                double sum = 0.0;
                const auto parts = excerpts_of((*lines)[p * kSweepPoints + point], kSweepExcerpt);
                for (const NoteLine& part : parts) sum += judge_.posterior(part, pair)[0];
                weight.push_back(static_cast<double>(point) / (kSweepPoints - 1));
                verdict.push_back(parts.empty() ? 0.5 : sum / static_cast<double>(parts.size()));
            }
            result.push_back({{"a", bundle_.genres[pair[0]]},
                              {"b", bundle_.genres[pair[1]]},
                              {"weight_a", weight},
                              {"verdict_a", verdict},
                              {"rank_correlation", spearman(weight, verdict)}});
        }
        return {};
    }

    // Between strong genres: among the small ones the judge itself is often in doubt.
    Status switches(Json& result) {
        const std::vector<std::size_t>& asked = strong_.size() > 1 ? strong_ : everybody();
        std::vector<Order> orders;
        std::vector<std::array<std::size_t, 2>> ways;
        for (const std::size_t from : asked)
            for (const std::size_t to : asked) {
                if (from == to) continue;
                ways.push_back({from, to});
                orders.push_back(Order{{stretch({{from, kMaxGenreWeight}}, settings_.switch_notes),
                                        stretch({{to, kMaxGenreWeight}}, settings_.switch_notes)},
                                       settings_.switch_lines});
            }
        const auto lines = compose_all(orders, "composing switches");
        if (!lines) return tl::unexpected{lines.error()};
        std::vector<std::size_t> all, histogram(settings_.switch_notes + 1);
        std::size_t never = 0, before = 0, count = 0;
        Json pairs = Json::array();
        for (std::size_t i = 0; i < orders.size(); ++i) {
            const auto [from, to] = ways[i];
            std::vector<std::size_t> of_pair;
            for (const NoteLine& line : (*lines)[i]) {
                ++count;
                const auto notes = notes_until_verdict_follows(
                    judge_, line, std::min(settings_.switch_notes, line.size()), from, to);
                if (notes && *notes == 0) ++before;
                if (!notes) ++never;
                // What never follows counts as longer than the line goes on.
                of_pair.push_back(notes.value_or(settings_.switch_notes + 1));
                if (notes && *notes < histogram.size()) ++histogram[*notes];
            }
            pairs.push_back({{"from", bundle_.genres[from]},
                             {"to", bundle_.genres[to]},
                             {"median_notes", median(of_pair)}});
            all.insert(all.end(), of_pair.begin(), of_pair.end());
        }
        const auto share = [&](std::size_t n) {
            return count == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(count);
        };
        result = {
            {"median_notes", median(all)}, {"never", share(never)}, {"already", share(before)},
            {"histogram", histogram},      {"pairs", pairs},        {"real", real_switches(asked)}};
        return {};
    }

    // The same between excerpts of real pieces, laid end to end: what this listener needs at least.
    Json real_switches(const std::vector<std::size_t>& asked) const {
        std::vector<std::size_t> all;
        for (const std::size_t from : asked)
            for (const std::size_t to : asked) {
                if (from == to) continue;
                const auto befores = excerpts_of(real_.held_out[from], settings_.switch_notes);
                const auto afters = excerpts_of(real_.held_out[to], settings_.switch_notes);
                const std::size_t count =
                    std::min({befores.size(), afters.size(), settings_.switch_lines});
                for (std::size_t n = 0; n < count; ++n) {
                    NoteLine line = befores[n * befores.size() / count];
                    const NoteLine& after = afters[n * afters.size() / count];
                    const std::size_t at = line.size();
                    const Cells end = line.notes.back().onset + line.notes.back().duration;
                    for (LineNote note : after.notes) {
                        note.onset = note.onset + end;
                        line.notes.push_back(note);
                    }
                    all.push_back(notes_until_verdict_follows(judge_, line, at, from, to)
                                      .value_or(settings_.switch_notes + 1));
                }
            }
        return {{"median_notes", median(all)}, {"switches", all.size()}};
    }

    [[nodiscard]] const std::vector<std::size_t>& everybody() {
        if (all_.empty())
            for (std::size_t g = 0; g < genres_; ++g) all_.push_back(g);
        return all_;
    }

    // --- Is it copied? ---

    void memorisation(Json& result) const {
        std::vector<NoteLine> learned;
        for (const auto* lines : {&real_.training, &real_.validation})
            for (const auto& of_genre : *lines)
                learned.insert(learned.end(), of_genre.begin(), of_genre.end());
        const TrainingRuns runs{learned};
        const auto part = [&](const std::vector<NoteLine>& lines) {
            return Json{{"share", runs.share_found(lines)},
                        {"longest",
                         runs.longest_copied_histogram(excerpts_of(lines, Judge::kExcerptNotes))}};
        };
        double played = 0.0, held_out = 0.0, count = 0.0;
        result = {{"run_notes", TrainingRuns::kRun}, {"genres", Json::object()}};
        for (std::size_t g = 0; g < genres_; ++g) {
            if (real_.held_out[g].empty()) continue;
            const Json ours = part(alone_[g]), theirs = part(real_.held_out[g]);
            played += ours["share"].get<double>();
            held_out += theirs["share"].get<double>();
            count += 1.0;
            result["genres"][bundle_.genres[g]] = {{"generated", ours}, {"held_out", theirs}};
        }
        result["mean"] = {{"generated_share", ratio(played, count)},
                          {"held_out_share", ratio(held_out, count)}};
    }

    // --- Does it move like real music? ---

    void statistics(Json& result) const {
        result = {{"genres", Json::object()}};
        double overlap = 0.0, overlap_real = 0.0, count = 0.0;
        std::vector<Json> parts(genres_);
        for_each_index(genres_, settings_.threads, [&](std::size_t g) { parts[g] = compared(g); });
        for (std::size_t g = 0; g < genres_; ++g) {
            if (parts[g].is_null()) continue;
            overlap += parts[g]["overlap"].get<double>();
            overlap_real += parts[g]["overlap_real"].get<double>();
            count += 1.0;
            result["genres"][bundle_.genres[g]] = std::move(parts[g]);
        }
        result["mean"] = {{"overlap", ratio(overlap, count)},
                          {"overlap_real", ratio(overlap_real, count)}};
    }

    Json compared(std::size_t g) const {
        // Two halves, piece by piece.
        std::vector<NoteLine> one, other;
        for (std::size_t i = 0; i < real_.held_out[g].size(); ++i)
            (i % 2 == 0 ? one : other).push_back(real_.held_out[g][i]);
        if (other.empty()) return {};
        const auto cut = [&](const std::vector<NoteLine>& lines) {
            return thinned(excerpts_of(lines, kStatisticsExcerpt), settings_.most_compared);
        };
        const auto played = compare(cut(alone_[g]), cut(real_.held_out[g]));
        const auto among_real = compare(cut(one), cut(other));
        Json features = Json::array();
        for (std::size_t f = 0; f < std::min(played.size(), among_real.size()); ++f)
            features.push_back({{"name", played[f].name},
                                {"kl", played[f].kl},
                                {"overlap", played[f].overlap},
                                {"kl_real", among_real[f].kl},
                                {"overlap_real", among_real[f].overlap}});
        std::vector<std::string> lengths;
        for (const Cells duration : duration_classes())
            lengths.push_back(fmt::format("{}/12", duration.count()));
        return {{"features", features},
                {"overlap", mean_overlap(played)},
                {"overlap_real", mean_overlap(among_real)},
                {"pitch_class",
                 {{"real", pitch_class_histogram(real_.held_out[g])},
                  {"generated", pitch_class_histogram(alone_[g])}}},
                {"duration",
                 {{"labels", lengths},
                  {"real", duration_histogram(real_.held_out[g])},
                  {"generated", duration_histogram(alone_[g])}}}};
    }

    const Bundle& bundle_;
    const RealLines& real_;
    const MusicSettings& settings_;
    Progress& progress_;
    const Judge& judge_;
    std::size_t genres_;
    std::vector<std::size_t> strong_, all_;
    std::vector<std::vector<NoteLine>> alone_;  // by genre, at full weight
};

}  // namespace

Result<nlohmann::ordered_json> evaluate_told_apart_only(const Bundle& bundle, const RealLines& real,
                                                        const MusicSettings& settings,
                                                        Progress& progress) {
    auto apart = evaluate_told_apart(bundle, real, blends_to_hear(bundle, strong_genres(real)),
                                     apart_settings(settings), progress);
    if (!apart) return apart;
    return Json{{"told_apart", std::move(*apart)}};
}

Result<nlohmann::ordered_json> evaluate_music(const Bundle& bundle, const RealLines& real,
                                              const MusicSettings& settings, Progress& progress) {
    progress.say("fitting the judge");
    const auto judge = Judge::fit(real.training, real.validation);
    if (!judge) return tl::unexpected{judge.error()};
    return MusicEvaluation{bundle, real, settings, progress, *judge}.run();
}

}  // namespace fusion::train
