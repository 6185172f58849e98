// `./dev bench horizon [--seconds S] [--tempo BPM] [--bundle FILE] [--json FILE]`: the networks of
// a bundle where one is given (and Torch is built in), its n-gram tables without Torch, else a
// generator by script that takes --step-us for each step.
#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "engine/model/ngram_generator.hpp"
#include "tests/bench/horizon_bench.hpp"
#include "tests/support/scripted_generator.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#endif

namespace fusion::bench {
namespace {

std::unique_ptr<Generator> scripted(std::chrono::microseconds step) {
    auto made = std::make_unique<test::ScriptedGenerator>();
    made->before_each([step](const StepRequest&) -> Status {
        // Busy, as a network is: a sleeping generator would leave the clock the whole core.
        const auto end = std::chrono::steady_clock::now() + step;
        while (std::chrono::steady_clock::now() < end) {
        }
        return {};
    });
    return made;
}

int run(const std::string& bundle_file, int step_us, HorizonBenchOptions options) {
    if (bundle_file.empty()) {
        options.generator_name = fmt::format("a scripted generator of {} us a step", step_us);
        return run_horizon_bench([&] { return scripted(std::chrono::microseconds{step_us}); },
                                 [] { return scripted(std::chrono::microseconds{0}); }, options);
    }
    const auto bundle = load_bundle(bundle_file);
    if (!bundle) {
        fmt::print(stderr, "{}\n", bundle.error().message);
        return 2;
    }
    const auto ngram = [&] { return make_ngram_generator(*bundle); };
#ifdef FUSION_WITH_TORCH
    auto torch = make_torch_generator(*bundle, DeviceChoice::automatic);
    if (!torch) {
        fmt::print(stderr, "{}\n", torch.error().message);
        return 2;
    }
    options.generator_name = "the networks of " + bundle_file;
    return run_horizon_bench([&] { return std::move(*torch); }, ngram, options);
#else
    options.generator_name = "the n-gram tables of " + bundle_file;
    return run_horizon_bench(ngram, ngram, options);
#endif
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
#ifdef FUSION_WITH_TORCH
    fusion::choose_blas_core(argv);
#endif
    CLI::App app{"How many weight changes reach the next note"};
    fusion::bench::HorizonBenchOptions options;
    double tempo = options.tempo.count();
    std::string bundle;
    std::string json;
    int step_us = 1000;
    int lead_us = 0;
    app.add_option("--seconds", options.seconds, "How long to play")
        ->check(CLI::Range(0.5, 86400.0));
    app.add_option("--tempo", tempo, "BPM")->check(CLI::Range(10.0, 400.0));
    app.add_option("--bundle", bundle, "Networks to play; without one a scripted generator plays");
    app.add_option("--step-us", step_us, "What a step of the scripted generator costs")
        ->check(CLI::Range(0, 1'000'000));
    app.add_option("--priority", options.priority, "SCHED_FIFO priority to ask for; 0: none")
        ->check(CLI::Range(0, 99));
    app.add_option("--lead-us", lead_us, "How far ahead the port wants its messages")
        ->check(CLI::Range(0, 100'000));
    app.add_option("--seed", options.seed, "Of the changes");
    app.add_option("--json", json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    options.tempo = fusion::Bpm{tempo};
    options.json = json;
    options.lead = fusion::Micros{lead_us};
    return fusion::bench::run(bundle, step_us, options);
}
