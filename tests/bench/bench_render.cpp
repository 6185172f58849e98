// `./dev bench render [--bars N] [--bundle FILE] [--json FILE]`: how many times faster than it
// lasts music is composed and played into sound, in simulated time, on one core.
#include <cstdio>
#include <ctime>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "daemon/generators.hpp"
#include "daemon/render.hpp"
#include "daemon/starting_values.hpp"
#include "daemon/synth/fluid_instrument.hpp"
#include "daemon/synth/sound_font.hpp"
#include "tests/bench/figures.hpp"
#ifdef FUSION_WITH_TORCH
#include "engine/nn/blas_core.hpp"
#endif

namespace fusion::bench {
namespace {

// Of this process: other programs on the machine take their share of the clock on the wall.
double cpu_seconds() {
    std::timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}
double wall_seconds() {
    return std::chrono::duration<double>{std::chrono::steady_clock::now().time_since_epoch()}
        .count();
}

struct Took {
    double wall = 0.0;
    double cpu = 0.0;
};
template <class Work>
Took timed(Work&& work) {
    const double wall = wall_seconds(), cpu = cpu_seconds();
    work();
    return {wall_seconds() - wall, cpu_seconds() - cpu};
}

int complain(const std::string& what) {
    fmt::print(stderr, "bench_render: {}\n", what);
    return 2;
}

int run(const Config& config, std::int64_t bars, const std::string& json_file) {
    auto bundle = open_bundle(config);
    if (!bundle) return complain(bundle.error().message);
    const auto font = find_sound_font("");
    if (!font) return complain(font.error().message);
    constexpr SampleRate kRate{48000};
    auto instrument = FluidInstrument::make({*font, kRate, bundle->genres});
    if (!instrument) return complain(instrument.error().message);

    nlohmann::json figures;
    const std::pair<const char*, double> choices[] = {{"heaviest", 0.0}, {"layered", 1.0}};
    for (const auto& [name, programs] : choices) {
        // A composer has one line in its memory.
        auto generators = make_generators(*bundle, config.device);
        if (!generators) return complain(generators.error().message);
        SimulatedTime time;
        ParamStore params{bundle->genres, time};
        begin_in_blend(bundle->start, params);
        static_cast<void>(params.set(ParamId::synth_programs, programs));
        auto* composer =
            generators->neural != nullptr ? generators->neural.get() : generators->fallback.get();
        Result<Rendered> music = fail(Error::Code::io, "");
        RenderOptions options;
        options.bars = bars;
        const auto composing =
            timed([&] { music = render(*composer, nullptr, params, time, options); });
        if (!music) return complain(music.error().message);
        Result<RenderedSound> sound = fail(Error::Code::io, "");
        const SoundOutlet nowhere{[](std::span<const float>) -> Status { return {}; }};
        const auto sounding =
            timed([&] { sound = render_sound(music->score, **instrument, kRate, nowhere); });
        if (!sound) return complain(sound.error().message);
        const double lasts = static_cast<double>(sound->length.count()) / kRate.count();
        const auto times = [&](double took) { return lasts / took; };
        fmt::print(
            "{:<9} {:.0f} s of music, {} notes: composed in {:.2f} s ({:.2f} s of CPU), "
            "sounded in {:.2f} s ({:.2f} s); {:.0f} times real time, {:.0f} by CPU\n",
            name, lasts, music->notes, composing.wall, composing.cpu, sounding.wall, sounding.cpu,
            times(composing.wall + sounding.wall), times(composing.cpu + sounding.cpu));
        figures[name] = {{"music_s", lasts},
                         {"notes", music->notes},
                         {"compose_s", composing.wall},
                         {"compose_cpu_s", composing.cpu},
                         {"sound_s", sounding.wall},
                         {"sound_cpu_s", sounding.cpu},
                         {"times_real_time", times(composing.wall + sounding.wall)},
                         {"times_real_time_cpu", times(composing.cpu + sounding.cpu)}};
    }
    return write_json(json_file, figures) ? 0 : 1;
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
#ifdef FUSION_WITH_TORCH
    fusion::choose_blas_core(argv);
#endif
    CLI::App app{"How fast music is rendered into sound"};
    fusion::Config config;
    std::int64_t bars = 256;
    std::string json_file;
    app.add_option("--bundle", config.bundle_path, "Trained bundle");
    app.add_option("--bars", bars, "Length")->check(CLI::Range(1, 100000));
    app.add_option("--json", json_file, "Write the figures here");
    CLI11_PARSE(app, argc, argv);
    return fusion::bench::run(config, bars, json_file);
}
