#include "daemon/cli.hpp"

#include <sstream>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "engine/base/whole_file.hpp"
#include "engine/params/names.hpp"
#include "engine/params/text_value.hpp"

namespace fusion {
namespace {

constexpr const char* kFooter = R"(
Exit codes: 0 orderly end; 1 a replay that differs; 64 command line; 65 bundle short, altered or foreign;
66 file not found; 69 port, device or service unavailable; 70 engine failed;
73 output file cannot be written; 78 configuration.

Without --bundle: $FUSIOND_BUNDLE, then the installed bundle.)";

using At = std::tuple<std::int64_t, std::string, std::string>;

// What was said, before it is laid over the configuration.
struct Said {
    std::string config, check, output, device, bundle, file, state;
    std::optional<std::string> seed, tempo, scene;
    std::optional<double> seconds;
    std::optional<std::uint16_t> osc_port, oscquery_port;
    std::vector<std::string> weights;
    bool no_synth = false;
    bool resume = false;
    bool list_ports = false;
    bool reference = false;
    bool plain = false;
    bool open = false;
    std::vector<At> at;
    std::optional<std::int64_t> bars;
    std::string session, out, wav, flac, ogg;
    std::string flight;
};

void add_shared(CLI::App& app, Said& words) {
    app.add_option("--config", words.config, "Configuration file (TOML)")->type_name("FILE");
    app.add_option("--bundle", words.bundle, "Trained bundle")->type_name("FILE");
    app.add_option("--device", words.device, "Where the networks run: auto, cpu or cuda")
        ->type_name("DEVICE");
    app.add_option("--seed", words.seed, "Start of the dice: same seed, same music")
        ->type_name("N");
    app.add_option("--tempo", words.tempo, "Quarter notes a minute")->type_name("BPM");
    app.add_option("--weight", words.weights,
                   "A genre's weight, 0 to 10; may be given often. Genres that are not named are 0")
        ->type_name("GENRE=W")
        ->allow_extra_args(false);
    app.add_option("--scene", words.scene,
                   "Begin in this scene: one that was saved, or classical, jazz, pop, folk, "
                   "case-1, case-2, parlour, quest; --weight goes over it")
        ->type_name("NAME");
    app.add_option("--state", words.state,
                   "Where scenes and learned controllers are kept; off keeps none")
        ->type_name("FILE");
}

Result<double> value_in(const ValueShape& shape, std::string_view text) {
    const auto said = read_value(shape, text);
    if (!said) return tl::unexpected{said.error()};
    return fit_exactly(shape, said->value);
}

Status set_param(Config& config, ParamId id, const std::string& text, const char* flag) {
    const auto value = value_in(shape_of(spec(id)), text);
    if (!value) return about(flag, value.error());
    config.parameters[static_cast<std::size_t>(id)] = *value;
    return {};
}

Status set_weight(Config& config, const std::string& word) {
    const auto& row = spec(FamilyId::weight);
    const auto equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
        return fail(Error::Code::malformed,
                    fmt::format("--weight {}: write GENRE=W with W from {} to {}, as in jazz=7.5",
                                word, row.minimum, row.maximum));
    const auto value = value_in(shape_of(row), std::string_view{word}.substr(equals + 1));
    if (!value) return about(fmt::format("--weight {}", word), value.error());
    if (!config.beginning.weights) config.beginning.weights.emplace();
    auto& weights = *config.beginning.weights;
    const auto genre = word.substr(0, equals);
    // The last of a genre holds, in whichever case it is named.
    std::erase_if(weights, [&](const auto& one) { return same_but_for_case(one.first, genre); });
    weights[genre] = *value;
    return {};
}

Status lay_over(const Said& words, Config& config) {
    if (!words.output.empty()) {
        const auto outputs = parse_outputs(words.output);
        if (!outputs) return tl::unexpected{outputs.error()};
        config.midi.outputs = *outputs;
    }
    if (words.no_synth) config.synth.enabled = false;
    if (words.resume) config.state.resume = true;
    if (!words.device.empty()) {
        const auto kind = parse_device(words.device);
        if (!kind) return tl::unexpected{kind.error()};
        config.device = *kind;
    }
    if (!words.bundle.empty()) config.bundle_path = words.bundle;
    if (!words.file.empty()) config.file_path = words.file;
    if (!words.state.empty()) config.state.path = words.state;
    if (words.osc_port) config.osc.port = *words.osc_port;
    if (words.oscquery_port) config.oscquery.port = *words.oscquery_port;
    config.beginning.scene = words.scene;
    if (words.seed)
        if (auto set = set_param(config, ParamId::seed, *words.seed, "--seed"); !set) return set;
    if (words.tempo)
        if (auto set = set_param(config, ParamId::tempo, *words.tempo, "--tempo"); !set) return set;
    for (const auto& word : words.weights)
        if (auto set = set_weight(config, word); !set) return set;
    return {};
}

constexpr std::size_t kMostSessionBytes = std::size_t{1} << 20;

// What to play of a session that is written down, and of `--at`.
Started<RenderOptions> render_options(const Said& words) {
    RenderOptions options;
    options.out = words.out;
    for (const auto& [format, file] : {std::pair{SoundFormat::wav, &words.wav},
                                       {SoundFormat::flac, &words.flac},
                                       {SoundFormat::ogg, &words.ogg}})
        if (!file->empty()) options.sounds.push_back({format, *file});
    if (options.out.empty() && options.sounds.empty())
        return refuse(ExitCode::usage,
                      "render: into what? --out FILE.mid, --wav FILE, --flac FILE or --ogg FILE");
    auto bars = words.bars;
    if (!words.session.empty()) {
        const auto bytes = read_file(words.session, kMostSessionBytes);
        if (!bytes) return refuse(ExitCode::not_found, bytes.error().message);
        auto session = parse_session({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                                     words.session);
        if (!session) return refuse(ExitCode::usage, session.error().message);
        options.changes = std::move(session->changes);
        if (!bars) bars = session->bars;
        if (!bars) options.length = session->length;
    }
    for (const auto& [bar, path, value] : words.at) {
        auto change = parse_at(bar, path, value);
        if (!change) return refuse(ExitCode::usage, change.error().message);
        options.changes.push_back(std::move(*change));
    }
    if (!bars && !options.length)
        return refuse(ExitCode::usage, "render: how long? --bars N, or a session with an `end`");
    options.bars = bars.value_or(options.bars);
    return options;
}

}  // namespace

Started<CommandLine> parse_command_line(int argc, const char* const* argv) {
    Said words;
    CLI::App app{
        "fusiond composes one melody without end, fusing genres in proportions that you "
        "turn by hand, and plays it into a MIDI port.",
        "fusiond"};
    app.footer(kFooter);
    app.set_version_flag("--version", fmt::format("fusiond {}", FUSION_VERSION));
    add_shared(app, words);
    app.add_option("--check-config", words.check, "Say what is wrong with a configuration and end")
        ->type_name("FILE");
    app.add_flag("--reference", words.reference, "Print the page of every OSC path and end");
    app.add_flag("--list-ports", words.list_ports, "Name the MIDI ports there are and end");
    app.add_option("--output", words.output,
                   "Where the notes go: auto, jack, alsa, rtmidi-jack, file, synth (the built-in "
                   "one), or several, as jack,synth")
        ->type_name("OUTPUT[,...]");
    app.add_flag("--no-synth", words.no_synth,
                 "The built-in synth stays silent; it would sound with auto while nobody is "
                 "connected to the port");
    app.add_flag("--resume", words.resume,
                 "Begin with the values that were in force at the end of the last run");
    app.add_option("--osc-port", words.osc_port, "UDP port of OSC; 0 takes any free one")
        ->type_name("PORT");
    app.add_option("--oscquery-port", words.oscquery_port,
                   "TCP port of OSCQuery; 0 takes any free one")
        ->type_name("PORT");
    app.add_option("--file", words.file, "Record the session into this Standard MIDI File")
        ->type_name("FILE");
    app.add_flag("--plain", words.plain,
                 "On a terminal: the log's lines alone, no page and no keys");
    app.add_flag("--open", words.open, "Show the panel in the desktop's browser");
    app.add_option("--seconds", words.seconds, "Stop by itself after this long")
        ->type_name("N")
        ->check(CLI::Range(0.0, 1e9));

    auto* render = app.add_subcommand("render",
                                      "Compose into a Standard MIDI File or a file of sound, as "
                                      "fast as it goes; same arguments, same music");
    add_shared(*render, words);
    render->add_option("--bars", words.bars, "Length; goes over the session's own")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    render
        ->add_option("--at", words.at,
                     "Change a parameter after BAR bars (0 is the beginning): --at 16 weight "
                     "jazz=0, --at 8 key 'D dorian'; may be given often")
        ->type_name("BAR PATH-TAIL VALUE")
        ->allow_extra_args(false);
    render
        ->add_option("--session", words.session,
                     "Play what is written down: one change a line, as 16 weight/jazz 0, "
                     "8:2.5 tempo 90 (after 8 bars and 2.5 beats) or 32 end; tests/sessions has "
                     "examples")
        ->type_name("FILE");
    render->add_option("--out", words.out, "MIDI file to write")->type_name("FILE.mid");
    render->add_option("--wav", words.wav, "Play it with the built-in synth into this WAV file")
        ->type_name("FILE");
    render->add_option("--flac", words.flac, "The same as FLAC")->type_name("FILE");
    render->add_option("--ogg", words.ogg, "The same as Ogg Vorbis")->type_name("FILE");

    auto* replay = app.add_subcommand(
        "replay", "Play a flight (fusionctl flight) once more, and say whether it is the same");
    replay->add_option("FILE", words.flight, "The flight")->required();
    replay->add_option("--config", words.config, "Configuration file (TOML)")->type_name("FILE");
    replay->add_option("--bundle", words.bundle, "The bundle that played it")->type_name("FILE");
    replay->add_option("--device", words.device, "Where the networks run: auto, cpu or cuda")
        ->type_name("DEVICE");
    replay->add_option("--out", words.out, "Write it as a MIDI file, too")->type_name("FILE.mid");

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        std::ostringstream out, problem;
        const int code = app.exit(error, out, problem);
        if (code == 0) return refuse(ExitCode::ok, out.str());
        return refuse(ExitCode::usage, problem.str());
    }

    CommandLine line;
    if (words.reference) line.command = CommandLine::Command::reference;
    if (words.list_ports) line.command = CommandLine::Command::list_ports;
    if (!words.check.empty()) {
        line.command = CommandLine::Command::check_config;
        words.config = words.check;
        line.config_file = words.check;
    }
    if (!words.config.empty()) {
        auto config = load_config(words.config);
        if (!config)
            return refuse(config.error().code == Error::Code::malformed ? ExitCode::config
                                                                        : ExitCode::not_found,
                          config.error().message);
        line.config = std::move(*config);
    }
    if (auto laid = lay_over(words, line.config); !laid)
        return refuse(ExitCode::usage, laid.error().message);
    line.run.view = words.plain ? RunOptions::View::log : RunOptions::View::page;
    line.run.open_panel = words.open;
    if (words.seconds) line.run.length = std::chrono::duration<double>{*words.seconds};
    if (*render) {
        line.command = CommandLine::Command::render;
        auto options = render_options(words);
        if (!options) return tl::unexpected{options.error()};
        line.render = std::move(*options);
    }
    if (*replay) {
        line.command = CommandLine::Command::replay;
        line.replay = {words.flight, words.out};
    }
    return line;
}

}  // namespace fusion
