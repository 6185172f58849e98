#include "daemon/output.hpp"

#include <cstdlib>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "daemon/midi/jack_midi.hpp"
#include "daemon/midi/rtmidi_port.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

MidiApi api_of(PortKind kind) { return kind == PortKind::alsa ? MidiApi::alsa : MidiApi::jack; }

template <class Port>
Result<std::unique_ptr<MidiPort>> as_port(Result<std::unique_ptr<Port>> opened) {
    if (!opened) return tl::unexpected{opened.error()};
    return std::unique_ptr<MidiPort>{std::move(*opened)};
}

Result<std::unique_ptr<MidiPort>> open_port(PortKind kind, const PortNames& names,
                                            const Config& config, FrameTime& time,
                                            MidiInbox& inbox) {
    if (kind == PortKind::jack) {
        JackMidiOptions options;
        options.client = config.midi.client;
        options.names = names;
        options.margin = Micros{config.jack.margin_us};
        return as_port(JackMidi::open(options, time, inbox));
    }
    const int priority = config.clock.priority > 1 ? config.clock.priority - 1 : 0;
    return as_port(
        RtMidiPort::open({api_of(kind), config.midi.client, names, priority}, time, inbox));
}

PortNames names_from(const Config::Midi& midi) {
    PortNames names{.out = midi.port, .ins = midi.inputs, .feedback = midi.feedback};
    if (midi.feedback == "off") names.feedback.reset();
    return names;
}

// Controllers beside a file are welcome, not needed.
std::unique_ptr<MidiPort> open_controllers_alone(const Config& config, FrameTime& time,
                                                 MidiInbox& inbox) {
    auto names = names_from(config.midi);
    names.out.reset();
    const auto kind = choose_port(OutputKind::automatic);
    if ((names.ins.empty() && !names.feedback) || !kind || !*kind) return nullptr;
    auto port = open_port(**kind, names, config, time, inbox);
    if (port) return std::move(*port);
    log::warning("no MIDI input: {}", port.error().message);
    return nullptr;
}

}  // namespace

MidiSink& Output::sink() const {
    if (tee != nullptr) return *tee;
    if (into_a_port) return port->sink();
    return *recorder;
}

std::string Output::describe() const {
    if (!into_a_port) return fmt::format("file {}", recorder->file().string());
    if (recorder == nullptr) return port->describe();
    return fmt::format("{}, recorded in {}", port->describe(), recorder->file().string());
}

std::string Output::how_to_hear() const {
    if (into_a_port) return port->how_to_connect();
    std::error_code error;
    return fmt::format("play {} (written each 30 s and at the end)",
                       std::filesystem::absolute(recorder->file(), error).string());
}

std::filesystem::path default_recording() {
    const char* state = std::getenv("STATE_DIRECTORY");
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    const auto name = fmt::format("fusiond-{:%Y%m%d-%H%M%S}.mid", local);
    if (state == nullptr || *state == '\0') return name;
    const std::string_view folders{state};  // systemd parts several by colons
    return std::filesystem::path{folders.substr(0, folders.find(':'))} / name;
}

Result<std::optional<PortKind>> choose_port(OutputKind kind) {
    if (kind == OutputKind::file) return std::optional<PortKind>{};
    if (kind == OutputKind::automatic) {
        for (const auto port : {PortKind::jack, PortKind::alsa})
            if (midi_api_runs(api_of(port))) return std::optional{port};
        return std::optional<PortKind>{};
    }
    auto port = PortKind::alsa;
    if (kind == OutputKind::jack) port = PortKind::jack;
    if (kind == OutputKind::rtmidi_jack) port = PortKind::rtmidi_jack;
    if (auto runs = midi_api_runs(api_of(port)); !runs) return tl::unexpected{runs.error()};
    return std::optional{port};
}

Started<Output> open_output(const Config& config, FrameTime& time, MidiInbox& inbox) {
    const auto kind = choose_port(config.midi.output);
    if (!kind)
        return refuse(
            ExitCode::unavailable,
            fmt::format("--output {}: {}", to_string(config.midi.output), kind.error().message));
    Output output;
    if (*kind) {
        auto port = open_port(**kind, names_from(config.midi), config, time, inbox);
        if (!port) return refuse(ExitCode::unavailable, port.error().message);
        output.port = std::move(*port);
        output.into_a_port = true;
    } else if (config.midi.output == OutputKind::file) {
        output.port = open_controllers_alone(config, time, inbox);
    }
    std::filesystem::path file = config.file_path;
    if (file.empty() && !*kind) {
        file = default_recording();
        if (config.midi.output == OutputKind::automatic)
            log::warning("neither JACK nor ALSA is here: recording to {} instead", file.string());
    }
    if (!file.empty()) {
        const auto tempo = config.parameters[static_cast<std::size_t>(ParamId::tempo)];
        auto recorder = Recorder::open(file, Bpm{tempo});
        if (!recorder) return refuse(ExitCode::cannot_write, recorder.error().message);
        output.recorder = std::move(*recorder);
    }
    if (output.into_a_port && output.recorder != nullptr)
        output.tee = std::make_unique<TeeSink>(output.port->sink(), *output.recorder);
    return output;
}

}  // namespace fusion
