// A file's tempo and how its eighths lie. Who calls: band_extract.cpp. Thread: any. Errors: those
// of find_melody().
#pragma once

#include <optional>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/corpus_index.hpp"
#include "engine/corpus/melody.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion::train {

// The voice that the piece's line was taken from. `entry` may be null.
[[nodiscard]] Result<Voice> lead_voice(const Smf& smf, const IndexEntry* entry);

// BPM that half of the file's time is not above. 0 where it says none, or 120 and nothing else,
// which is what a program writes that was told none.
[[nodiscard]] double tempo_of(const Smf& smf);

struct Eighths {
    std::optional<double> second;  // where it falls in the beat, the mean
    bool performed = false;        // the onsets do not lie on the grid's cells
};
// Of the beats in which a line, or the drums, strike twice: on the beat and near its middle.
[[nodiscard]] Eighths eighths_of(const std::vector<SmfNote>& line,
                                 const std::vector<SmfNote>& drums, std::uint16_t ticks_per_beat);

}  // namespace fusion::train
