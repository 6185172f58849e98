// A monophonic line on the grid of 12 cells a beat, and the chain of events it becomes.
// Thread: any. Errors: none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/corpus/smf.hpp"
#include "engine/corpus/vocabulary.hpp"
#include "engine/music/meter.hpp"

namespace fusion {

struct GridNote {
    std::int64_t cell;
    std::int64_t end;  // after `cell`, at most the next note's cell
    Pitch pitch;
    Velocity velocity;
    friend bool operator==(const GridNote&, const GridNote&) = default;
};

struct GriddedLine {
    std::vector<GridNote> notes;  // strictly ascending
    double mean_error = 0.0;      // how far the onsets were moved, in cells
};

// How often a line's beat is to be halved (0 to 2) before its notes fit the grid: a ballad played
// in double time and a prelude in thirty-seconds would else be notes of one cell. All that counts
// beats, the bars too, then counts halved ones: a bar of 4/4 becomes two.
[[nodiscard]] int beat_halvings(std::span<const SmfNote> line, std::uint16_t ticks_per_beat);

// Beat by beat the onsets go to sixteenths or to eighth triplets, whichever lies nearer to all of
// that beat's onsets together, so that a player's push and drag does not turn into notes of one
// cell. Only a beat whose notes would fall onto each other is given the finer grids.
[[nodiscard]] GriddedLine quantise(std::span<const SmfNote> line, std::uint16_t ticks_per_beat);

// Where the bars are. Each metre change begins a bar.
class BarLines {
public:
    // Without a change at 0 the piece begins in 4/4.
    BarLines(std::span<const SmfMeter> changes, std::uint16_t ticks_per_beat);

    struct Place {
        std::int64_t bar_start;  // the cell
        Meter meter;
    };
    [[nodiscard]] Place at(std::int64_t cell) const;
    // Where the bar that `cell` lies in ends: a change of metre may cut it short.
    [[nodiscard]] std::int64_t end_of_bar(std::int64_t cell) const;

private:
    std::vector<Place> changes_;  // by cell
};

struct LineEvent {
    Event event;
    std::uint8_t position;  // bar_position() of the onset
    MeterClass meter;
    std::uint8_t velocity;  // 0 for rests
    friend bool operator==(const LineEvent&, const LineEvent&) = default;
};

struct EventChain {
    std::vector<LineEvent> events;
    std::vector<std::int64_t> cells;  // of each event's onset, on the grid of the file
};

// The events' durations are all duration classes. A rest that is short against its note belongs to
// the note's articulation and is absorbed; one of more than two bars is cut to a bar and what leads
// up to the next onset. The last note is the last event.
[[nodiscard]] EventChain chain_events(std::span<const GridNote> notes, const BarLines& bars);

}  // namespace fusion
