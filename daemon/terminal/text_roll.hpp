// The line as a piano roll of characters: what was played left of the play head, what is planned
// right of it. A column is a sixteenth, a character cell two pitches high.
//
//   E5 ┊    ▄▄ ┊        │░░
//      ┊▀▀▀    ┊▀▀▀▀    │  ░░░
//   C4 ┊       ┊    ▄▄▄▄│
//
// Thread: control. Errors: none.
#pragma once

#include <deque>
#include <vector>

#include "daemon/terminal/picture.hpp"
#include "engine/music/meter.hpp"
#include "engine/realtime/crossing/planned_tail.hpp"
#include "engine/realtime/crossing/played_event.hpp"

namespace fusion {

// A part of a page.
struct PageArea {
    int row = 0;
    int column = 0;
    int rows = 0;
    int columns = 0;
};

class TextRoll {
public:
    void played(const PlayedEvent& event);
    void planned(const PlannedTail& tail);

    // `now`: the play head.
    void draw(Picture& page, const PageArea& area, Ticks now, Meter meter) const;

private:
    struct Note {
        Ticks start;
        Ticks end;
        Pitch pitch;
    };
    struct View;

    static constexpr std::size_t kKept = 512;

    std::deque<Note> played_;
    std::vector<Note> planned_;
    LinePlace next_{};  // the first place that was not told as played
};

}  // namespace fusion
