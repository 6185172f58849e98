// The chords that a file names in its markers: "chord:Dm7", "chord:B:min". Other markers (rehearsal
// letters, "Verse") are no chords and are not looked at.
// Who calls: piece_chords.cpp. Thread: any. Errors: none; what cannot be read is skipped and told.
#pragma once

#include <string>
#include <vector>

#include "engine/corpus/smf.hpp"
#include "engine/music/chord.hpp"

namespace fusion {

struct ChordMark {
    SmfTime at;
    Chord chord;  // from there on
    friend bool operator==(const ChordMark&, const ChordMark&) = default;
};

struct ChordMarks {
    std::vector<ChordMark> marks;  // by time, one at a time: the last that stands there
    std::size_t unreadable = 0;
    std::string why;  // of the first of them: "F13_: character 4: ..."
};

// Those that hold for `track`: of all tracks, but of its own alone in a file of format 2.
[[nodiscard]] ChordMarks chord_marks(const Smf& smf, std::size_t track);

}  // namespace fusion
