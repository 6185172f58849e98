// When two bars are the same. Who calls: band_fit.cpp, band_habits.cpp. Thread: any. Errors: none.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/model/band_book.hpp"

namespace fusion::train {

inline constexpr double kSameBar = 0.8;

// Jaccard's: the notes that both have, by place and what, of those that one of them has. 1 for two
// without notes. Each by place, then what.
[[nodiscard]] double likeness(const std::vector<BandNote>& a, const std::vector<BandNote>& b);

}  // namespace fusion::train
