#include "engine/train/told_apart.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "engine/train/compose.hpp"
#include "engine/train/measures/window_features.hpp"
#include "engine/train/parallel.hpp"
#include "engine/train/telling_apart.hpp"

namespace fusion::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostPieces = 120;  // of a genre, in a comparison
constexpr std::size_t kGivenAway = 6;     // features that are named

// What a blend must keep between what its genres do.
constexpr std::array<std::string_view, 6> kBetween{
    "figures_3_return", "rhythms_5_return", "key_clarity", "out_of_key", "silence", "range"};
constexpr double kSlack = 0.1;

using Heard = std::vector<HeardLine>;

template <class Hear>
Heard heard(const std::vector<NoteLine>& lines, std::size_t most, Hear hear_one) {
    std::vector<const NoteLine*> comparable;
    for (const NoteLine& line : lines)
        if (in_four(line)) comparable.push_back(&line);
    Heard all;
    const std::size_t count = std::min(most, comparable.size());
    for (std::size_t i = 0; i < count; ++i) {
        HeardLine line = hear_one(*comparable[i * comparable.size() / count]);
        if (!line.stretches.empty()) all.push_back(std::move(line));
    }
    return all;
}

// The genres' real pieces together, as many of each.
Heard together(const std::vector<Heard>& by_genre, const std::vector<std::size_t>& genres) {
    std::size_t least = kMostPieces;
    for (const std::size_t g : genres)
        if (!by_genre[g].empty()) least = std::min(least, by_genre[g].size());
    const std::size_t each = genres.size() == 1 ? by_genre[genres.front()].size() : least;
    Heard all;
    for (const std::size_t g : genres)
        for (std::size_t i = 0; i < std::min(each, by_genre[g].size()); ++i)
            all.push_back(by_genre[g][i * by_genre[g].size() / std::min(each, by_genre[g].size())]);
    return all;
}

double mean_of(const Heard& lines, std::string_view feature) {
    const std::size_t f = feature_index(feature);
    double sum = 0.0, count = 0.0;
    for (const HeardLine& line : lines)
        for (const auto& stretch : line.stretches) {
            sum += stretch[f];
            count += 1.0;
        }
    return count > 0.0 ? sum / count : 0.0;
}

double most_of(const Heard& lines, std::string_view feature) {
    const std::size_t f = feature_index(feature);
    double most = 0.0;
    for (const HeardLine& line : lines)
        for (const auto& stretch : line.stretches) most = std::max(most, stretch[f]);
    return most;
}

Json between(const Heard& played, const std::vector<Heard>& real,
             const std::vector<std::size_t>& genres) {
    Json all = Json::object();
    for (const auto feature : kBetween) {
        double least = 1e9, most = -1e9;
        for (const std::size_t g : genres) {
            const double of_genre = mean_of(real[g], feature);
            least = std::min(least, of_genre);
            most = std::max(most, of_genre);
        }
        const double value = mean_of(played, feature);
        all[std::string{feature}] = {
            {"played", value},
            {"least", least},
            {"most", most},
            {"holds", value >= least * (1.0 - kSlack) && value <= most * (1.0 + kSlack)}};
    }
    return all;
}

Json given_away(const ToldApart& told) {
    Json by = Json::array();
    for (std::size_t i = 0; i < std::min(kGivenAway, told.by.size()); ++i)
        by.push_back({{"feature", told.by[i].feature},
                      {"auc", told.by[i].auc},
                      {"played", told.by[i].played},
                      {"real", told.by[i].real}});
    return by;
}

std::optional<NamedBlend> named(const Bundle& bundle,
                                std::initializer_list<std::pair<std::string_view, float>> weights) {
    NamedBlend blend;
    for (const auto& [genre, weight] : weights) {
        const auto at = std::find(bundle.genres.begin(), bundle.genres.end(), genre);
        if (at == bundle.genres.end()) return std::nullopt;
        const auto g = static_cast<std::size_t>(at - bundle.genres.begin());
        blend.weights.value[g] = weight;
        blend.genres.push_back(g);
        blend.name += fmt::format("{}{} {}", blend.name.empty() ? "" : " ", genre, weight);
    }
    return blend;
}

}  // namespace

std::vector<NamedBlend> blends_to_hear(const Bundle& bundle,
                                       const std::vector<std::size_t>& strong) {
    std::vector<NamedBlend> blends;
    for (const std::size_t g : strong) {
        NamedBlend blend{bundle.genres[g], {}, {g}};
        blend.weights.value[g] = kMaxGenreWeight;
        blends.push_back(std::move(blend));
    }
    for (const auto& blend :
         {named(bundle, {{"classical", 10.0F}, {"jazz", 5.0F}, {"pop", 1.0F}}),
          named(bundle, {{"cinematic", 5.0F}, {"classical", 5.0F}, {"jazz", 5.0F}})})
        if (blend) blends.push_back(*blend);
    for (std::size_t a = 0; a < strong.size(); ++a)
        for (std::size_t b = a + 1; b < strong.size(); ++b)
            blends.push_back(*named(
                bundle, {{bundle.genres[strong[a]], 5.0F}, {bundle.genres[strong[b]], 5.0F}}));
    NamedBlend all{"all", {}, {}};
    for (std::size_t g = 0; g < bundle.genres.size(); ++g) {
        all.weights.value[g] = 5.0F;
        all.genres.push_back(g);
    }
    if (all.genres.size() > 1) blends.push_back(std::move(all));
    return blends;
}

Result<Json> evaluate_told_apart(const Bundle& bundle, const RealLines& real,
                                 const std::vector<NamedBlend>& blends,
                                 const ToldApartSettings& settings, Progress& progress) {
    const auto stretches = [&](const NoteLine& line) {
        return hear(line, settings.stretch_notes, settings.stretches);
    };
    const auto opening = [&](const NoteLine& line) {
        return hear_opening(line, settings.opening_bars);
    };
    const std::size_t genres = bundle.genres.size();
    std::vector<Heard> held_out(genres), training(genres), openings(genres), other_openings(genres);
    for_each_index(genres, settings.threads, [&](std::size_t g) {
        held_out[g] = heard(real.held_out[g], kMostPieces, stretches);
        training[g] = heard(real.training[g], kMostPieces, stretches);
        openings[g] = heard(real.held_out[g], kMostPieces, opening);
        other_openings[g] = heard(real.training[g], kMostPieces, opening);
    });

    std::vector<Order> orders;
    orders.reserve(blends.size());
    for (const NamedBlend& blend : blends)
        orders.push_back(
            {{{blend.weights, settings.stretch_notes * settings.stretches}}, settings.lines});
    const auto lines =
        compose_orders(bundle, orders, {settings.sampling, settings.device, settings.threads},
                       "composing blends", progress);
    if (!lines) return tl::unexpected{lines.error()};

    progress.say("telling apart");
    std::vector<Json> found(blends.size());
    for_each_index(blends.size(), settings.threads, [&](std::size_t b) {
        const NamedBlend& blend = blends[b];
        std::vector<NoteLine> notes;
        for (const EventSequence& line : (*lines)[b])
            notes.push_back(note_line(line, bundle.vocabulary));
        const Heard played = heard(notes, notes.size(), stretches);
        const Heard played_openings = heard(notes, notes.size(), opening);
        const Heard theirs = together(held_out, blend.genres);
        const auto told = tell_apart(played, theirs, settings.sampling.seed);
        const auto auc = [&](const Heard& one, const Heard& other) {
            return tell_apart(one, other, settings.sampling.seed).auc;
        };
        found[b] = {{"auc", told.auc},
                    {"floor", auc(together(training, blend.genres), theirs)},
                    {"opening", auc(played_openings, together(openings, blend.genres))},
                    {"opening_floor",
                     auc(together(other_openings, blend.genres), together(openings, blend.genres))},
                    {"same_bars_in_a_row", most_of(played, "same_bars_in_a_row")},
                    {"stretches", {{"played", told.played}, {"real", told.real}}},
                    {"by", given_away(told)}};
        if (blend.genres.size() > 1) found[b]["between"] = between(played, held_out, blend.genres);
    });
    Json all{{"stretch_notes", settings.stretch_notes},
             {"opening_bars", settings.opening_bars},
             {"blends", Json::object()}};
    for (std::size_t b = 0; b < blends.size(); ++b)
        all["blends"][blends[b].name] = std::move(found[b]);
    return all;
}

}  // namespace fusion::train
