// An outside that the test plays: a song at a tempo, with or without bars and transport.
// Thread: one.
#pragma once

#include "engine/realtime/follow/sync_source.hpp"

namespace fusion::test {

class ScriptedSync final : public SyncSource {
public:
    [[nodiscard]] SyncReading read(TimePoint) noexcept override { return reading; }

    // The song's tick `tick` is at `when`.
    void place(Ticks tick, TimePoint when, Bpm tempo) {
        reading.state = SyncState::locked;
        reading.song = Timeline{tick, when, tempo};
    }
    // Start or continue: playing begins at song tick `from`, at `when`.
    void begin(Ticks from, TimePoint when) {
        reading.song = Timeline{from, when, reading.song.tempo()};
        reading.has_transport = reading.playing = reading.knows_bars = true;
        reading.from = from;
        ++reading.locates;
    }
    void stop() { reading.playing = false; }

    SyncReading reading;
};

}  // namespace fusion::test
