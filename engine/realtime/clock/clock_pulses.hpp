// The MIDI clock that others follow: 24 pulses a beat on the line's own grid (no swing), going on
// while the transport stands; start, or song position and continue, a little before the pulse that
// playing begins with; stop. A follower that would lose its place (pulses passed over after a
// stall, clock switched on in the middle) is stopped, told the place of the next sixteenth, and
// continued there. Thread: clock. Realtime: yes. Errors: what the sink refuses is counted.
#pragma once

#include <limits>

#include "engine/music/timeline.hpp"
#include "engine/realtime/clock/note_output.hpp"

namespace fusion {

class ClockPulses {
public:
    static constexpr Ticks kPulse{kTicksPerBeat.count() / 24};
    static constexpr Ticks kNever{std::numeric_limits<std::int64_t>::max()};
    // How long before its pulse a start or continue is sent: followers want a moment to get ready.
    static constexpr Nanos kNotice{std::chrono::milliseconds{1}};

    explicit ClockPulses(NoteOutput& output) : output_{output} {}

    [[nodiscard]] FUSION_RT bool on() const noexcept { return on_; }
    // Pulses begin after `reached`; `running`: the song is under way, its ticks `song_offset` ahead
    // of the line's.
    FUSION_RT void switch_on(Ticks reached, bool running, Ticks song_offset,
                             TimePoint now) noexcept;
    FUSION_RT void switch_off(TimePoint now) noexcept;

    // The transport runs from `line` on; the song's place there is `song`.
    FUSION_RT void started(Ticks line, Ticks song, const Timeline& timeline,
                           TimePoint now) noexcept;
    FUSION_RT void stopped(TimePoint now) noexcept;

    // When the line was renumbered, or after a stall, before the pulses due are sent. `reached`:
    // the tick that is to be handed over now.
    FUSION_RT void keep_up(Ticks reached, const Timeline& timeline, TimePoint now) noexcept;

    // The next thing due, kNever where there is none.
    [[nodiscard]] FUSION_RT Ticks next() const noexcept;
    FUSION_RT void perform(const Timeline& timeline) noexcept;

private:
    FUSION_RT void announce(Ticks line, Ticks song, const Timeline& timeline,
                            TimePoint now) noexcept;
    FUSION_RT void at_once(const MidiMessage& message, TimePoint now) noexcept;

    NoteOutput& output_;
    bool on_ = false;
    bool playing_ = false;  // the followers have been started
    Ticks next_pulse_{0};   // on the line
    Ticks announce_at_ = kNever;
    MidiMessage announcement_;
    Ticks song_offset_{0};
};

}  // namespace fusion
