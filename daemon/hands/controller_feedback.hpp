// Values back to the controllers: motor faders, rings of lights, lit buttons. Each binding of a
// knob or button to a parameter is told when the parameter's value is no longer what it showed
// last, in the messages that it sends itself, mapped back through its range and curve; a button
// hears 127 (CC, note-on) at its maximum and else 0. Where the binding is for any channel, each
// channel that it was heard on is told, and channel 1 until then. A knob is not told what it has
// just sent, nor that rounding made a little more or less of it, and one that waits to cross the
// value in force is left alone till that changes; what was refused it is told. A button is told the
// state after each press and release, if it shows another: many put out their light by themselves.
// Encoders, programs and actions are not told. At most one round in 10 ms, with the newest values;
// what the sink refuses goes out later. Thread: control. Errors: none.
#pragma once

#include <functional>
#include <vector>

#include "daemon/hands/midi_map.hpp"

namespace fusion {

class ControllerFeedback {
public:
    // False: it could not be sent now.
    using Sink = std::function<bool(const MidiMessage&)>;
    static constexpr std::chrono::milliseconds kRound{10};
    static constexpr std::chrono::milliseconds kAfterRefusal{200};

    // All outlive it. Everything goes out in the first round.
    ControllerFeedback(const MidiMap& map, const ParamStore& params, Sink sink);

    // What each message did, at once.
    void heard(const MidiOutcome& outcome);
    // At each turn of the control thread.
    void turn(TimePoint now);
    // When a controller has come, which knows nothing.
    void send_all();

private:
    // What one binding shows on one channel.
    struct Lamp {
        std::size_t binding;
        Channel channel{};
        MidiSource source;
        ParameterIndex parameter;
        std::optional<double> value{};    // in force when last looked at
        std::optional<unsigned> shown{};  // the position that it is known to show
        bool is_due = false;
    };

    void renew();
    [[nodiscard]] std::vector<Lamp> lamps_of(std::size_t binding) const;
    [[nodiscard]] unsigned position_of(const Lamp& lamp) const;
    [[nodiscard]] bool send(const Lamp& lamp, unsigned position) const;

    const MidiMap& map_;
    const ParamStore& params_;
    Sink sink_;
    std::vector<Lamp> lamps_;
    std::uint64_t revision_ = 0;
    TimePoint next_{};
};

// What a controller at this position would have sent.
[[nodiscard]] std::vector<MidiMessage> messages_of(const MidiSource& source, Channel channel,
                                                   unsigned position);
// 127 or 16383.
[[nodiscard]] unsigned highest_position(MidiKind kind);

}  // namespace fusion
