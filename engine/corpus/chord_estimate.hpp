// Chords told from notes: one for each half bar, by how likely its notes are under each chord, and
// smoothed over the piece so that a passing note is no change of chord (Viterbi's way).
// Who calls: piece_chords.cpp. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/corpus/half_bars.hpp"
#include "engine/music/chord.hpp"

namespace fusion {

// voices: the lowest notes are a bass. melody: there is one voice alone, and what is told from it
// is how it might be accompanied in C major or A minor; weaker by far.
enum class Evidence : std::uint8_t { voices, melody };

// One chord a half bar. The notes must be in C major or A minor: which chords are usual there
// counts.
[[nodiscard]] std::vector<Chord> estimate_chords(std::span<const HalfBar> halves,
                                                 Evidence evidence);

}  // namespace fusion
