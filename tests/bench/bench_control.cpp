// `./dev bench control [--bundle FILE] [--seconds S] [--flood-seconds S] [--rate N] [--json FILE]`:
// the networks of a bundle (the shipped one where none is named), its n-gram tables without Torch.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "engine/model/ngram_generator.hpp"
#include "tests/bench/control_bench.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#endif

int main(int argc, char** argv) {
#ifdef FUSION_WITH_TORCH
    fusion::choose_blas_core(argv);
#endif
    using namespace fusion;
    CLI::App app{"How soon a control is in force, and what a flood of them does"};
    bench::ControlBenchOptions options;
    std::string file = FUSION_SOURCE_BUNDLE;
    app.add_option("--bundle", file, "Trained bundle");
    app.add_option("--seconds", options.seconds, "Of single changes, and of the idle run")
        ->check(CLI::Range(1.0, 86400.0));
    app.add_option("--flood-seconds", options.flood_seconds, "Of the flood")
        ->check(CLI::Range(1.0, 86400.0));
    app.add_option("--rate", options.flood_rate, "Messages a second in the flood")
        ->check(CLI::Range(1, 100'000));
    app.add_option("--priority", options.priority, "SCHED_FIFO priority to ask for; 0: none")
        ->check(CLI::Range(0, 98));
    app.add_option("--json", options.json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);

    const auto bundle = load_bundle(file);
    if (!bundle) {
        fmt::print(stderr, "{}\n", bundle.error().message);
        return 2;
    }
    auto fallback = make_ngram_generator(*bundle);
#ifdef FUSION_WITH_TORCH
    auto neural = make_torch_generator(*bundle, DeviceChoice::automatic);
    if (!neural) {
        fmt::print(stderr, "{}\n", neural.error().message);
        return 2;
    }
    options.generator_name = "the networks of " + file;
    return bench::run_control_bench(std::move(*neural), std::move(fallback), options);
#else
    options.generator_name = "the n-gram tables of " + file;
    return bench::run_control_bench(make_ngram_generator(*bundle), std::move(fallback), options);
#endif
}
