// The MIDI systems of this machine, and RtMidi's ports without its exceptions.
// Thread: control. Errors: unavailable, with what to do.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/midi/jack_server.hpp"
#include "engine/base/result.hpp"

class RtMidiIn;
class RtMidiOut;

namespace fusion {

enum class MidiApi : std::uint8_t { alsa, jack };
[[nodiscard]] std::string_view to_string(MidiApi api);

// Whether `api` can be used here and now.
[[nodiscard]] Status midi_api_runs(MidiApi api);

enum class PortSide : std::uint8_t { inputs, outputs };

// What keeps a port plugged in (port_keeper.hpp) asks of the system: RtMidi's, or a test's.
class MidiSystem {
public:
    virtual ~MidiSystem() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Whether it can be used here and now.
    [[nodiscard]] virtual Status runs() const = 0;
    // What a program can listen to, or play into.
    [[nodiscard]] virtual Result<std::vector<std::string>> ports(PortSide side) const = 0;
    // Null when no server runs. A system without one, as ALSA is, never loses it.
    [[nodiscard]] virtual std::unique_ptr<ServerWatch> watch(const std::string& client) const = 0;
};

class RtMidiSystem final : public MidiSystem {
public:
    explicit RtMidiSystem(MidiApi api) : api_{api} {}
    [[nodiscard]] std::string_view name() const override { return to_string(api_); }
    [[nodiscard]] Status runs() const override { return midi_api_runs(api_); }
    [[nodiscard]] Result<std::vector<std::string>> ports(PortSide side) const override;
    [[nodiscard]] std::unique_ptr<ServerWatch> watch(const std::string& client) const override;

private:
    MidiApi api_;
};

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
