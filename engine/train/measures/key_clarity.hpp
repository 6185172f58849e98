// How clear a key a stretch of notes has: its pitch classes beside the profile of each key.
// engine/corpus/key.hpp says which key a piece is in and asks its scale too; a measure of what is
// played shall not share that with what it was trained by.
// Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstddef>

namespace fusion::train {

using PitchClassCounts = std::array<double, 12>;  // 0 is C

struct ClearKey {
    double clarity = -1.0;     // correlation with the profile that fits best
    double beyond_next = 0.0;  // over the best with another tonic
    std::size_t tonic = 0;
};

[[nodiscard]] ClearKey clearest_key(const PitchClassCounts& heard);

}  // namespace fusion::train
