// What the judge hears of a line, in several views at once: the steps of the melody, the rhythm,
// the rhythm in the bar, both together. Each view is a chain of symbols, one a note, and what came
// before each, most telling first. No view knows a pitch or its class, only intervals: all is the
// same when the line is transposed, and nothing is what the generator predicts (its events are
// absolute pitches with durations). The metre itself is never a symbol, only a context: what
// metre a line is played in is the performer's choice and says nothing about its genre.
// Thread: any. Errors: none.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/train/measures/note_line.hpp"

namespace fusion::train {

enum class View : std::uint8_t { steps, rhythm, metre, steps_by_rhythm, motifs, articulation };
inline constexpr std::size_t kViews = 6;
inline constexpr std::size_t kMostContext = 5;

struct Heard {
    std::uint32_t symbol = 0;
    std::array<std::uint32_t, kMostContext> context{};  // the nearest first
    std::size_t depth = 0;                              // how much of `context` counts
};

// Looks at notes before i, at note i, and at when the next one begins, never further.
[[nodiscard]] Heard hear(View view, const NoteLine& line, std::size_t i);

// How many symbols the view could have; the floor of every likelihood is one over it.
[[nodiscard]] double symbols_of(View view);

}  // namespace fusion::train
