// Which notes of a file are its bass, its chords and its drums, beside the line.
//
// Drums are what is on channel 10. A bass is what has a bass's program (33 to 40) or name; else the
// lowest track that plays one note at a time; else the lowest line of what accompanies, of a left
// hand for instance. Chords are the track that plays several notes at once most of the time, less
// the bass and the line. A file may be without any of them. Who calls: band_extract.cpp. Thread:
// any. Errors: none.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "engine/corpus/melody.hpp"
#include "engine/corpus/smf.hpp"
#include "engine/model/band_book.hpp"

namespace fusion::train {

struct FilePart {
    std::vector<SmfNote> notes;  // by onset
    // General MIDI, 1 to 128, of most of them; 0 for drums, and where the bass is but the lowest
    // line of an instrument that plays more.
    std::uint8_t program = 0;
};

// By BandPart. `lead`: the voice that the line was taken from.
[[nodiscard]] std::array<FilePart, kBandParts> parts_of(const Smf& smf, const Voice& lead);

}  // namespace fusion::train
