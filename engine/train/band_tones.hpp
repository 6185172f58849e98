// Notes in the words of a pattern: what a bass note is of its chord, which voices a stroke is.
// Who calls: band_extract.cpp. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <set>
#include <span>
#include <vector>

#include "engine/model/band_book.hpp"
#include "engine/music/chord.hpp"

namespace fusion::train {

// Farther from the grid on average than this, in cells, a part was played without one.
inline constexpr double kLargestBandGridError = 0.6;

[[nodiscard]] bool is_crash(int key);

// The lowest pitch of the octave in which most of a bass's roots lie.
[[nodiscard]] int lowest_of_register(std::span<const int> roots);

struct ToldTone {
    BassTone tone;
    std::int8_t octave;
};
// `pitch` under `chord`, which is not none. `next`: the chord of the bar that the note leads to,
// none where it leads to none: then a note that is no root, third or fifth and lies a semitone
// below or a step above that chord's root leads there. `lowest`: of the register, whose octave
// holds each root once.
[[nodiscard]] ToldTone bass_tone(int pitch, const Chord& chord, const Chord& next, int lowest);

// Octaves within -1 to 2, the lowest root of the bar (without one, the lowest note) in 0.
void settle_octaves(std::vector<BandNote>& notes);

// A mask over four voices. Three or more pitches are all, those that the bass took (`taken`)
// counted in; fewer are what they are among all the pitches that sound in the chord.
[[nodiscard]] std::uint8_t voices_of_chord(const std::set<int>& struck,
                                           const std::set<int>& sounding, std::size_t taken);

}  // namespace fusion::train
