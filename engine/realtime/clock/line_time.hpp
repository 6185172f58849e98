// The line's ticks on real time: at our own tempo, or laid upon the song of whoever is followed
// (song_follow.hpp); moved by hand where a performer nudges it.
//
// A change of tempo goes through the place that it is asked for, so the grid never jumps. Where a
// song goes away its tempo ends and ours begins in the same way.
// Thread: clock. Realtime: yes. Errors: none.
#pragma once

#include <optional>

#include "engine/base/time_source.hpp"
#include "engine/music/timeline.hpp"
#include "engine/realtime/clock/song_follow.hpp"
#include "engine/realtime/clock/transport.hpp"

namespace fusion {

class LineTime {
public:
    // `time` outlives this.
    LineTime(SongFollow::Sources sources, const TimeSource& time, Bpm own)
        : time_{time}, song_{sources}, own_{own}, line_{Ticks{0}, time.now(), own} {}

    [[nodiscard]] FUSION_RT const Timeline& line() const noexcept { return line_; }
    [[nodiscard]] FUSION_RT TimePoint time_at(Ticks tick) const noexcept {
        return line_.time_at(tick);
    }
    [[nodiscard]] FUSION_RT Ticks tick_at(TimePoint when) const noexcept {
        return line_.tick_at(when);
    }
    // In force: our own, or the song's.
    [[nodiscard]] FUSION_RT Bpm tempo() const noexcept { return line_.tempo(); }
    // Who is followed, what it says of start and stop, and which tick of it is one of the line's.
    [[nodiscard]] FUSION_RT const SongFollow& song() const noexcept { return song_; }

    // Our own tempo from `when` on, unless a song leads.
    FUSION_RT void set_tempo(Bpm own, TimePoint when) noexcept;
    // Asks whom `choice` names where the song is. `reached`: what lies before is handed over. While
    // the line runs and the song is elsewhere, the line is laid anew and waits until both stand at
    // the same place of a bar; returns the tick that waits.
    [[nodiscard]] FUSION_RT std::optional<Ticks> follow(SyncChoice choice, TimePoint now,
                                                        TimePoint reached, Ticks bar,
                                                        Transport::State transport) noexcept;
    // The line is to be `wanted` later than it would be without hands, all nudges together. While
    // it runs, never by more than a twentieth of the time that has `passed`, so that a nudge is
    // felt and not heard.
    FUSION_RT void nudge(Nanos wanted, Nanos passed, Transport::State transport) noexcept;
    // The line goes on from `position` at `when`, or as soon after as the song allows. Returns the
    // tick that it begins with: another where the song has moved on.
    [[nodiscard]] FUSION_RT Ticks begin_at(Ticks position, Ticks bar, TimePoint when) noexcept;

private:
    FUSION_RT void go_at_own_tempo(TimePoint when) noexcept;
    FUSION_RT void lay_upon_song() noexcept;

    const TimeSource& time_;
    SongFollow song_;
    Bpm own_;
    Timeline line_;           // while the transport stands, the pulses' alone
    bool following_ = false;  // line_ is the song's
    Nanos nudged_{0};         // of all that was wanted, what has been done
    Nanos upon_song_{0};      // of that, what is done upon the song
};

}  // namespace fusion
