// What one hears in a stretch of a line without knowing whose it is: what returns and at which
// distance, how clear its key is, how it leaps and answers leaps, how its phrases end, how wide,
// dense and varied it is. Numbers for telling_apart.hpp; each has a name, so that what gives a line
// away can be said. Returning figures are counted exactly, from one note to the next, so lines must
// be on the grid.
// Thread: any. Errors: none.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

// In the order of features_of().
[[nodiscard]] std::span<const std::string_view> feature_names();
// The place of a name; the name must exist.
[[nodiscard]] std::size_t feature_index(std::string_view name);
// Of a stretch with two notes or more.
[[nodiscard]] std::vector<double> features_of(const NoteLine& stretch);

}  // namespace fusion::train
