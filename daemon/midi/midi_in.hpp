// The MIDI port that is listened to, over RtMidi.
// Thread: control; the receiver is called on RtMidi's. Errors: open() says unavailable; later
// losses are logged and mended (port_keeper.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "daemon/midi/midi_system.hpp"
#include "daemon/midi/port_keeper.hpp"

namespace fusion {

struct MidiInOptions {
    MidiApi api = MidiApi::jack;
    std::string client = "fusiond in";
    std::string wanted;  // empty: a virtual port
};

class MidiIn final : private Plug {
public:
    // What came in at once, any bytes. Does not throw.
    using Receiver = std::function<void(std::span<const std::uint8_t>)>;

    // A named port that is not there yet is no error: it is waited for. `time` outlives it.
    static Result<std::unique_ptr<MidiIn>> open(const MidiInOptions& options,
                                                const TimeSource& time, Receiver receiver);
    ~MidiIn();
    MidiIn(const MidiIn&) = delete;
    MidiIn& operator=(const MidiIn&) = delete;

    void look_after() { keeper_.look_after(); }
    [[nodiscard]] std::string describe() const { return keeper_.describe(); }
    // How often the port has been pulled out.
    [[nodiscard]] std::uint32_t losses() const { return losses_; }

private:
    MidiIn(const MidiInOptions& options, const TimeSource& time, Receiver receiver);
    Result<std::string> plug_in(const std::string& wanted) override;
    void pull_out() override;

    MidiApi api_;
    std::string client_;
    Receiver receiver_;
    RtMidiSystem system_;
    PortKeeper keeper_;
    std::uint32_t losses_ = 0;
    std::unique_ptr<RtMidiIn> port_;  // after the receiver: its thread ends first
};

}  // namespace fusion
