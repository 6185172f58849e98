#include "engine/train/suit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/train/chord_fit.hpp"
#include "engine/train/form_fit.hpp"
#include "engine/train/pull_fit.hpp"
#include "engine/train/real_lines.hpp"

namespace fusion::train {

namespace {

// Where each of the bundle's genres stands in the corpus.
Result<std::vector<std::size_t>> places_of(const Bundle& bundle, const DataSet& corpus) {
    std::vector<std::size_t> places;
    for (const std::string& genre : bundle.genres) {
        const auto at = std::find(corpus.genres.begin(), corpus.genres.end(), genre);
        if (at == corpus.genres.end())
            return fail(Error::Code::not_found,
                        fmt::format("the corpus has no folder {}, which the bundle plays: name the "
                                    "corpus that it was trained on",
                                    genre));
        places.push_back(static_cast<std::size_t>(at - corpus.genres.begin()));
    }
    return places;
}

using Json = nlohmann::ordered_json;

void give_forms(Bundle& bundle, const DataSet& corpus, const std::vector<std::size_t>& places,
                Json& record, Progress& progress) {
    const FittedForms fitted = fit_forms(corpus);
    bundle.forms.clear();
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto g = places[i];
        const auto& genre = bundle.genres[i];
        const auto& book = bundle.forms.emplace_back(fitted.books[g]);
        const auto share = [&](std::size_t some) {
            return static_cast<double>(some) /
                   static_cast<double>(std::max<std::size_t>(1, fitted.phrases[g]));
        };
        record["forms"][genre] = {{"forms", book.forms.size()},
                                  {"phrases", fitted.phrases[g]},
                                  {"returning", share(fitted.returned[g])},
                                  {"whole", share(fitted.whole[g])},
                                  {"kept", book.kept},
                                  {"varied", book.varied}};
        progress.say(fmt::format(
            "forms of {}: {}; {:.0f}% of {} phrases return, {:.0f}% in all their bars; of the "
            "notes "
            "in these {:.0f}% are as they were, in varied ones {:.0f}%",
            genre, book.forms.size(), 100.0 * share(fitted.returned[g]), fitted.phrases[g],
            100.0 * share(fitted.whole[g]), 100.0 * static_cast<double>(book.kept),
            100.0 * static_cast<double>(book.varied)));
    }
}

Status give_chords(Bundle& bundle, const DataSet& corpus, const std::vector<std::size_t>& places,
                   std::size_t threads, Json& record, Progress& progress) {
    const FittedChords fitted = fit_chords(corpus);
    bundle.chords.clear();
    std::vector<double> wanted;
    for (const auto place : places) {
        bundle.chords.push_back(fitted.genres[place].model);
        wanted.push_back(fitted.genres[place].tones);
    }
    const auto played = fit_pulls(bundle, wanted, {.threads = threads}, progress);
    if (!played) return tl::unexpected{played.error()};
    for (std::size_t i = 0; i < places.size(); ++i) {
        const auto& [fit, pieces, bars_a_chord, returning, tones, by_chance] =
            fitted.genres[places[i]];
        const auto& genre = bundle.genres[i];
        const auto& model = bundle.chords[i];
        record["chords"][genre] = {{"pieces", pieces},
                                   {"bars_a_chord", bars_a_chord},
                                   {"minor", model.minor},
                                   {"returning", returning},
                                   {"tones_on_heavy_beats", tones},
                                   {"of_another_chord", by_chance},
                                   {"played_without_pull", (*played)[i]},
                                   {"pull", model.pull}};
        progress.say(fmt::format(
            "chords of {}: {} pieces, {:.0f}% in minor, a chord lasts {:.1f} bars, under a new "
            "tune {:.0f}% return; {:.0f}% of heavy beats are their tones ({:.0f}% another's), "
            "played {:.0f}%: pull {:.2f}",
            genre, pieces, 100.0 * static_cast<double>(model.minor), bars_a_chord,
            100.0 * returning, 100.0 * tones, 100.0 * by_chance, 100.0 * (*played)[i],
            static_cast<double>(model.pull)));
    }
    return {};
}

}  // namespace

Status suit(Bundle& bundle, const DataSet& corpus, const SuitOptions& options, Progress& progress) {
    auto record = Json::parse(bundle.record, nullptr, false);
    if (!record.is_object()) record = Json::object();
    const auto places = places_of(bundle, corpus);
    if (!places) return tl::unexpected{places.error()};

    give_forms(bundle, corpus, *places, record, progress);
    if (Status given = give_chords(bundle, corpus, *places, options.threads, record, progress);
        !given)
        return given;
    if (options.dice == SuitDice::usual) {
        bundle.dice.assign(bundle.genres.size(), kUsualDice);
        record.erase("dice");
    } else if (options.dice == SuitDice::searched) {
        bundle.manners.clear();
        auto found = find_dice(bundle, real_lines(corpus, bundle), options.search, progress);
        if (!found) return tl::unexpected{found.error()};
        bundle.dice = std::move(found->dice);
        record["dice"] = std::move(found->record);
    }
    if (options.manners) {
        auto found = find_manners(bundle, corpus, *places, *options.manners, progress);
        if (!found) return tl::unexpected{found.error()};
        bundle.manners = std::move(found->manners);
        record["manners"] = std::move(found->record);
    }
    bundle.record = record.dump(2);
    return {};
}

}  // namespace fusion::train
