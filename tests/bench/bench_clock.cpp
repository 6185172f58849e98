// `./dev bench clock [--seconds S] [--priority P] [--spin US] [--cpu N] [--json FILE]`
#include <CLI/CLI.hpp>

#include "engine/realtime/clock/clock_thread.hpp"
#include "tests/bench/clock_bench.hpp"

int main(int argc, char** argv) {
    CLI::App app{"How late the clock is, beside cyclictest, idle and with every core busy"};
    fusion::bench::ClockBenchOptions options;
    std::int64_t spin = options.spin.count();
    app.add_option("--seconds", options.seconds, "How long each of the two phases plays")
        ->check(CLI::Range(1.0, 86400.0));
    app.add_option("--priority", options.priority, "SCHED_FIFO priority to ask for; 0: none")
        ->check(CLI::Range(0, 98));
    app.add_option("--spin", spin, "µs that the clock waits awake before each deadline")
        ->check(CLI::Range(std::int64_t{0}, fusion::ClockThread::kMaxSpin.count()));
    app.add_option("--cpu", options.cpu, "Processor to bind the clock to; -1: any")
        ->check(CLI::Range(-1, 1023));
    app.add_option("--json", options.json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    options.spin = fusion::Micros{spin};
    return fusion::bench::run_clock_bench(options);
}
