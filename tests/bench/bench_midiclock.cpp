// `./dev bench midiclock [--seconds S] [--period FRAMES] [--json FILE]`
#include <CLI/CLI.hpp>

#include "tests/bench/midiclock_bench.hpp"

int main(int argc, char** argv) {
    if (const auto status = fusion::bench::run_as_ear(argc, argv)) return *status;
    CLI::App app{"How even our MIDI clock is, and how well we follow another's"};
    fusion::bench::MidiClockBenchOptions options;
    auto period = options.stage.period.count();
    app.add_option("--seconds", options.seconds, "How long each of the four phases plays")
        ->check(CLI::Range(1.0, 600.0));
    app.add_option("--period", period, "Frames of the server's period")
        ->check(CLI::Range(16, 8192));
    app.add_option("--json", options.json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    options.stage.period = fusion::Frames{period};
    return fusion::bench::run_midiclock_bench(options);
}
