#include "tests/bench/horizon_bench.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>

#include "engine/realtime/engine.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/stand_ins.hpp"

namespace fusion::bench {
namespace {

constexpr Nanos kNotice{std::chrono::milliseconds{5}};
constexpr double kTarget = 0.999;

struct Change {
    std::uint64_t revision;
    TimePoint at;
};

struct Verdict {
    std::size_t counted = 0;  // changes with a note at least kNotice after them
    std::size_t obeyed = 0;   // that note was made from them
};

// The first note due at least kNotice after a change must carry its revision or a higher one.
Verdict judge(const std::vector<Change>& changes, const std::vector<PlayedEvent>& steps) {
    Verdict verdict;
    auto step = steps.begin();
    for (const auto& change : changes) {
        step = std::find_if(step, steps.end(), [&](const PlayedEvent& played) {
            return played.step.kind == StepKind::note && played.due >= change.at + kNotice;
        });
        if (step == steps.end()) break;
        ++verdict.counted;
        if (step->step.revision >= change.revision && step->step.rung < Rung::repeat)
            ++verdict.obeyed;
    }
    return verdict;
}

void print_bars(const Histogram& histogram) {
    constexpr int kWidth = 50;
    double below = 0.0;
    fmt::print("\ncontrol to commit, share of changes up to so many ms\n");
    for (const int ms : {5, 10, 25, 50, 100, 200, 400, 800, 1600, 3200}) {
        // The share at or below `ms`, found by halving: the histogram answers the inverse question.
        double low = 0.0;
        double high = 1.0;
        for (int i = 0; i < 20; ++i) {
            const double middle = (low + high) / 2;
            (histogram.percentile(middle) <= std::chrono::milliseconds{ms} ? low : high) = middle;
        }
        const auto share = histogram.max() <= std::chrono::milliseconds{ms} ? 1.0 : low;
        fmt::print(
            "{:>6} ms {:>6.1f}% {}\n", ms, 100 * share,
            std::string(static_cast<std::size_t>(std::lround((share - below) * kWidth)), '#'));
        below = share;
        if (share >= 1.0) break;
    }
}

}  // namespace

int run_horizon_bench(const MakeGenerator& make_neural, const MakeGenerator& make_fallback,
                      const HorizonBenchOptions& options) {
    MonotonicTime time;
    auto neural = make_neural();
    const auto names = neural->genres();
    ParamStore params{{names.begin(), names.end()}, time};
    static_cast<void>(params.set(ParamId::tempo, options.tempo.count()));
    static_cast<void>(params.set(ParamId::ramp, 0.0));
    NullSink sink{options.lead};
    Engine engine{std::move(neural),
                  make_fallback(),
                  params,
                  sink,
                  time,
                  {.clock_priority = options.priority}};
    std::vector<Change> changes;
    std::vector<PlayedEvent> steps;
    const auto drain = [&] {
        PlayedEvent event;
        while (engine.played().try_pop(event))
            if (event.kind == PlayedEvent::Kind::step) steps.push_back(event);
    };
    engine.start();
    const auto& meters = engine.meters();
    while (!meters.ready.load()) time.sleep_until(time.now() + std::chrono::milliseconds{1});

    std::mt19937_64 random{options.seed};
    std::uniform_real_distribution<double> weight{0.5, 10.0};
    std::uniform_int_distribution<int> pause_us{500, 30'000};
    std::uniform_int_distribution<std::size_t> genre{0, params.genres().size() - 1};
    Floor floor{options.priority};
    const auto end =
        time.now() + std::chrono::round<Nanos>(std::chrono::duration<double>{options.seconds});
    while (time.now() < end) {
        time.sleep_until(time.now() + std::chrono::microseconds{pause_us(random)});
        // Taken before the change is made: the notice counted is never longer than it was.
        const auto at = time.now();
        static_cast<void>(params.set_weight(genre(random), weight(random)));
        changes.push_back({params.current().revision, at});
        drain();
    }
    floor.stop();
    engine.stop();
    drain();

    const auto verdict = judge(changes, steps);
    const auto share = static_cast<double>(verdict.obeyed) /
                       static_cast<double>(std::max<std::size_t>(verdict.counted, 1));
    fmt::print("bench horizon: {} for {:.0f} s at {:.0f} BPM, lead {} us, clock {}\n",
               options.generator_name, options.seconds, options.tempo.count(), options.lead.count(),
               meters.clock_is_realtime.load() ? "SCHED_FIFO" : "without real-time priority");
    fmt::print(
        "changes {} ms or more before a note that changed it: {} of {} = {:.3f}% (target "
        ">= {:.1f}%)\n\n",
        std::chrono::duration_cast<std::chrono::milliseconds>(kNotice).count(), verdict.obeyed,
        verdict.counted, 100 * share, 100 * kTarget);
    print_head("us");
    print_row("control to commit", meters.change_to_commit.summary());
    print_row("one step", meters.step_time.summary());
    print_row("clock lateness", meters.lateness.summary());
    print_row("floor: a sleeping thread", floor.lateness().summary());
    fmt::print("steps {}, underruns {}, late {}, events dropped {}\n",
               meters.steps_committed.load(), meters.underruns.load(), meters.late_steps.load(),
               meters.events_dropped.load());
    print_bars(meters.change_to_commit);

    auto lateness = json_of(meters.lateness.summary());
    lateness["floor"] = json_of(floor.lateness().summary());
    const nlohmann::json all = {{"generator", options.generator_name},
                                {"seconds", options.seconds},
                                {"tempo", options.tempo.count()},
                                {"lead_us", options.lead.count()},
                                {"realtime", meters.clock_is_realtime.load()},
                                {"changes", verdict.counted},
                                {"obeyed", verdict.obeyed},
                                {"share", share},
                                {"target", kTarget},
                                {"control_to_commit", json_of(meters.change_to_commit.summary())},
                                {"step", json_of(meters.step_time.summary())},
                                {"lateness", lateness},
                                {"underruns", meters.underruns.load()},
                                {"late_steps", meters.late_steps.load()}};
    if (!write_json(options.json, all)) return 1;
    return verdict.counted > 0 && share >= kTarget ? 0 : 1;
}

}  // namespace fusion::bench
