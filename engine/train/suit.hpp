// What a bundle is given once its networks are trained: the forms and the chords of its corpus
// (form_fit.hpp, chord_fit.hpp), and the dice that suit each genre (dice_search.hpp), which are
// looked for under those.
// Thread: one (starts its own). Errors: not_found (a genre without pieces), and the generator's.
#pragma once

#include <optional>

#include "engine/base/result.hpp"
#include "engine/corpus/data_set.hpp"
#include "engine/model/bundle.hpp"
#include "engine/train/dice_search.hpp"
#include "engine/train/progress.hpp"

namespace fusion::train {

// Into `bundle` and its record. `corpus`: the one that it was trained on (read_corpus_of()).
// Without `how` the dice stay what they are.
[[nodiscard]] Status suit(Bundle& bundle, const DataSet& corpus,
                          const std::optional<DiceSearch>& how, Progress& progress);

}  // namespace fusion::train
