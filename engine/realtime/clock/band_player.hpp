// Bass, chords and drums on their way from the planner to the notes: the beats that have come, and
// how far they are played. Each beat has its place on the grid, the line's own ticks; the newest
// make of it counts from the place on that has been reached.
//
// A beat that has not come in time is what was played so many bars before, as long as that is
// known, then nothing: the band goes on under a line that has broken off. What is over 100 ms late
// (the machine slept) is left out, so that no burst is heard.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <array>
#include <limits>

#include "engine/music/swing.hpp"
#include "engine/realtime/clock/clock_notes.hpp"
#include "engine/realtime/clock/clock_reports.hpp"
#include "engine/realtime/clock/line_time.hpp"
#include "engine/realtime/crossing/band_link.hpp"

namespace fusion {

class BandPlayer {
public:
    static constexpr Ticks kNever{std::numeric_limits<std::int64_t>::max()};
    static constexpr std::uint32_t kBeats = 32;  // that are kept, played or not

    // All outlive this.
    struct Links {
        ClockNotes& notes;
        const NoteOutput& output;
        const LineTime& time;
        ClockReports& reports;
    };
    explicit BandPlayer(Links links) : links_{links} {}

    FUSION_RT void set_swing(Swing swing) noexcept { swing_ = swing; }
    FUSION_RT void set_bar(Ticks bar) noexcept { bar_ = bar; }

    FUSION_RT void take(const BandMessage& message) noexcept;
    // The line begins anew at tick 0.
    FUSION_RT void rewind() noexcept;
    // The transport starts at `position`.
    FUSION_RT void start(Ticks position) noexcept { played_ = decided_ = position - Ticks{1}; }
    // All that is due by `reached` has been played; what was not there then is past.
    FUSION_RT void end_turn(Ticks reached) noexcept;

    // Where the next note is heard, at the port; kNever: none is known.
    [[nodiscard]] FUSION_RT Ticks next() const noexcept;
    // Plays all that next() said.
    FUSION_RT void play(TimePoint now) noexcept;

private:
    struct Place {
        const BandMessage* beat = nullptr;  // null: there is none
        Ticks begins{0};                    // of the beat, where it is played
        std::size_t note = 0;
    };
    // The first that is neither played nor past.
    [[nodiscard]] FUSION_RT Place find_next() const noexcept;
    [[nodiscard]] FUSION_RT const BandMessage* beat_at(std::int64_t beat) const noexcept;
    [[nodiscard]] FUSION_RT Ticks heard_at(Ticks begins,
                                           const BandMessage::Note& note) const noexcept {
        return swing_.place(begins + Ticks{note.place}) + Ticks{note.late};
    }

    Links links_;
    Swing swing_;
    Ticks bar_{0};
    // By beat, modulo kBeats. A serial of 0: none.
    std::array<BandMessage, kBeats> beats_{};
    // On the grid, with what the hand drags: up to it all is played or past.
    Ticks played_{-1};
    Ticks decided_{-1};  // at the port: what would have been heard by then is past
};

}  // namespace fusion
