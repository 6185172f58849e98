// What the clock did, told to the control thread: plain values, in the order they happened.
#pragma once

#include <array>
#include <cstdint>
#include <type_traits>

#include "engine/music/genre_weights.hpp"
#include "engine/music/step.hpp"
#include "engine/realtime/crossing/planned_tail.hpp"

namespace fusion {

struct PlayedEvent {
    enum class Kind : std::uint8_t {
        step,      // a step was committed: `step`, each genre's proposal, the weights
        beat,      // a beat began: `tick`
        underrun,  // no step was there in time: `tick`
        started,   // the transport runs from `tick`
        stopped,
        panicked,
        late_step,  // a step came after its time and was left out: `step`
        // A note of the band began: `step`, whose part is a BandPart, without index and event.
        band,
        // The clock obeys the parameters of revision `step.revision` from `tick` on, what is
        // handed over aside. Before what it does for them.
        obeyed,
    };
    // Of a step: whether its notes went to the port. The line goes on while mute is on.
    enum class Heard : std::uint8_t { heard, muted };
    Kind kind = Kind::beat;
    Heard heard = Heard::heard;
    Step step;
    Ticks tick{0};
    // Of a step: where it begins at the port, after swing and lean, and where its note ends there.
    Ticks heard_at{0};
    Ticks ends{0};
    TimePoint due{};  // when it is heard; a sink with a lead got it earlier
    std::array<PartNote, kMaxGenres> parts{};
    // Of a step that the planner made: the line's first uncommitted step after this. Of `started`
    // and `obeyed`: the line's number alone.
    LinePlace line_at{};
    // Of a step that the planner made: it was composed to follow another make of the step before it
    // than the one that was played, for that one's new make came a moment too late.
    bool astray = false;
    // Of a step: its hand would have been earlier, but that was past already when it was made.
    bool met = false;
    // Of a step: whether its note began at the port, and on which channel, 1 to 16, each genre's
    // part did; 0: it did not.
    bool sounds = false;
    std::array<std::uint8_t, kMaxGenres> part_channels{};
    GenreWeights weights;  // in force where the step begins, on their way along a ramp
};
static_assert(std::is_trivially_copyable_v<PlayedEvent>);

}  // namespace fusion
