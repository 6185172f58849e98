// From the chords that are given by hand, which sound as they are said, to what a step is asked
// for, which counts in the key that the line is composed in. A chord's tone comes first: where the
// performer's scale would move it elsewhere, it is spared that (PitchSettings::spared).
// Thread: inference. Errors: none.
#pragma once

#include "engine/model/harmony_ask.hpp"
#include "engine/plan/hand_harmony.hpp"
#include "engine/realtime/line/line_settings.hpp"

namespace fusion {

// Of a step that begins at `start`; free where nobody says anything. `before`: what the step before
// it was asked for.
[[nodiscard]] HarmonyAsk harmony_ask(const HandHarmony& harmony, const LineSettings& settings,
                                     Ticks start, const HarmonyAsk& before);

// A chord as the line hears it, on its way to `next`.
[[nodiscard]] HeardChord heard_chord(const Chord& chord, const Chord& next,
                                     const PitchSettings& settings);

// How a note of this length, made under this ask, is placed.
[[nodiscard]] PitchSettings placing(const PitchSettings& settings, const HarmonyAsk& ask,
                                    Ticks duration);

}  // namespace fusion
