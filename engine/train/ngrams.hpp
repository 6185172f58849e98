// The bundle's n-gram tables: fitted on the training pieces of each genre, smoothed as suits the
// validation pieces. Thread: any. Errors: none.
#pragma once

#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/ngram.hpp"

namespace fusion::train {

struct FittedNgrams {
    std::vector<NgramModel> models;                // per genre
    std::vector<NgramModel::Strengths> strengths;  // chosen
};

[[nodiscard]] FittedNgrams fit_ngrams(const DataSet& data);

// -log P of each event of `line`, history from its start.
[[nodiscard]] double cross_entropy(const NgramModel& model, const std::vector<EventId>& line);

}  // namespace fusion::train
