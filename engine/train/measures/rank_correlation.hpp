// Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of
// the ranks they take up (C. Spearman, 1904). Thread: any. Errors: none.
#pragma once

#include <span>

namespace fusion::train {

// In -1 to 1; 0 where one side is all equal, is shorter than two, or the lengths differ.
[[nodiscard]] double spearman(std::span<const double> a, std::span<const double> b);

}  // namespace fusion::train
