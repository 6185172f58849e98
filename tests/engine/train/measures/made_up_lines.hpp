// Lines in made-up styles: "steps" walks about by seconds in quavers, "leaps" jumps by fourths and
// sixths in dotted rhythm, "repeats" dwells on a note in crotchets with rests. Which step, leap or
// turn comes next is random, so no line is like another.
#pragma once

#include <algorithm>
#include <array>

#include "engine/train/measures/note_line.hpp"
#include "engine/train/random.hpp"

namespace fusion::train {

enum class Style : std::uint8_t { steps, leaps, repeats };

inline NoteLine made_up_line(Style style, std::uint64_t seed, std::size_t notes = 96) {
    constexpr std::array<std::array<int, 4>, 3> kIntervals{
        {{1, 2, -1, -2}, {5, -5, 8, -9}, {0, 0, 0, 3}}};
    constexpr std::array<std::array<int, 2>, 3> kTimes{{{6, 6}, {9, 3}, {12, 24}}};
    const auto s = static_cast<std::size_t>(style);
    Random dice{seed, s};
    NoteLine line;
    int pitch = 60, at = 0;
    for (std::size_t i = 0; i < notes; ++i) {
        pitch += kIntervals[s][dice.below(4)];
        if (pitch < 48 || pitch > 84) pitch = 66;
        const int time = dice.below(5) == 0 ? 12 : kTimes[s][i % 2];
        line.notes.push_back({Cells{at}, Cells{std::min(time, 12)},
                              Pitch{static_cast<std::uint8_t>(pitch)},
                              static_cast<std::uint8_t>(at % 48)});
        at += time;
    }
    return line;
}

inline std::vector<NoteLine> made_up_lines(Style style, std::size_t pieces, std::uint64_t seed,
                                           std::size_t notes = 96) {
    std::vector<NoteLine> lines;
    for (std::size_t i = 0; i < pieces; ++i)
        lines.push_back(made_up_line(style, 1000 * seed + i, notes));
    return lines;
}

inline NoteLine transposed(NoteLine line, int semitones) {
    for (LineNote& note : line.notes)
        note.pitch = Pitch{static_cast<std::uint8_t>(note.pitch.count() + semitones)};
    return line;
}

// The second begins where the first ends.
inline NoteLine joined(NoteLine first, const NoteLine& second) {
    const Cells end = first.notes.back().onset + first.notes.back().duration;
    for (LineNote note : second.notes) {
        note.onset = note.onset + end;
        first.notes.push_back(note);
    }
    return first;
}

}  // namespace fusion::train
