#include "engine/train/dice_search.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

#include <fmt/format.h>

#include "engine/nn/torch_generator.hpp"
#include "engine/train/compose.hpp"
#include "engine/train/each_genre.hpp"
#include "engine/train/telling_apart.hpp"

namespace fusion::train {
namespace {

constexpr double kChance = 0.05;  // of an AUC
constexpr std::size_t kMostPieces = 120;
constexpr std::size_t kEnoughPieces = 40;

std::vector<HeardLine> real_of(const RealLines& real, std::size_t genre,
                               const DiceSearch& settings) {
    std::vector<HeardLine> heard;
    for (const auto* lines : {&real.validation[genre], &real.training[genre]}) {
        if (heard.size() >= kEnoughPieces) break;
        std::size_t count = std::min(kMostPieces, lines->size());
        for (std::size_t i = 0; i < count; ++i) {
            const NoteLine& piece = (*lines)[i * lines->size() / count];
            if (!in_four(piece)) continue;
            HeardLine line = hear(piece, settings.stretch_notes, settings.stretches);
            if (!line.stretches.empty()) heard.push_back(std::move(line));
        }
    }
    return heard;
}

// One genre's search.
class Search {
public:
    // `alone`: the genre by itself, which is quicker to ask.
    Search(Bundle all, Bundle alone, std::size_t genre, const std::vector<HeardLine>& real,
           const DiceSearch& settings)
        : all_{std::move(all)},
          alone_{std::move(alone)},
          genre_{genre},
          real_{real},
          settings_{settings} {
        all_.dice.assign(all_.genres.size(), GenreDice{});
        alone_.dice.assign(1, GenreDice{});
    }

    Result<GenreDice> run(nlohmann::ordered_json& record) {
        using Values = std::vector<float>;
        GenreDice best = kUsualDice;
        for (const auto& [values, which] : {std::pair{Values{0.85F, 1.15F}, &GenreDice::lengths},
                                            std::pair{Values{0.9F}, &GenreDice::temperature},
                                            std::pair{Values{0.94F}, &GenreDice::top_p},
                                            std::pair{Values{0.3F}, &GenreDice::guidance}}) {
            const auto value = calmest_of(best, values, which);
            if (!value) return tl::unexpected{value.error()};
            best.*which = *value;
        }
        record["auc"] = *told(best);
        for (const auto& [key, auc] : known_)
            record["tried"].push_back({{"temperature", std::get<0>(key)},
                                       {"top_p", std::get<1>(key)},
                                       {"guidance", std::get<2>(key)},
                                       {"lengths", std::get<3>(key)},
                                       {"auc", auc}});
        return best;
    }

private:
    Result<double> told(const GenreDice& dice) {
        const auto key = std::tuple{dice.temperature, dice.top_p, dice.guidance, dice.lengths};
        if (const auto at = known_.find(key); at != known_.end()) return at->second;
        // Only guidance asks what the other genres would play.
        Bundle& bundle = dice.guidance > 0.0F ? all_ : alone_;
        const std::size_t genre = dice.guidance > 0.0F ? genre_ : 0;
        bundle.dice[genre] = dice;
        const auto generator = make_torch_generator(bundle, DeviceChoice::cpu);
        if (!generator) return tl::unexpected{generator.error()};
        Stretch stretch;
        stretch.weights.value[genre] = kMaxGenreWeight;
        stretch.notes = settings_.stretch_notes * settings_.stretches;
        std::vector<HeardLine> played;
        for (std::size_t n = 0; n < settings_.lines; ++n) {
            const auto line = compose(**generator, {bundle.chords, bundle.forms}, {stretch},
                                      performance_settings(settings_.seed + n));
            if (!line) return tl::unexpected{line.error()};
            played.push_back(hear(note_line(*line, bundle.vocabulary), settings_.stretch_notes,
                                  settings_.stretches));
        }
        const double auc = tell_apart(played, real_, settings_.seed).auc;
        known_[key] = auc;
        return auc;
    }

    // One AUC of some sixty stretches is a twentieth off either way, and the least of many is the
    // luckiest: what `from` has stays unless another is better by more than chance.
    Result<float> calmest_of(const GenreDice& from, const std::vector<float>& values,
                             float GenreDice::*which) {
        const auto usual = told(from);
        if (!usual) return tl::unexpected{usual.error()};
        float best = from.*which;
        double least = *usual - kChance;
        for (const float value : values) {
            GenreDice tried = from;
            tried.*which = value;
            const auto auc = told(tried);
            if (!auc) return tl::unexpected{auc.error()};
            if (*auc >= least) continue;
            least = *auc;
            best = value;
        }
        return best;
    }

    Bundle all_, alone_;
    std::size_t genre_;
    const std::vector<HeardLine>& real_;
    const DiceSearch& settings_;
    std::map<std::tuple<float, float, float, float>, double> known_;
};

}  // namespace

Result<FoundDice> find_dice(const Bundle& bundle, const RealLines& real, const DiceSearch& settings,
                            Progress& progress) {
    std::vector<nlohmann::ordered_json> records(bundle.genres.size());
    auto dice = for_each_genre<GenreDice>(
        bundle, settings.threads,
        [&](std::size_t g, Bundle alone) {
            const auto pieces = real_of(real, g, settings);
            return Search{bundle, std::move(alone), g, pieces, settings}.run(records[g]);
        },
        [&](std::size_t g, const GenreDice& best) {
            progress.say(
                fmt::format("dice of {}: lengths {:.2f}, temperature {:.2f}, top-p {:.3f}, "
                            "guidance {:.2f}: told apart {:.3f}",
                            bundle.genres[g], best.lengths, best.temperature, best.top_p,
                            best.guidance, records[g]["auc"].get<double>()));
        });
    if (!dice) return tl::unexpected{dice.error()};
    FoundDice found{std::move(*dice), {}};
    for (std::size_t g = 0; g < records.size(); ++g)
        found.record[bundle.genres[g]] = std::move(records[g]);
    return found;
}

}  // namespace fusion::train
