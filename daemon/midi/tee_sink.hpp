// One stream of messages into two sinks: what is played, and what is recorded beside it.
// Each is sent what is for somebody who listens there.
// Thread: clock. Errors: none; the first sink's answer counts, the second counts its own losses.
#pragma once

#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion {

class TeeSink final : public MidiSink {
public:
    TeeSink(MidiSink& first, MidiSink& second) : first_{first}, second_{second} {}

    FUSION_RT bool send(const TimedMessage& message) noexcept override {
        expect_thread(ThreadRole::clock);
        if (second_.has(message.hearers)) {
            [[maybe_unused]] const bool recorded = second_.send(message);
        }
        return !first_.has(message.hearers) || first_.send(message);
    }
    FUSION_RT Nanos lead() const noexcept override { return first_.lead(); }
    FUSION_RT bool has(Hearers hearers) const noexcept override {
        return first_.has(hearers) || second_.has(hearers);
    }

private:
    MidiSink& first_;
    MidiSink& second_;
};

}  // namespace fusion
