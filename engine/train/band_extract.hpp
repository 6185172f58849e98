// A piece's band on the grid, bar by bar: the bass as what its notes are of the chord in force, the
// chords as which of four voices sound, the drums as keys (engine/model/band_book.hpp). And what
// its tempo is and how it swings.
//
// The grid is that of the piece's line: where the line's beat was halved (beat_halvings()) the
// band's is too, and the tempo doubles. Velocities of a part are brought to a mean of 90, so that
// a pattern of one file goes with one of another.
// Who calls: band.cpp. Thread: any. Errors: as those of extract_lines().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.hpp"
#include "engine/corpus/corpus_index.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/model/band_book.hpp"

namespace fusion::train {

struct SheetBar {
    std::uint8_t cells = 0;  // 0: of a length that no pattern has
    // What of it is in the pattern's words. Empty where nothing sounds.
    std::vector<BandNote> notes;
    bool two = false;    // it is two bars of 2/4, heard as one
    bool crash = false;  // drums: a crash cymbal was struck on its first beat, and left out
    bool whole = true;   // no note of it had to be left out
};

struct PartSheet {
    std::vector<SheetBar> bars;  // from the first to the last in which it plays
    std::size_t first_bar = 0;   // of the piece
    std::uint8_t program = 0;
    double grid_error = 0.0;  // cells, the mean
};

struct BandSheet {
    std::string cluster;  // of related pieces, which count as one; empty: it stands alone
    std::array<PartSheet, kBandParts> parts;
    double tempo = 0.0;  // BPM; 0: the file does not say
    // Where the second of two eighths in a beat falls; none where too few beats have two.
    std::optional<double> swing;
    bool performed = false;  // its onsets do not all lie on the grid
};

// `entry` may be null.
[[nodiscard]] Result<BandSheet> extract_band(const Smf& smf, const IndexEntry* entry);

}  // namespace fusion::train
