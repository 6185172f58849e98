// A sink that remembers everything and can be told to refuse.
// Thread: the clock sends; the rest is for after it has stopped, except the atomic counters.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/realtime/crossing/midi_sink.hpp"

namespace fusion::test {

class RecordingSink final : public MidiSink {
public:
    // Room for `reserve` messages is taken beforehand, so that send() does not allocate; what comes
    // after is counted and not kept.
    explicit RecordingSink(std::size_t reserve = 1U << 16U, Nanos lead = Nanos{0}) : lead_{lead} {
        messages_.reserve(reserve);
    }

    [[nodiscard]] bool send(const TimedMessage& message) noexcept override;
    [[nodiscard]] Nanos lead() const noexcept override { return lead_; }
    [[nodiscard]] bool has(Hearers hearers) const noexcept override {
        return hearers == Hearers::everyone || has_synth_;
    }
    enum class Synth : std::uint8_t { none, there };
    void set_synth(Synth synth) { has_synth_ = synth == Synth::there; }

    // While it returns true for a message, the message is refused.
    void refuse_when(std::function<bool(const TimedMessage&)> refuses) {
        refuses_ = std::move(refuses);
    }
    void clear() { messages_.clear(); }

    [[nodiscard]] const std::vector<TimedMessage>& messages() const { return messages_; }
    [[nodiscard]] std::vector<TimedMessage> notes_on() const;

private:
    Nanos lead_;
    bool has_synth_ = false;
    std::vector<TimedMessage> messages_;
    std::function<bool(const TimedMessage&)> refuses_;
};

// What is wrong with a stream of messages: a deadline before the one before it, a note that begins
// while it sounds, one that ends without sounding, or one that never ends. Empty: nothing.
[[nodiscard]] std::vector<std::string> faults(const std::vector<TimedMessage>& messages);

}  // namespace fusion::test
