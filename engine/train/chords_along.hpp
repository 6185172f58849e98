// A piece's own chords as the networks are told of them, and where its periods of eight bars begin.
// Where they were told from the melody alone no chord is told: it would be a guess from the very
// notes that shall be predicted. Thread: any. Errors: none.
#pragma once

#include <cstddef>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/model/told_chords.hpp"

namespace fusion::train {

// The bar that the first period begins with: what begins in the second half of a bar is an upbeat.
[[nodiscard]] std::size_t first_bar(const Piece& piece);

// One for each event of the line.
[[nodiscard]] std::vector<ToldChords> chords_along(const Piece& piece);

}  // namespace fusion::train
