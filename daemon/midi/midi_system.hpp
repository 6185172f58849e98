// The MIDI systems of this machine, and RtMidi's ports without its exceptions.
// Thread: control. Errors: unavailable, with what to do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.hpp"

class RtMidiIn;
class RtMidiOut;

namespace fusion {

enum class MidiApi : std::uint8_t { alsa, jack };
[[nodiscard]] std::string_view to_string(MidiApi api);

// Whether `api` can be used here and now.
[[nodiscard]] Status midi_api_runs(MidiApi api);

struct MidiPorts {
    std::vector<std::string> inputs;   // that a program can listen to
    std::vector<std::string> outputs;  // that a program can play into
};
[[nodiscard]] Result<MidiPorts> list_ports(MidiApi api);
// All of them for --list-ports, and how to name one.
[[nodiscard]] std::string describe_ports();

// A virtual port where `wanted` is empty; otherwise the port that matches, or not_found.
template <class Port>
struct OpenedPort {
    std::unique_ptr<Port> port;
    std::string name;  // of the other side; empty for a virtual port
};
[[nodiscard]] Result<OpenedPort<RtMidiOut>> open_output_port(MidiApi api, const std::string& client,
                                                             const std::string& wanted);
[[nodiscard]] Result<OpenedPort<RtMidiIn>> open_input_port(MidiApi api, const std::string& client,
                                                           const std::string& wanted);

}  // namespace fusion
