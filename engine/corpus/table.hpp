// The text that `fusion-train prepare` prints: what was read, genre by genre, and what was not.
// Thread: any. Errors: none.
#pragma once

#include <string>

#include "engine/corpus/data_set.hpp"

namespace fusion {

// One line a genre (pieces and events by split, coverage, rejected), the sum, then the reasons of
// the rejections with how often each came and one file it came for.
[[nodiscard]] std::string describe(const DataSet& data);

}  // namespace fusion
