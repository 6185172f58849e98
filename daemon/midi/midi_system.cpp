#include "daemon/midi/midi_system.hpp"

#include <unistd.h>

#include <RtMidi.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

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
    names.reserve(count);
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

Result<std::vector<std::string>> RtMidiSystem::ports(PortSide side) const {
    if (auto can = runs(); !can) return tl::unexpected{can.error()};
    try {
        return side == PortSide::inputs ? names_of(*make_port<RtMidiIn>(api_, "fusiond list"))
                                        : names_of(*make_port<RtMidiOut>(api_, "fusiond list"));
    } catch (const RtMidiError& error) {
        return fail(Error::Code::unavailable, fmt::format("{}: {}", name(), error.getMessage()));
    }
}

std::unique_ptr<ServerWatch> RtMidiSystem::watch(const std::string& client) const {
    class NoServer final : public ServerWatch {
        [[nodiscard]] bool lost() const noexcept override { return false; }
    };
    if (api_ == MidiApi::alsa) return std::make_unique<NoServer>();
    return JackWatch::open(client);
}

std::string describe_ports() {
    std::string text;
    for (const auto api : {MidiApi::jack, MidiApi::alsa}) {
        const RtMidiSystem system{api};
        const auto outputs = system.ports(PortSide::outputs);
        const auto inputs = system.ports(PortSide::inputs);
        if (!outputs || !inputs) {
            text += fmt::format("{}: {}\n", system.name(),
                                (outputs ? inputs : outputs).error().message);
            continue;
        }
        text += fmt::format("{}:\n", system.name());
        for (const auto& name : *outputs) text += fmt::format("  play into   {}\n", name);
        for (const auto& name : *inputs) text += fmt::format("  listen to   {}\n", name);
        if (outputs->empty() && inputs->empty()) text += "  no ports\n";
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
