// From chords to what a step is asked for, which counts in the key that the line is composed in.
// Those that are given by hand sound as they are said, and a tone of theirs comes first: where the
// performer's scale would move it elsewhere, it is spared that (PitchSettings::spared). Those that
// are planned are in the key of the line already, and go where key and scale place them.
// Thread: inference. Errors: none.
#pragma once

#include "engine/model/harmony_ask.hpp"
#include "engine/plan/hand_harmony.hpp"
#include "engine/plan/harmony_plan.hpp"
#include "engine/realtime/line/line_settings.hpp"

namespace fusion {

// What form the line has.
[[nodiscard]] FormAsk form_ask(const LineSettings& settings);

// Of a step that begins at `start`; free where neither hand nor plan says anything. `before`: what
// the step before it was asked for.
[[nodiscard]] HarmonyAsk harmony_ask(const HandHarmony& harmony, HarmonyPlan& plan,
                                     const LineSettings& settings, Ticks start,
                                     const HarmonyAsk& before);

// The chord in force at a cell of the line, as it sounds; none where the line is free.
[[nodiscard]] Chord sounding_chord(const HandHarmony& harmony, HarmonyPlan& plan,
                                   const LineSettings& settings, std::int64_t cell);

// The same for the band, which plays to the planned chords also where the line is free of them.
[[nodiscard]] Chord band_chord(const HandHarmony& harmony, HarmonyPlan& plan,
                               const LineSettings& settings, std::int64_t cell);

// A chord as the line hears it, on its way to `next`.
[[nodiscard]] HeardChord heard_chord(const Chord& chord, const Chord& next,
                                     const PitchSettings& settings);

// How a note of this length, made under this ask, is placed.
[[nodiscard]] PitchSettings placing(const PitchSettings& settings, const HarmonyAsk& ask,
                                    Ticks duration);

}  // namespace fusion
