// Of all parameters, those that a step of the line is made from; where one of them changes, the
// uncommitted steps are made again. Tempo, channels, swing, mute and transport are the clock's.
// Thread: any (plain values). Errors: none.
#pragma once

#include <cstdint>

#include "engine/base/units.hpp"
#include "engine/model/generator.hpp"
#include "engine/music/genre_weights.hpp"
#include "engine/music/meter.hpp"
#include "engine/music/scale.hpp"
#include "engine/params/snapshot.hpp"
#include "engine/plan/hand_harmony.hpp"

namespace fusion {

struct LineSettings {
    GenreWeights weights;
    SamplingSettings sampling;
    Meter meter;
    Ticks longest_rest{0};
    PitchSettings pitch;
    double gate = 1.0;
    double velocity = 96.0;
    double accent = 1.0;
    double humanise = 0.0;
    // The parameter, not what is followed: the same parameters make the same line. Only while there
    // is something to humanise; else a change of tempo would make the line again for nothing.
    Bpm human_tempo{0.0};
    int held_bars = 0;  // loop_bars while `hold` is on, else 0
    std::uint32_t agains = 0;
    Ticks finish_at{-1};                          // where it ends; below 0: nowhere
    HarmonySource harmony = HarmonySource::plan;  // also where nobody gives any by hand
    float harmony_pull = 0.0F;
    std::uint64_t harmony_serial = 0;  // of what is given by hand; 0 of the plan
    std::uint64_t form_serial = 0;

    static LineSettings of(const ParamSnapshot& params, const HandHarmony& harmony = {});
    friend bool operator==(const LineSettings&, const LineSettings&) = default;
};

}  // namespace fusion
