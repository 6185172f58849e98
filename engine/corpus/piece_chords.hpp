// A file's chords along its lines: from its markers where it has any that can be read, else
// estimated from all of its notes but the drums.
// Who calls: extract.cpp. Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/corpus/chord_estimate.hpp"
#include "engine/corpus/chord_marks.hpp"
#include "engine/corpus/chord_track.hpp"
#include "engine/corpus/grid.hpp"
#include "engine/corpus/home_shift.hpp"
#include "engine/corpus/melody.hpp"
#include "engine/corpus/smf.hpp"

namespace fusion {

// How well the estimate does where markers say what is right.
struct ChordAgreement {
    std::size_t files = 0;
    std::size_t half_bars = 0;
    std::size_t same_root = 0;
    std::size_t same_root_and_third = 0;

    ChordAgreement& operator+=(const ChordAgreement& other) {
        files += other.files;
        half_bars += other.half_bars;
        same_root += other.same_root;
        same_root_and_third += other.same_root_and_third;
        return *this;
    }
};

// What there is to tell about the chords of a file beside the chords.
struct ChordReading {
    std::size_t unreadable = 0;  // markers
    std::string why;             // of the first of them
    Evidence evidence = Evidence::melody;
    ChordAgreement agreement;  // of an estimate by `evidence`; all 0 without markers
};

// The grid that a line is on, and its bars.
struct LineGrid {
    std::uint16_t ticks_per_beat;  // halved where the line's beat was
    BarLines bars;
};

class PieceChords {
public:
    // `shifts` is home_shifts() of the file.
    PieceChords(const Smf& smf, std::size_t track, std::span<const HomeShift> shifts);

    [[nodiscard]] ChordTrack along(const EventChain& line, const LineGrid& grid) const;
    [[nodiscard]] ChordReading reading(const LineGrid& grid) const;

private:
    struct FileChange {
        std::int64_t cell;
        Chord chord;
    };
    [[nodiscard]] std::vector<HalfBar> halves_on(const LineGrid& grid) const;
    [[nodiscard]] std::vector<FileChange> marked_changes(const LineGrid& grid) const;
    [[nodiscard]] std::vector<FileChange> estimated_changes(const LineGrid& grid) const;

    struct HomeNote {
        SmfTime onset;
        SmfTime end;
        int pitch;  // shifted home; may lie outside MIDI's range
    };

    ChordMarks marks_;
    std::vector<HomeShift> shifts_;
    std::vector<HomeNote> notes_;
    Evidence evidence_ = Evidence::melody;
};

}  // namespace fusion
