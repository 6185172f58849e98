// One file to lines of events: find the melody, put it on the grid and into C major
// or A minor.
// Who calls: data_set.cpp. Thread: any. Errors: whatever makes a file unfit, in the words that the
// rejection table groups by (what stands before the first colon).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/corpus_index.hpp"
#include "engine/corpus/grid.hpp"
#include "engine/corpus/piece_chords.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {

inline constexpr std::size_t kFewestLineNotes = 16;
// A line whose onsets lie this far from any grid, on average, was played without one:
// onsets at random measure more.
inline constexpr double kLargestGridError = 0.5;

struct ExtractedLine {
    std::string suffix;  // "" for the lead, "#track7" for a further melodic track
    std::vector<LineEvent> events;
    double grid_error;  // mean, in cells
    ChordTrack chords{};
    ChordReading reading{};
};

enum class FurtherLines : std::uint8_t { leave_out, take };

// The lead line first; it must be fit, the further ones are left out where they are not. `entry`
// may be null.
[[nodiscard]] Result<std::vector<ExtractedLine>> extract_lines(const Smf& smf,
                                                               const IndexEntry* entry,
                                                               FurtherLines further);

}  // namespace fusion
