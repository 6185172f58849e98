// What sounds in each half of each bar: the ground on which chords are told from notes.
// Who calls: piece_chords.cpp. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/corpus/grid.hpp"
#include "engine/corpus/key.hpp"

namespace fusion {

// A note on a grid of 12 cells a beat, not snapped to it.
struct SoundingNote {
    double cell;
    double end;
    int pitch;
};

struct HalfBar {
    std::int64_t begins;  // the cell
    std::int64_t ends;
    bool second;  // of its bar
    // Beats that each pitch class sounds, those struck on a beat or at the beginning counting more.
    PitchClassWeights sounding{};
    // The same of the lowest note at each moment.
    PitchClassWeights bass{};
};

// A file of a gigabyte's worth of bars is no piece; what lies behind this many is left out.
inline constexpr std::size_t kMaxHalfBars = std::size_t{1} << 16;

// By time; bars in which nothing sounds are left out. `notes` by onset.
[[nodiscard]] std::vector<HalfBar> half_bars(std::span<const SoundingNote> notes,
                                             const BarLines& bars);

}  // namespace fusion
