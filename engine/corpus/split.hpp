// Which pieces are learned from, which stop the training, and which are kept for the report.
// Related pieces (a cluster) always go the same way, across genres too.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/corpus/data_set.hpp"

namespace fusion {

struct SplitShares {
    double test;        // of a genre's pieces
    double validation;  // of what is not test
};

// Sets Piece::split. Within each genre whole clusters are drawn, in an order that only the seed and
// their names decide, until the share is met as nearly as it can be. A genre keeps at least one
// cluster to learn from. Where a cluster spans genres, the first of them decides.
void assign_splits(std::vector<Piece>& pieces, std::uint64_t seed, SplitShares shares);

}  // namespace fusion
