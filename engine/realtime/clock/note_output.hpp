// The clock's way to the sink: keeps the order of deadlines, the ledger of what sounds, and its
// word that every note-on gets its note-off. A note-off that the sink has no room for is owed and
// offered again at every turn; a note-on that it has no room for never began. Thread: clock.
// Realtime: yes. Errors: refusals are counted.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/base/rt_log.hpp"
#include "engine/base/time_source.hpp"
#include "engine/music/note_ledger.hpp"
#include "engine/realtime/crossing/meters.hpp"
#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

class NoteOutput {
public:
    static constexpr Nanos kTooLate{std::chrono::milliseconds{100}};

    NoteOutput(MidiSink& sink, const TimeSource& time, EngineMeters& meters, RtLog& log)
        : sink_{sink}, time_{time}, meters_{meters}, log_{log} {}

    // Only what had its time fixed beforehand can be late.
    enum class Pace : std::uint8_t { scheduled, at_once };

    // How far ahead of its moment on the time line a message is to be handed over. Below 0 where
    // the port is set to sound later.
    [[nodiscard]] FUSION_RT Nanos lead() const noexcept { return sink_.lead() - offset_; }
    // Nobody wants to hear at `now` what was due then. What the port is set to get later than its
    // moment is late only beyond that.
    [[nodiscard]] FUSION_RT bool too_late(TimePoint due, TimePoint now) const noexcept {
        return now + std::min(lead(), Nanos{0}) - due > kTooLate;
    }
    // Scheduled messages reach the port so much after their moment; below 0 before it.
    FUSION_RT void set_offset(Nanos offset) noexcept { offset_ = offset; }

    // False: the sink has no room, and the note never began.
    [[nodiscard]] FUSION_RT bool start(Channel channel, Pitch pitch, Velocity velocity,
                                       TimePoint due, Hearers hearers = Hearers::everyone) noexcept;
    // Whether anybody of these listens.
    [[nodiscard]] FUSION_RT bool has(Hearers hearers) const noexcept { return sink_.has(hearers); }
    FUSION_RT void end(Channel channel, Pitch pitch, TimePoint due, Pace pace) noexcept;
    // A note-off for everything that sounds, not waiting for its time.
    FUSION_RT void end_all(TimePoint due) noexcept;
    // end_all(), then pedal up, all notes off and all sound off on every channel used so far and on
    // `channels` (bit c: channel c). Returns how many notes sounded.
    FUSION_RT std::size_t panic(std::uint32_t channels, TimePoint due) noexcept;
    // A program change, 1 to 128, at once. False: the sink has no room.
    [[nodiscard]] FUSION_RT bool program(Channel channel, std::uint8_t number, TimePoint now,
                                         Hearers hearers = Hearers::everyone) noexcept;
    // Offers owed note-offs again.
    FUSION_RT void settle(TimePoint now) noexcept;

    // A message that is no note. Where the sink has no room it is lost, and counted.
    FUSION_RT void pass(const MidiMessage& message, TimePoint due, Pace pace) noexcept {
        static_cast<void>(offer(message, due, pace));
    }

    [[nodiscard]] FUSION_RT std::size_t sounding() const noexcept { return ledger_.count(); }
    [[nodiscard]] FUSION_RT std::size_t owed() const noexcept { return owed_.count(); }

private:
    FUSION_RT bool offer(const MidiMessage& message, TimePoint due, Pace pace,
                         Hearers hearers) noexcept;
    FUSION_RT bool offer(const MidiMessage& message, TimePoint due, Pace pace) noexcept {
        return offer(message, due, pace, hearers_of(message));
    }
    // What a channel is told besides note-ons is for whoever hears its notes.
    [[nodiscard]] FUSION_RT Hearers hearers_of(const MidiMessage& message) const noexcept {
        const bool synth_alone =
            message.is_of_a_channel() && (synth_channels_ >> message.channel().count() & 1U) != 0;
        return synth_alone ? Hearers::synth : Hearers::everyone;
    }
    FUSION_RT void end_or_owe(const MidiMessage& off, TimePoint due, Pace pace) noexcept;

    MidiSink& sink_;
    const TimeSource& time_;
    EngineMeters& meters_;
    RtLog& log_;
    NoteLedger ledger_;  // sounding, and not yet asked to end
    NoteLedger owed_;    // asked to end; the sink has not taken the note-off
    Nanos offset_{0};
    TimePoint last_due_{};
    std::uint32_t used_channels_ = 0;   // bit c: channel c
    std::uint32_t synth_channels_ = 0;  // of these, those whose notes were all for the synth
};

}  // namespace fusion
