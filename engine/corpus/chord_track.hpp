// The chords along a line: what is in force at each of its events, and what comes next.
//
// Cells are the line's own: 0 is the beginning of the bar that its first event lies in, and one
// event begins where the one before it ended. So where extraction has cut a long rest the line's
// cells go on, and the file's do not. They are counted before the vocabulary: where an event was
// replaced by the nearest that the vocabulary has, `onsets` still tell the true place.
// Who calls: piece_chords.cpp makes it, training reads it. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "engine/music/chord.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

enum class ChordSource : std::uint8_t {
    markers,  // the file names its chords
    voices,   // estimated from several voices
    melody,   // estimated from one voice alone: a guess of how it might be accompanied
};
inline constexpr std::size_t kChordSources = 3;

struct ChordChange {
    Cells at;
    Chord chord;  // from there on, in C major or A minor as the line is
    friend bool operator==(const ChordChange&, const ChordChange&) = default;
};

// `in` from the place that was asked about.
struct ComingChord {
    Chord chord;
    Cells in;
    friend bool operator==(const ComingChord&, const ComingChord&) = default;
};

struct ChordTrack {
    ChordSource source = ChordSource::melody;
    std::vector<ChordChange> changes;  // ascending, each another chord than the one before
    std::vector<Cells> onsets;         // of the line's events, one each
    std::vector<Cells> bars;           // where the line's (heard) bars begin, up to its end
    Cells end{0};

    // No chord before the first change.
    [[nodiscard]] Chord at(Cells cell) const;
    // The first change after `cell`; none behind the last one.
    [[nodiscard]] std::optional<ComingChord> next(Cells cell) const;
    // The first `events` of the line, and no more.
    void cut(std::size_t events);

    friend bool operator==(const ChordTrack&, const ChordTrack&) = default;
};

}  // namespace fusion
