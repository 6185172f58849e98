// One stream of messages into two sinks: what is played, and what is recorded beside it.
// Thread: clock. Errors: none; the first sink's answer counts, the second counts its own losses.
#pragma once

#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

class TeeSink final : public MidiSink {
public:
    TeeSink(MidiSink& first, MidiSink& second) : first_{first}, second_{second} {}

    FUSION_RT bool send(const TimedMessage& message) noexcept override {
        expect_thread(ThreadRole::clock);
        [[maybe_unused]] const bool recorded = second_.send(message);
        return first_.send(message);
    }
    FUSION_RT Nanos lead() const noexcept override { return first_.lead(); }

private:
    MidiSink& first_;
    MidiSink& second_;
};

}  // namespace fusion
