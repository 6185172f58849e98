// A line as notes: what the measures of generated music hear. They share nothing with the events
// that the generator is made of, so a judge cannot know a line by how it was made.
// Thread: any. Errors: none.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/corpus/data_set.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/music/meter.hpp"

namespace fusion::train {

struct LineNote {
    Cells onset;     // since the line's begin
    Cells duration;  // to the next event, be it a note or a rest
    Pitch pitch;
    std::uint8_t position = 0;  // bar_position() of the onset
    MeterClass meter = MeterClass::quadruple;
    friend bool operator==(const LineNote&, const LineNote&) = default;
};

struct NoteLine {
    std::vector<LineNote> notes;  // by onset, one at a time

    [[nodiscard]] std::size_t size() const { return notes.size(); }
    // From note i to the next; the last one's is its duration.
    [[nodiscard]] Cells interonset(std::size_t i) const;
    // Where note i's bar begins, in cells since the line's begin (below 0 after an upbeat). Bars
    // longer than 48 cells count as several.
    [[nodiscard]] Cells bar_start(std::size_t i) const;
};

[[nodiscard]] NoteLine note_line(const EventSequence& line, const Vocabulary& vocabulary);

// Consecutive stretches that do not overlap, each beginning at its first note's onset. What is left
// over is dropped, save that a line of at least half a stretch is one stretch by itself.
[[nodiscard]] std::vector<NoteLine> excerpts(const NoteLine& line, std::size_t notes);
// The same by time: what measures the number of notes may not cut by it. Stretches without a note
// are left out.
[[nodiscard]] std::vector<NoteLine> excerpts(const NoteLine& line, Cells length);

}  // namespace fusion::train
