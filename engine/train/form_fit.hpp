// The forms of a corpus: which phrases of its pieces return (engine/model/form_model.hpp). A phrase
// of four bars returns to the earlier one, of those up to kFarthestReturn before, with which it
// shares the most events (the same, at the same place), if that is half of them or more; of equals
// the nearest. Training pieces only; lines of the same piece count as one more piece. Thread: one.
// Errors: none.
#pragma once

#include <optional>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/form_model.hpp"

namespace fusion::train {

// By phrase: how many phrases ago, and the share of its events that are as they were; none where
// the phrase is new.
[[nodiscard]] std::vector<std::optional<PhraseReturn>> returns_along(const EventSequence& line,
                                                                     const Vocabulary& vocabulary);

// Phrase by phrase of a piece, what it returns to. One that does not count is only what the next
// one comes after.
struct FormPhrase {
    std::optional<PhraseReturn> back;
    bool counts = true;
};
[[nodiscard]] FormModel fit_form(const std::vector<std::vector<FormPhrase>>& pieces);

struct FittedForms {
    std::vector<FormModel> models;      // by genre
    std::vector<std::size_t> phrases;   // that were looked at
    std::vector<std::size_t> returned;  // of those
};
[[nodiscard]] FittedForms fit_forms(const DataSet& data);

}  // namespace fusion::train
