#include "daemon/midi/midi_system.hpp"

#include <unistd.h>

#include <RtMidi.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/midi/jack_server.hpp"
#include "daemon/midi/port_match.hpp"

namespace fusion {
namespace {

RtMidi::Api to_rtmidi(MidiApi api) {
    return api == MidiApi::alsa ? RtMidi::LINUX_ALSA : RtMidi::UNIX_JACK;
}

template <class Port>
std::unique_ptr<Port> make_port(MidiApi api, const std::string& client) {
    return std::make_unique<Port>(to_rtmidi(api), client);
}

std::vector<std::string> names_of(RtMidi& port) {
    std::vector<std::string> names;
    const unsigned count = port.getPortCount();
    for (unsigned i = 0; i < count; ++i) names.push_back(port.getPortName(i));
    return names;
}

template <class Port>
Result<OpenedPort<Port>> open_port(MidiApi api, const std::string& client,
                                   const std::string& wanted, const std::string& own_name) {
    if (auto runs = midi_api_runs(api); !runs) return tl::unexpected{runs.error()};
    try {
        OpenedPort<Port> opened{make_port<Port>(api, client), {}};
        if (wanted.empty()) {
            opened.port->openVirtualPort(own_name);
            return opened;
        }
        const auto names = names_of(*opened.port);
        const auto found = find_port(wanted, names);
        if (!found)
            return fail(
                Error::Code::not_found,
                fmt::format("no {} port matches '{}'; there are: {}", to_string(api), wanted,
                            names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "))));
        opened.name = names[*found];
        opened.port->openPort(*found, own_name);
        return opened;
    } catch (const RtMidiError& error) {
        return fail(Error::Code::unavailable,
                    fmt::format("{}: {}", to_string(api), error.getMessage()));
    }
}

}  // namespace

std::string_view to_string(MidiApi api) { return api == MidiApi::alsa ? "ALSA" : "JACK"; }

Status midi_api_runs(MidiApi api) {
    if (api == MidiApi::jack) {
        if (jack_runs()) return {};
        return fail(Error::Code::unavailable,
                    "no JACK server runs; start one (jackd, or PipeWire's pw-jack), or use "
                    "--output auto");
    }
    // Looked at first: alsa-lib writes lines of its own when this file is not there.
    if (::access("/dev/snd/seq", R_OK | W_OK) == 0) return {};
    return fail(Error::Code::unavailable,
                "ALSA's sequencer /dev/snd/seq cannot be opened; load it (modprobe snd-seq), join "
                "the group audio, or use --output auto");
}

Result<MidiPorts> list_ports(MidiApi api) {
    if (auto runs = midi_api_runs(api); !runs) return tl::unexpected{runs.error()};
    try {
        MidiPorts ports;
        ports.inputs = names_of(*make_port<RtMidiIn>(api, "fusiond list"));
        ports.outputs = names_of(*make_port<RtMidiOut>(api, "fusiond list"));
        return ports;
    } catch (const RtMidiError& error) {
        return fail(Error::Code::unavailable,
                    fmt::format("{}: {}", to_string(api), error.getMessage()));
    }
}

std::string describe_ports() {
    std::string text;
    for (const auto api : {MidiApi::jack, MidiApi::alsa}) {
        const auto ports = list_ports(api);
        if (!ports) {
            text += fmt::format("{}: {}\n", to_string(api), ports.error().message);
            continue;
        }
        text += fmt::format("{}:\n", to_string(api));
        for (const auto& name : ports->outputs) text += fmt::format("  play into   {}\n", name);
        for (const auto& name : ports->inputs) text += fmt::format("  listen to   {}\n", name);
        if (ports->outputs.empty() && ports->inputs.empty()) text += "  no ports\n";
    }
    return text +
           "Name one, or a part of it, as [midi] port, inputs or feedback in the configuration.\n";
}

Result<OpenedPort<RtMidiOut>> open_output_port(MidiApi api, const std::string& client,
                                               const std::string& wanted) {
    return open_port<RtMidiOut>(api, client, wanted, "out");
}

Result<OpenedPort<RtMidiIn>> open_input_port(MidiApi api, const std::string& client,
                                             const std::string& wanted) {
    return open_port<RtMidiIn>(api, client, wanted, "in");
}

}  // namespace fusion
