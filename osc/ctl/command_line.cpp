#include "osc/ctl/command_line.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "osc/ctl/completion.hpp"
#include "osc/ctl/words.hpp"

namespace fusion::ctl {
namespace {

constexpr std::uint16_t kPort = 9700;
constexpr const char* kFooter = R"(
PATH is as in /fusiond/PATH: tempo, weight/jazz, or a pattern in quotes: 'weight/*'.

Exit codes: 0 done; 1 the daemon refused, and says why; 2 command line; 3 no answer.)";

// What was said.
struct Said {
    std::string host = "127.0.0.1";
    std::uint16_t port = kPort;
    double timeout = 1.0;
    bool json = false;
    std::vector<std::string> paths, values, arguments, streams;
    std::string path, action, name, pattern, wish;
    double beats = 0.0;
};

struct Verbs {
    CLI::App *get, *set, *act, *watch, *list, *status, *learn, *panic, *play, *stop, *record,
        *reload, *flight;
    CLI::App *save, *recall, *remove, *scenes;
    CLI::Option* beats;
};

Verbs add_verbs(CLI::App& app, Said& said) {
    Verbs verbs{};
    verbs.get = app.add_subcommand("get", "Print values");
    verbs.get->add_option("PATH", said.paths, "Of parameters; patterns too")->required();
    verbs.set = app.add_subcommand("set", "Set a value; a clamped one is told");
    verbs.set->add_option("PATH", said.path, "Of a parameter; a pattern sets all")->required();
    verbs.set
        ->add_option("VALUE", said.values,
                     "A number, a word, on or off; then the beats of a weight's ramp. "
                     "For key and scale at once: D dorian")
        ->required();
    verbs.act = app.add_subcommand("do", "Do an action: again, nudge 20, ...");
    verbs.act->add_option("ACTION", said.action, "See fusionctl list")->required();
    verbs.act->add_option("ARGUMENT", said.arguments, "As the action wants");
    verbs.watch = app.add_subcommand("watch", "Print what happens until Ctrl-C");
    verbs.watch->add_option("PATTERN", said.pattern, "Only these paths");
    verbs.watch
        ->add_option("--streams", said.streams,
                     "Only these: note, beat, proposal, weights, changes, scene, learned, late, "
                     "chord, tape, "
                     "planned, band")
        ->type_name("NAME,...")
        ->delimiter(',')
        ->allow_extra_args(false);
    verbs.list = app.add_subcommand("list", "Say what paths there are");
    verbs.list->add_option("PATTERN", said.pattern, "A pattern, or a part of the name");
    verbs.status = app.add_subcommand("status", "Say how the daemon is");
    verbs.learn = app.add_subcommand(
        "learn",
        "The next controller that moves turns PATH; without PATH, learn nothing after all");
    verbs.learn->add_option("PATH", said.path, "A parameter, an action, or scene/NAME");
    verbs.panic = app.add_subcommand("panic", "Silence now");
    verbs.play = app.add_subcommand("play", "Start, or go on");
    verbs.stop = app.add_subcommand("stop", "Stop");

    verbs.record = app.add_subcommand("record", "Record what is played, or say what is recorded");
    verbs.record
        ->add_option("WISH", said.wish,
                     "on, off, or export: make a whole file of what there is, and name it")
        ->check(CLI::IsMember({"on", "off", "export"}));
    verbs.reload =
        app.add_subcommand("reload", "Read the configuration and the bundle anew while it plays");

    verbs.flight = app.add_subcommand(
        "flight", "Write what led up to now, for `fusiond replay`, and name the file");

    auto* scene = app.add_subcommand("scene", "Save, recall, delete or list scenes");
    scene->require_subcommand(1);
    const auto with_name = [&](const char* name, const char* doc) {
        auto* verb = scene->add_subcommand(name, doc);
        verb->add_option("NAME", said.name, "The scene's name")->required();
        return verb;
    };
    verbs.save = with_name("save", "Keep the values of now under this name");
    verbs.recall = with_name("recall", "Bring a scene back");
    verbs.beats = verbs.recall->add_option("--beats", said.beats, "Get there over so many beats")
                      ->type_name("N")
                      ->check(CLI::NonNegativeNumber);
    verbs.remove = with_name("delete", "Forget a scene");
    verbs.scenes = scene->add_subcommand("list", "Name the scenes there are");
    return verbs;
}

Exit perform(const Verbs& verbs, const Said& said, Commands& commands,
             const Commands::Stopped& stopped) {
    if (*verbs.get) return commands.get(said.paths);
    if (*verbs.set) return commands.set(said.path, said.values);
    if (*verbs.act) return commands.act(said.action, said.arguments);
    if (*verbs.watch) return commands.watch(said.pattern, said.streams, stopped);
    if (*verbs.list) return commands.list(said.pattern);
    if (*verbs.status) return commands.status();
    if (*verbs.panic) return commands.act("panic", {});
    if (*verbs.play) return commands.act("play", {});
    if (*verbs.stop) return commands.act("stop", {});
    if (*verbs.record) return commands.record(said.wish);
    if (*verbs.reload) return commands.reload();
    if (*verbs.flight) return commands.flight();
    if (*verbs.save) return commands.act("scene/save", {said.name});
    if (*verbs.remove) return commands.act("scene/delete", {said.name});
    if (*verbs.scenes) return commands.scenes();
    if (*verbs.recall)
        return verbs.beats->empty()
                   ? commands.act("scene/recall", {said.name})
                   : commands.act("scene/recall", {said.name, fmt::format("{}", said.beats)});
    return said.path.empty() ? commands.act("learn", {})
                             : commands.act("learn", {tail_of(said.path)});
}

std::uint16_t port_in(std::string_view word, std::uint16_t otherwise) {
    const auto number = number_in(word).value_or(0.0);
    return number >= 1.0 && number <= 65535.0 ? static_cast<std::uint16_t>(number) : otherwise;
}

std::uint16_t usual_port() {
    const char* given = std::getenv("FUSIONCTL_PORT");
    return given == nullptr ? kPort : port_in(given, kPort);
}

// fusionctl complete -- WORD...: quick, and silent whatever happens.
Exit complete(std::vector<std::string> words, std::ostream& out) {
    using namespace std::chrono_literals;
    constexpr auto kQuick = 200ms;
    std::string host = "127.0.0.1";
    auto port = usual_port();
    for (std::size_t i = 0; i + 1 < words.size(); ++i) {
        const bool parted = words[i + 1] == "=" && i + 2 < words.size();
        const auto& next = words[i + (parted ? 2 : 1)];
        if (words[i] == "--host") host = next;
        if (words[i] == "--port") port = port_in(next, port);
        if (words[i].starts_with("--host=")) host = words[i].substr(7);
        if (words[i].starts_with("--port=")) port = port_in(words[i].substr(7), port);
    }
    Known known;
    if (auto daemon = OscClient::open(host, port))
        if (const auto answers =
                daemon->ask({{"/status", {}}, {"/fusiond/scene/list", {}}}, kQuick))
            for (const auto& answer : *answers) {
                const bool status = answer.path == "/status.reply";
                if (!status && answer.path != "/fusiond/scene/list.reply") continue;
                auto& into = status ? known.genres : known.scenes;
                for (auto i = status ? kStatusFields : 0; i < answer.args.size(); ++i)
                    into.push_back(text_of(answer.args[i]));
            }
    for (const auto& word : completions(words, known)) out << word << '\n';
    return Exit::ok;
}

}  // namespace

Exit run(int argc, const char* const* argv, Commands::Streams streams,
         const Commands::Stopped& stopped) {
    // Not through CLI11: these words are half written.
    if (argc > 1 && std::string_view{argv[1]} == "complete") {
        const int first = argc > 2 && std::string_view{argv[2]} == "--" ? 3 : 2;
        return complete({argv + std::min(first, argc), argv + argc}, streams.out);
    }
    Said said;
    said.port = usual_port();
    CLI::App app{"fusionctl asks a running fusiond, and tells it what to do.", "fusionctl"};
    app.footer(kFooter);
    app.set_version_flag("--version", fmt::format("fusionctl {}", FUSION_VERSION));
    app.require_subcommand(1);
    app.fallthrough();
    app.add_option("--host", said.host, "Where fusiond runs; 127.0.0.1 unless said")
        ->type_name("HOST");
    app.add_option("--port", said.port, "Its OSC port; $FUSIONCTL_PORT or 9700 unless said")
        ->type_name("PORT")
        ->check(CLI::Range(1, 65535));
    app.add_option("--timeout", said.timeout, "How long to wait for an answer; 1 unless said")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.01, 60.0));
    // An alias may hold them already.
    for (const auto* option : {"--host", "--port", "--timeout"})
        app.get_option(option)->take_last();
    app.add_flag("--json", said.json, "get, status, list and scene list print JSON");
    const auto verbs = add_verbs(app, said);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error, streams.out, streams.problems) == 0 ? Exit::ok : Exit::usage;
    }
    auto daemon = OscClient::open(said.host, said.port);
    if (!daemon) {
        streams.problems << "fusionctl: " << daemon.error().message << '\n';
        return Exit::no_answer;
    }
    const auto timeout =
        std::chrono::duration_cast<OscClient::Millis>(std::chrono::duration<double>{said.timeout});
    Commands commands{*daemon, timeout, said.json ? Form::json : Form::text, streams};
    return perform(verbs, said, commands, stopped);
}

}  // namespace fusion::ctl
