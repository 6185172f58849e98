// An evaluation for people and for programs. Thread: any. Errors: none.
#pragma once

#include <string>

#include "engine/train/evaluate.hpp"

namespace fusion::train {

[[nodiscard]] std::string to_table(const Evaluation& evaluation);
// {"genres": {"jazz": {...}, ...}, "mean": {...}}, keys as the fields of GenreScores.
[[nodiscard]] std::string to_json(const Evaluation& evaluation);

}  // namespace fusion::train
