// `./dev bench jack [--seconds S] [--events N] [--period FRAMES] [--margin US] [--json FILE]`
#include <CLI/CLI.hpp>

#include "tests/bench/jack_bench.hpp"

int main(int argc, char** argv) {
    if (const auto status = fusion::bench::run_as_ear(argc, argv)) return *status;
    CLI::App app{"Whether each event is on its frame, as another JACK client sees it"};
    fusion::bench::JackBenchOptions options;
    auto period = options.stage.period.count();
    auto margin = options.stage.margin.count();
    app.add_option("--seconds", options.seconds, "How long each of the two phases plays")
        ->check(CLI::Range(0.1, 1000.0));
    app.add_option("--events", options.events, "Events of each phase, where no time is given")
        ->check(CLI::Range(1, 200'000));
    app.add_option("--period", period, "Frames of the server's period")
        ->check(CLI::Range(16, 8192));
    app.add_option("--margin", margin, "µs that the port asks for beyond a period")
        ->check(CLI::Range(0, 100'000));
    app.add_option("--json", options.json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    options.stage = {fusion::Frames{period}, fusion::Micros{margin}};
    return fusion::bench::run_jack_bench(options);
}
