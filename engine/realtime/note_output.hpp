// The clock's way to the sink: keeps the order of deadlines, the ledger of what sounds, and its
// word that every note-on gets its note-off. A note-off that the sink has no room for is owed and
// offered again at every turn; a note-on that it has no room for never began. Thread: clock.
// Realtime: yes. Errors: refusals are counted.
#pragma once

#include <cstdint>

#include "engine/base/rt_log.hpp"
#include "engine/base/time_source.hpp"
#include "engine/music/note_ledger.hpp"
#include "engine/realtime/meters.hpp"
#include "engine/realtime/midi_sink.hpp"

namespace fusion {

class NoteOutput {
public:
    NoteOutput(MidiSink& sink, const TimeSource& time, EngineMeters& meters, RtLog& log)
        : sink_{sink}, time_{time}, meters_{meters}, log_{log} {}

    [[nodiscard]] FUSION_RT Nanos lead() const noexcept { return sink_.lead(); }

    FUSION_RT void start(Channel channel, Pitch pitch, Velocity velocity, TimePoint due) noexcept;
    FUSION_RT void end(Channel channel, Pitch pitch, TimePoint due) noexcept;
    // A note-off for everything that sounds, not waiting for its time.
    FUSION_RT void end_all(TimePoint due) noexcept;
    // end_all(), then pedal up, all notes off and all sound off on every channel used so far and on
    // `current`. Returns how many notes sounded.
    FUSION_RT std::size_t panic(Channel current, TimePoint due) noexcept;
    // Offers owed note-offs again.
    FUSION_RT void settle(TimePoint now) noexcept;

    [[nodiscard]] FUSION_RT std::size_t sounding() const noexcept { return ledger_.count(); }
    [[nodiscard]] FUSION_RT std::size_t owed() const noexcept { return owed_.count(); }

private:
    // Only what had its time fixed beforehand can be late.
    enum class Pace : std::uint8_t { scheduled, at_once };
    FUSION_RT bool offer(const MidiMessage& message, TimePoint due, Pace pace) noexcept;
    FUSION_RT void end_or_owe(const MidiMessage& off, TimePoint due, Pace pace) noexcept;

    MidiSink& sink_;
    const TimeSource& time_;
    EngineMeters& meters_;
    RtLog& log_;
    NoteLedger ledger_;  // sounding, and not yet asked to end
    NoteLedger owed_;    // asked to end; the sink has not taken the note-off
    TimePoint last_due_{};
    std::uint32_t used_channels_ = 0;  // bit c: channel c
};

}  // namespace fusion
