// `./dev bench link [--seconds S] [--tempo BPM] [--changes N] [--json FILE]`.
#include <CLI/CLI.hpp>

#include "tests/bench/link_bench.hpp"

int main(int argc, char** argv) {
    CLI::App app{"How far the beat is from Link's other peers"};
    fusion::bench::LinkBenchOptions options;
    double tempo = options.tempo.count();
    std::string json;
    app.add_option("--seconds", options.seconds, "How long to compare")
        ->check(CLI::Range(1.0, 86400.0));
    app.add_option("--tempo", tempo, "BPM of the session")->check(CLI::Range(20.0, 999.0));
    app.add_option("--changes", options.changes, "Changes of tempo by each peer")
        ->check(CLI::Range(1, 10'000));
    app.add_option("--priority", options.priority, "SCHED_FIFO priority to ask for; 0: none")
        ->check(CLI::Range(0, 99));
    app.add_option("--json", json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    options.tempo = fusion::Bpm{tempo};
    options.peer = std::filesystem::read_symlink("/proc/self/exe").parent_path() / "link_peer";
    options.json = json;
    return fusion::bench::run_link_bench(options);
}
