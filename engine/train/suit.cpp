#include "engine/train/suit.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "engine/train/form_fit.hpp"
#include "engine/train/real_lines.hpp"

namespace fusion::train {

Status suit(Bundle& bundle, const DataSet& corpus, const DiceSearch& how, Progress& progress) {
    auto record = nlohmann::ordered_json::parse(bundle.record, nullptr, false);
    if (!record.is_object()) record = nlohmann::ordered_json::object();

    const FittedForms fitted = fit_forms(corpus);
    std::vector<FormModel> forms;
    for (const std::string& genre : bundle.genres) {
        const auto at = std::find(corpus.genres.begin(), corpus.genres.end(), genre);
        if (at == corpus.genres.end())
            return fail(Error::Code::not_found,
                        fmt::format("the corpus has no folder {}, which the bundle plays: name the "
                                    "corpus that it was trained on",
                                    genre));
        const auto g = static_cast<std::size_t>(at - corpus.genres.begin());
        forms.push_back(fitted.models[g]);
        const double phrases = static_cast<double>(std::max<std::size_t>(1, fitted.phrases[g]));
        record["forms"][genre] = {{"phrases", fitted.phrases[g]},
                                  {"returning", static_cast<double>(fitted.returned[g]) / phrases},
                                  {"likeness", fitted.models[g].likeness}};
        progress.say(fmt::format("forms of {}: {:.0f}% of {} phrases return, {:.0f}% alike", genre,
                                 100.0 * static_cast<double>(fitted.returned[g]) / phrases,
                                 fitted.phrases[g],
                                 100.0 * static_cast<double>(fitted.models[g].likeness)));
    }
    bundle.forms = std::move(forms);

    auto found = find_dice(bundle, real_lines(corpus, bundle), how, progress);
    if (!found) return tl::unexpected{found.error()};
    bundle.dice = std::move(found->dice);
    record["dice"] = std::move(found->record);
    bundle.record = record.dump(2);
    return {};
}

}  // namespace fusion::train
