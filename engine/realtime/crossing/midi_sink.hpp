// Where MIDI goes: a port (JACK's own or RtMidi's), a Standard MIDI File, or both. The clock thread
// hands over bytes with the moment they are due.
#pragma once

#include "engine/base/realtime_contract.hpp"
#include "engine/base/units.hpp"
#include "engine/music/midi_message.hpp"

namespace fusion {

class MidiSink {
public:
    virtual ~MidiSink() = default;

    // Takes `message` over. Messages come in order of deadline. False: it was not taken (no room);
    // the caller counts it. Thread: clock. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual bool send(const TimedMessage& message) noexcept = 0;

    // How far ahead of its deadline the sink wants a message; 0 for one that sends at once.
    // Thread: clock. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual Nanos lead() const noexcept = 0;

    // Whether anybody of these listens here now; who does not is sent nothing that is for them.
    // Thread: clock. Realtime: yes.
    [[nodiscard]] FUSION_RT virtual bool has(Hearers hearers) const noexcept {
        return hearers == Hearers::everyone;
    }
};

}  // namespace fusion
