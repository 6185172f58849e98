#include "daemon/output.hpp"

#include <cstdlib>
#include <ctime>
#include <span>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "daemon/midi/jack_midi.hpp"
#include "daemon/midi/rtmidi_port.hpp"
#include "daemon/synth/fluid_system.hpp"
#include "engine/base/log.hpp"

namespace fusion {
namespace {

enum class PortKind : std::uint8_t { jack, rtmidi_jack, alsa };

MidiApi api_of(PortKind kind) { return kind == PortKind::alsa ? MidiApi::alsa : MidiApi::jack; }

template <class Port>
Result<std::unique_ptr<MidiPort>> as_port(Result<std::unique_ptr<Port>> opened) {
    if (!opened) return tl::unexpected{opened.error()};
    return std::unique_ptr<MidiPort>{std::move(*opened)};
}

std::string in_words(OutputKind kind) {
    if (kind == OutputKind::automatic) return "JACK or ALSA";
    return kind == OutputKind::alsa ? "ALSA" : "JACK";
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

// A JACK server is asked by the client that is to stay alone: jackd may run no cycles for one that
// comes while another goes. Waits for a server that has stopped.
Result<std::unique_ptr<MidiPort>> open_what_is_here(OutputKind wanted, const PortNames& names,
                                                    const Config& config, FrameTime& time,
                                                    MidiInbox& inbox) {
    const bool automatic = wanted == OutputKind::automatic;
    if (automatic || wanted == OutputKind::jack) {
        auto port = open_port(PortKind::jack, names, config, time, inbox);
        if (port || port.error().code != Error::Code::not_found) return port;
        if (!automatic)
            return fail(Error::Code::unavailable,
                        "no JACK server runs; start one (jackd, or PipeWire's pw-jack), or use "
                        "--output auto");
    }
    const auto kind = wanted == OutputKind::rtmidi_jack ? PortKind::rtmidi_jack : PortKind::alsa;
    if (const auto runs = midi_api_runs(api_of(kind)); !runs && !automatic)
        return tl::unexpected{runs.error()};
    else if (!runs)
        return fail(Error::Code::not_found, "neither JACK nor ALSA is here");
    return open_port(kind, names, config, time, inbox);
}

// As soon as there is a system for it. `time` and `inbox` outlive it.
std::unique_ptr<PatientPort> open_patiently(OutputKind wanted, const PortNames& names,
                                            const Config& config, FrameTime& time,
                                            MidiInbox& inbox) {
    const auto plays = names.out ? PatientPort::Plays::yes : PatientPort::Plays::no;
    return std::make_unique<PatientPort>(
        in_words(wanted), plays,
        [wanted, names, config, &time, &inbox]() -> Result<std::unique_ptr<MidiPort>> {
            return open_what_is_here(wanted, names, config, time, inbox);
        });
}

// Controllers beside a file are welcome, not needed.
std::unique_ptr<PatientPort> open_controllers_alone(const Config& config, FrameTime& time,
                                                    MidiInbox& inbox) {
    auto names = names_from(config.midi);
    names.out.reset();
    if (names.ins.empty() && !names.feedback) return nullptr;
    return open_patiently(OutputKind::automatic, names, config, time, inbox);
}

// Named, it always sounds; with `auto` it makes room for whoever is connected to the port.
std::unique_ptr<LiveSynth> open_synth(const Config& config, const std::vector<std::string>& genres,
                                      const Output& output, const FrameTime& time) {
    const bool named = config.midi.outputs.has(OutputKind::synth);
    auto system =
        std::make_unique<FluidSystem>(FluidSystemOptions{.driver = config.synth.driver,
                                                         .font = config.synth.font,
                                                         .genres = genres,
                                                         .client = config.midi.client + " synth"});
    const Audience* audience = named || !output.into_a_port ? nullptr : output.port.get();
    return std::make_unique<LiveSynth>(std::move(system), time, audience);
}

void join_sinks(Output& output) {
    std::vector<MidiSink*> sinks;
    if (output.into_a_port) sinks.push_back(&output.port->sink());
    if (output.into_a_file) sinks.push_back(output.recorder.get());
    if (output.synth != nullptr) sinks.push_back(output.synth.get());
    // It may be turned on while it plays.
    if (!output.into_a_file) sinks.push_back(output.recorder.get());
    auto* first = sinks.front();
    for (auto* sink : std::span{sinks}.subspan(1)) {
        output.tees.push_back(std::make_unique<TeeSink>(*first, *sink));
        first = output.tees.back().get();
    }
}

// `file` empty: where hands that turn it on have it written.
std::unique_ptr<Recorder> make_recorder(const Config& config, const std::filesystem::path& file,
                                        Recorder::Begin begin, const FrameTime& time) {
    RecordingOptions options;
    options.tempo = Bpm{config.parameters[static_cast<std::size_t>(ParamId::tempo)]};
    options.segment_bytes = static_cast<std::uint64_t>(config.recording.megabytes) << 20;
    options.segment_length = std::chrono::hours{config.recording.hours};
    options.kept = {.age = std::chrono::hours{24} * config.recording.keep_days,
                    .bytes = static_cast<std::uint64_t>(config.recording.keep_megabytes) << 20};
    options.place = [file, folder = recording_folder()] {
        return file.empty() ? default_recording(folder) : file;
    };
    return std::make_unique<Recorder>(std::move(options), time, begin);
}

}  // namespace

MidiSink& Output::sink() const {
    if (!tees.empty()) return *tees.back();
    return *recorder;
}

std::string Output::describe() const {
    std::vector<std::string> all;
    if (into_a_port) all.push_back(port->describe());
    if (const auto recording = recorder->state(); recording.on)
        all.push_back(fmt::format("{} {}", into_a_file && !into_a_port ? "file" : "recorded in",
                                  recording.file.string()));
    if (synth != nullptr)
        if (auto words = synth->describe(); !words.empty()) all.push_back(std::move(words));
    return all.empty() ? "nothing that sounds" : fmt::format("{}", fmt::join(all, ", "));
}

std::uint32_t Output::look_after() {
    std::uint32_t heard_by = 0;
    if (port != nullptr) {
        port->watch();
        heard_by += port->output_connections();
    }
    if (synth != nullptr) {
        synth->look_after();
        heard_by += synth->lives();
    }
    return heard_by;
}

void Output::close() {
    if (port != nullptr) port->close();
    if (synth != nullptr) synth->close();
}

std::string Output::how_to_hear() const {
    std::string synth_says;
    if (synth != nullptr && synth->state() == LiveSynth::State::sounds)
        synth_says = "the built-in synth sounds";
    if (synth != nullptr && synth->state() == LiveSynth::State::looking)
        synth_says = "the built-in synth sounds as soon as it has an audio device";
    if (!into_a_port && !into_a_file)
        return synth_says.empty() ? "nothing sounds; the log says why" : synth_says;
    std::error_code error;
    const auto connect = into_a_port ? port->how_to_connect() : std::string{};
    if (into_a_port && connect.empty() && !into_a_file)
        return synth_says.empty() ? port->describe() : synth_says;
    const auto otherwise =
        !connect.empty()
            ? connect
            : fmt::format("play {} (whole at the end, or after fusionctl record export)",
                          std::filesystem::absolute(recorder->state().file, error).string());
    return synth_says.empty() ? otherwise : fmt::format("{}; or {}", synth_says, otherwise);
}

std::filesystem::path recording_folder() {
    const char* state = std::getenv("STATE_DIRECTORY");
    if (state == nullptr || *state == '\0') return {};
    const std::string_view folders{state};  // systemd parts several by colons
    return std::filesystem::path{folders.substr(0, folders.find(':'))};
}

std::filesystem::path default_recording(const std::filesystem::path& folder) {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    ::localtime_r(&now, &local);
    return folder / fmt::format("fusiond-{:%Y%m%d-%H%M%S}.mid", local);
}

Started<Output> open_output(const Config& config, const std::vector<std::string>& genres,
                            FrameTime& time, MidiInbox& inbox) {
    const auto& wanted = config.midi.outputs;
    const auto kind = wanted.port();
    const bool automatic = kind == OutputKind::automatic;
    const bool with_synth = config.synth.enabled && (automatic || wanted.has(OutputKind::synth));
    Output output;
    output.into_a_port = kind.has_value();
    output.port = kind ? open_patiently(*kind, names_from(config.midi), config, time, inbox)
                       : open_controllers_alone(config, time, inbox);
    const bool instead = automatic && !output.port->is_open();
    std::filesystem::path file = config.file_path;
    const bool records = !file.empty() || wanted.has(OutputKind::file) || instead;
    output.into_a_file = records;
    output.recorder =
        make_recorder(config, file, records ? Recorder::Begin::on : Recorder::Begin::off, time);
    if (instead && file.empty())
        log::warning("recording to {} meanwhile", output.recorder->state().file.string());
    if (const auto may = can_record_to(output.recorder->state().file); records && !may) {
        // Who asked for a file and nothing else has no use for what goes on without it.
        if (wanted == Outputs{OutputKind::file})
            return refuse(ExitCode::cannot_write, may.error().message);
        log::error("{}; it is tried again for as long as the music plays", may.error().message);
    }
    if (wanted.has(OutputKind::synth) && !config.synth.enabled)
        log::warning("the built-in synth is off, though an output (--no-synth, [synth] enabled)");
    if (with_synth) output.synth = open_synth(config, genres, output, time);
    if (!output.into_a_port && !output.into_a_file && output.synth == nullptr)
        return refuse(
            ExitCode::usage,
            fmt::format("--output {}, and the synth is off (--no-synth, [synth] enabled): "
                        "nothing is left to play into",
                        to_string(wanted)));
    join_sinks(output);
    return output;
}

}  // namespace fusion
