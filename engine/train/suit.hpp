// What a bundle is given once its networks are trained, each found under the ones before: the forms
// and the chords of its corpus (form_fit.hpp, chord_fit.hpp, pull_fit.hpp), the dice that suit each
// genre (dice_search.hpp), and its manners (manners_fit.hpp).
// Thread: one (starts its own). Errors: not_found (a genre without pieces), and the generator's.
#pragma once

#include <optional>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/dice_search.hpp"
#include "engine/train/manners_fit.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

// usual: those that the search sets out from; manners mend what is left.
enum class SuitDice : int { searched, usual, kept };

struct SuitOptions {
    SuitDice dice = SuitDice::usual;
    DiceSearch search{};
    std::optional<MannersSearch> manners = MannersSearch{};  // none: they stay what they are
    std::size_t threads = 2;                                 // for all else
};

// Into `bundle` and its record. `corpus`: the one that it was trained on (read_corpus_of()).
[[nodiscard]] Status suit(Bundle& bundle, const DataSet& corpus, const SuitOptions& options,
                          Progress& progress);

}  // namespace fusion::train
