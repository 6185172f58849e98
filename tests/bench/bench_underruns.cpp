// `./dev bench underruns [--seconds S] [--bundle FILE] [--json FILE]`: does the line ever run dry?
// The networks of a bundle at 240 BPM in sixteenths (each event is cut to one, so that every second
// asks for sixteen), a weight turned twenty times a second, and every core kept busy by stress-ng.
// Exit status 1 when there was an underrun, or a note of a lower rung.
#include <array>
#include <random>

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include "engine/model/ngram_generator.hpp"
#include "engine/nn/blas_core.hpp"
#include "engine/nn/torch_generator.hpp"
#include "engine/realtime/engine.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/other_programs.hpp"
#include "tests/bench/stand_ins.hpp"

namespace fusion::bench {
namespace {

constexpr Cells kSixteenth{3};

struct Options {
    double seconds = 60.0;
    double tempo = 240.0;
    double changes_a_second = 20.0;
    unsigned loaded_cores = std::thread::hardware_concurrency();
    int priority = 70;
    std::string bundle;
    std::string json;
};

// The same line in sixteenths: what it was told and what it makes keep their pitches.
class Sixteenths final : public Generator {
public:
    explicit Sixteenths(std::unique_ptr<Generator> inner) : inner_{std::move(inner)} {}
    [[nodiscard]] const Vocabulary& vocabulary() const override { return inner_->vocabulary(); }
    [[nodiscard]] std::span<const std::string> genres() const override { return inner_->genres(); }
    Result<GeneratedEvent> generate(const StepRequest& request) override {
        auto made = inner_->generate(request);
        if (made) made->event = vocabulary().nearest({vocabulary()[made->event].pitch, kSixteenth});
        return made;
    }
    [[nodiscard]] std::uint32_t next_index() const override { return inner_->next_index(); }
    void rollback(std::uint32_t index) override { inner_->rollback(index); }
    void forget_before(std::uint32_t index) override { inner_->forget_before(index); }
    void skip_to(std::uint32_t index) override { inner_->skip_to(index); }
    void reset() override { inner_->reset(); }

private:
    std::unique_ptr<Generator> inner_;
};

int run(const Options& options) {
    const auto bundle = load_bundle(options.bundle);
    if (!bundle) {
        fmt::print(stderr, "{}\n", bundle.error().message);
        return 2;
    }
    auto torch = make_torch_generator(*bundle, DeviceChoice::automatic);
    if (!torch) {
        fmt::print(stderr, "{}\n", torch.error().message);
        return 2;
    }
    MonotonicTime time;
    ParamStore params{bundle->genres, time};
    static_cast<void>(params.set(ParamId::tempo, options.tempo));
    NullSink sink;
    Engine engine{std::make_unique<Sixteenths>(std::move(*torch)),
                  std::make_unique<Sixteenths>(make_ngram_generator(*bundle)),
                  params,
                  sink,
                  time,
                  {.clock_priority = options.priority}};
    engine.start();
    const auto& meters = engine.meters();
    while (!meters.ready.load()) time.sleep_until(time.now() + std::chrono::milliseconds{1});

    std::optional<OtherProgram> load;
    if (options.loaded_cores > 0) {
        auto started = start_load(options.loaded_cores, static_cast<int>(options.seconds) + 10);
        if (!started) {
            fmt::print(stderr, "{}\n", started.error().message);
            return 2;
        }
        load.emplace(std::move(*started));
    }
    std::mt19937_64 random{1};
    std::uniform_real_distribution<double> weight{0.0, 10.0};
    std::uniform_int_distribution<std::size_t> genre{0, params.genres().size() - 1};
    std::array<std::uint64_t, 4> by_rung{};
    std::uint64_t changes = 0;
    const auto pause =
        std::chrono::round<Nanos>(std::chrono::duration<double>{1.0 / options.changes_a_second});
    const auto begin = time.now();
    const auto end =
        begin + std::chrono::round<Nanos>(std::chrono::duration<double>{options.seconds});
    auto told = begin;
    for (auto next = begin; next < end; next += pause) {
        time.sleep_until(next);
        static_cast<void>(params.set_weight(genre(random), weight(random)));
        ++changes;
        PlayedEvent event;
        while (engine.played().try_pop(event))
            if (event.kind == PlayedEvent::Kind::step)
                ++by_rung[static_cast<std::size_t>(event.step.rung)];
        if (next - told < std::chrono::minutes{5}) continue;
        told = next;
        fmt::print("{} min: {} steps, {} underruns\n",
                   std::chrono::duration_cast<std::chrono::minutes>(next - begin).count(),
                   meters.steps_committed.load(), meters.underruns.load());
        std::fflush(stdout);
    }
    if (load) load->stop();
    engine.stop();

    const auto steps = meters.steps_committed.load();
    const auto underruns = meters.underruns.load();
    const auto lower = steps - by_rung[static_cast<std::size_t>(Rung::neural)];
    fmt::print(
        "bench underruns: {:.0f} s at {:.0f} BPM in sixteenths, {} weight changes, {} cores "
        "kept busy, clock {}\n",
        options.seconds, options.tempo, changes, options.loaded_cores,
        describe(engine.clock_grant()));
    fmt::print("{} steps; underruns {} (target 0), late steps {}, steps not by the networks {}\n\n",
               steps, underruns, meters.late_steps.load(), lower);
    print_head("us");
    print_row("one step", meters.step_time.summary());
    print_row("control to commit", meters.change_to_commit.summary());
    print_row("clock lateness", meters.lateness.summary());
    const nlohmann::json all = {{"seconds", options.seconds},
                                {"tempo", options.tempo},
                                {"loaded_cores", options.loaded_cores},
                                {"changes", changes},
                                {"steps", steps},
                                {"underruns", underruns},
                                {"late_steps", meters.late_steps.load()},
                                {"steps_of_lower_rungs", lower},
                                {"step", json_of(meters.step_time.summary())},
                                {"control_to_commit", json_of(meters.change_to_commit.summary())},
                                {"lateness", json_of(meters.lateness.summary())}};
    if (!write_json(options.json, all)) return 2;
    return underruns == 0 && lower == 0 ? 0 : 1;
}

}  // namespace
}  // namespace fusion::bench

int main(int argc, char** argv) {
    fusion::choose_blas_core(argv);
    CLI::App app{"Whether the line runs dry under load"};
    fusion::bench::Options options;
    app.add_option("--seconds", options.seconds, "How long to play")
        ->check(CLI::Range(1.0, 86400.0));
    app.add_option("--tempo", options.tempo, "BPM")->check(CLI::Range(10.0, 400.0));
    app.add_option("--changes", options.changes_a_second, "Weight changes a second")
        ->check(CLI::Range(0.1, 1000.0));
    app.add_option("--cores", options.loaded_cores, "Cores that stress-ng keeps busy; 0: none");
    app.add_option("--bundle", options.bundle, "Networks to play")->required();
    app.add_option("--priority", options.priority, "SCHED_FIFO priority to ask for; 0: none")
        ->check(CLI::Range(0, 99));
    app.add_option("--json", options.json, "File to write the figures to");
    CLI11_PARSE(app, argc, argv);
    return fusion::bench::run(options);
}
