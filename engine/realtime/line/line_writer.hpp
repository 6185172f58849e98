// From an event of the vocabulary to the note that is played: place in the key and register, gate,
// loudness, and the hand's own inaccuracy; and each genre's proposal beside it in the same way.
//
// Loudness is velocity x (1 + accent x a), where a is how far the genres have the note above or
// below their own level, as a share of it (engine/model/accents.hpp): at accent 1 as they have it,
// at 0 all notes alike.
//
// The hand: by `humanise`, up to 25 ms early or late (Step::lean, ticks at the parameter's tempo)
// and up to 16 of velocity louder or softer, each the sum of two dice, so that small errors are the
// common ones. The dice are those of (seed, step), thrown again for each round of a loop. Where a
// step begins on the grid and how long it lasts is never touched.
// Thread: inference. Errors: none.
#pragma once

#include "engine/corpus/vocabulary.hpp"
#include "engine/realtime/line/line_settings.hpp"
#include "engine/realtime/line/planned_line.hpp"

namespace fusion {

// Writes `made` into the message of `step`, whose index and start are set. `duration`: the event's
// own, or that of the rest that it stands for.
void write_event(PlannedStep& step, const GeneratedEvent& made, Ticks duration,
                 const Vocabulary& vocabulary, const LineSettings& settings);

// A rest that no generator was asked for.
void write_rest(PlannedStep& step, Ticks duration);

}  // namespace fusion
