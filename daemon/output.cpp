#include "daemon/output.hpp"

#include <cstdlib>
#include <ctime>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "engine/base/log.hpp"

namespace fusion {

MidiSink& Output::sink() const {
    if (tee != nullptr) return *tee;
    if (port != nullptr) return *port;
    return *recorder;
}

std::string Output::describe() const {
    if (port == nullptr) return fmt::format("file {}", recorder->file().string());
    if (recorder == nullptr) return port->describe();
    return fmt::format("{}, recorded in {}", port->describe(), recorder->file().string());
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

Result<std::optional<MidiApi>> choose_api(OutputKind kind) {
    if (kind == OutputKind::file) return std::optional<MidiApi>{};
    if (kind == OutputKind::automatic) {
        for (const auto api : {MidiApi::jack, MidiApi::alsa})
            if (midi_api_runs(api)) return std::optional{api};
        return std::optional<MidiApi>{};
    }
    const auto api = kind == OutputKind::jack ? MidiApi::jack : MidiApi::alsa;
    if (auto runs = midi_api_runs(api); !runs) return tl::unexpected{runs.error()};
    return std::optional{api};
}

Started<Output> open_output(const Config& config) {
    const auto api = choose_api(config.midi.output);
    if (!api)
        return refuse(
            ExitCode::unavailable,
            fmt::format("--output {}: {}", to_string(config.midi.output), api.error().message));
    Output output;
    if (*api) {
        auto port = MidiOut::open({**api, config.midi.client, config.midi.port,
                                   config.clock.priority > 1 ? config.clock.priority - 1 : 0});
        if (!port) return refuse(ExitCode::unavailable, port.error().message);
        output.port = std::move(*port);
    }
    std::filesystem::path file = config.file_path;
    if (file.empty() && !*api) {
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
    if (output.port != nullptr && output.recorder != nullptr)
        output.tee = std::make_unique<TeeSink>(*output.port, *output.recorder);
    return output;
}

}  // namespace fusion
