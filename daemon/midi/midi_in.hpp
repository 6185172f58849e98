// The MIDI port that is listened to, over RtMidi.
// Thread: control; the receiver is called on RtMidi's. Errors: open() says unavailable; later
// losses are logged and mended.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "daemon/midi/jack_server.hpp"
#include "daemon/midi/midi_system.hpp"

namespace fusion {

struct MidiInOptions {
    MidiApi api = MidiApi::jack;
    std::string client = "fusiond in";
    std::string wanted;  // empty: a virtual port
};

class MidiIn {
public:
    // One whole message. Does not throw.
    using Receiver = std::function<void(std::span<const std::uint8_t>)>;

    static Result<std::unique_ptr<MidiIn>> open(const MidiInOptions& options, Receiver receiver);
    ~MidiIn();
    MidiIn(const MidiIn&) = delete;
    MidiIn& operator=(const MidiIn&) = delete;

    void look_after();
    [[nodiscard]] std::string describe() const;

private:
    MidiIn(MidiInOptions options, Receiver receiver);
    Status connect();
    [[nodiscard]] bool still_there() const;

    MidiInOptions options_;
    Receiver receiver_;
    std::unique_ptr<JackWatch> watch_;
    std::unique_ptr<RtMidiIn> port_;  // after the receiver: its thread ends first
    std::string port_name_;           // of the other side
};

}  // namespace fusion
