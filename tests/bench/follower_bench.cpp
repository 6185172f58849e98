#include "tests/bench/follower_bench.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <functional>
#include <random>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/realtime/follow/midi_follower.hpp"

namespace fusion::bench {
namespace {

constexpr TimePoint kBegin{std::chrono::seconds{100}};
constexpr double kJitterNs = 3e6;
constexpr double kLoss = 0.01;

struct Clock {
    std::int64_t number;
    double due_ns;  // from kBegin
    double bpm;
    double heard_ns;
};

struct Conditions {
    double jitter_ns = kJitterNs;  // uniform, to either side
    double loss = kLoss;
};

using TempoAt = std::function<double(double beat)>;

std::vector<Clock> clocks(const TempoAt& tempo, std::int64_t beats, Conditions conditions,
                          std::uint64_t seed) {
    std::mt19937_64 dice{seed};
    std::uniform_real_distribution<double> jitter{-conditions.jitter_ns, conditions.jitter_ns};
    std::bernoulli_distribution lost{conditions.loss};
    std::vector<Clock> out;
    double due = 0;
    for (std::int64_t n = 0; n < beats * kClocksPerBeat; ++n) {
        const auto beat = static_cast<double>(n) / kClocksPerBeat;
        const auto heard = due + (conditions.jitter_ns > 0 ? jitter(dice) : 0.0);
        const auto gone = n > 0 && lost(dice);
        if (!gone && (out.empty() || heard > out.back().heard_ns))
            out.push_back({n, due, tempo(beat), heard});
        // The middle of the interval: exact for a tempo that is linear in beats up to third order.
        due += 60e9 / (tempo(beat + 0.5 / kClocksPerBeat) * kClocksPerBeat);
    }
    return out;
}

struct Sample {
    double beat;
    double tempo_percent;
    double phase_us;
    bool right_place;  // the song's tick at the clock, to the nearest clock
};

std::vector<Sample> follow(const std::vector<Clock>& all) {
    SpscQueue<TimedMessage> queue{16};
    MidiFollower follower{std::move(queue.out)};
    std::vector<Sample> samples;
    for (const auto& clock : all) {
        const auto heard = kBegin + Nanos{std::llround(clock.heard_ns)};
        static_cast<void>(queue.in.try_push({kMidiClock, heard}));
        const auto reading = follower.read(heard);
        const Ticks tick = kTicksPerClock * clock.number;
        // The song's own count may differ by whole clocks where it was wrong: seen apart.
        const auto off =
            static_cast<double>((reading.song.time_at(tick) - kBegin).count()) - clock.due_ns;
        const auto period = 60e9 / (clock.bpm * kClocksPerBeat);
        const auto places = std::round(off / period);
        samples.push_back({static_cast<double>(clock.number) / kClocksPerBeat,
                           (reading.song.tempo().count() / clock.bpm - 1) * 100,
                           (off - places * period) / 1e3, places == 0});
    }
    return samples;
}

struct Quantiles {
    double p50;
    double p99;
    double p999;
    double max;
};

Quantiles quantiles(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double q) {
        const auto last = static_cast<double>(values.size() - 1);
        return values[static_cast<std::size_t>(std::ceil(q * last))];
    };
    return {at(0.5), at(0.99), at(0.999), values.back()};
}

nlohmann::json json_of(const Quantiles& q, std::string_view unit) {
    const auto key = [&](std::string_view name) { return fmt::format("{}_{}", name, unit); };
    return {{key("p50"), q.p50}, {key("p99"), q.p99}, {key("p999"), q.p999}, {key("max"), q.max}};
}

// Clocks from the first to where the tempo is within 0.5% for good, in beats.
nlohmann::json lock_row(double bpm, int seeds) {
    std::vector<double> until;
    std::vector<double> told;
    for (int seed = 0; seed < seeds; ++seed) {
        const auto all =
            clocks([=](double) { return bpm; }, 16, {}, 1000U + static_cast<std::uint64_t>(seed));
        const auto samples = follow(all);
        double beat = 0;
        for (const auto& sample : samples)
            if (std::abs(sample.tempo_percent) > 0.5) beat = sample.beat + 1.0 / kClocksPerBeat;
        until.push_back(beat);

        SpscQueue<TimedMessage> none{1};
        MidiFollower follower{std::move(none.out)};
        for (const auto& clock : all) {
            const auto heard = kBegin + Nanos{std::llround(clock.heard_ns)};
            follower.hear({kMidiClock, heard});
            if (follower.read(heard).state != SyncState::locked) continue;
            told.push_back(static_cast<double>(clock.number) / kClocksPerBeat);
            break;
        }
    }
    const auto q = quantiles(until);
    const auto t = quantiles(told);
    fmt::print(
        "lock   {:>5} BPM  within 0.5% after {:.2f} {:.2f} {:.2f} beats (p50 p99 max), "
        "says so after {:.2f} {:.2f} {:.2f}\n",
        bpm, q.p50, q.p99, q.max, t.p50, t.p99, t.max);
    return {{"bpm", bpm},
            {"seeds", seeds},
            {"tempo_within_half_percent", json_of(q, "beats")},
            {"state_locked", json_of(t, "beats")},
            {"never_locked", seeds - static_cast<int>(told.size())}};
}

nlohmann::json steady_row(double bpm, int seeds) {
    constexpr double kSettled = 16;
    std::vector<double> tempo;
    std::vector<double> phase;
    std::size_t misplaced = 0;
    for (int seed = 0; seed < seeds; ++seed) {
        const auto all =
            clocks([=](double) { return bpm; }, 1000, {}, 2000U + static_cast<std::uint64_t>(seed));
        for (const auto& sample : follow(all)) {
            if (sample.beat < kSettled) continue;
            tempo.push_back(std::abs(sample.tempo_percent));
            phase.push_back(std::abs(sample.phase_us));
            misplaced += sample.right_place ? 0U : 1U;
        }
    }
    const auto t = quantiles(tempo);
    const auto p = quantiles(phase);
    fmt::print(
        "steady {:>5} BPM  tempo {:.4f} {:.4f} {:.4f}%  phase {:.0f} {:.0f} {:.0f} us "
        "(p50 p99 max), {} of {} clocks misplaced\n",
        bpm, t.p50, t.p99, t.max, p.p50, p.p99, p.max, misplaced, tempo.size());
    return {{"bpm", bpm},
            {"clocks", tempo.size()},
            {"tempo_error", json_of(t, "percent")},
            {"phase_error", json_of(p, "us")},
            {"misplaced", misplaced}};
}

// 16 beats steady, then the movement, then 16 beats steady.
nlohmann::json moving_row(std::string_view name, const TempoAt& tempo, double until,
                          Conditions conditions, int seeds) {
    std::vector<double> moving;
    std::vector<double> settled;  // beats from the end of the movement to 0.5% for good
    std::size_t misplaced = 0;
    for (int seed = 0; seed < seeds; ++seed) {
        const auto beats = static_cast<std::int64_t>(until) + 32;
        double last = 0;
        for (const auto& sample :
             follow(clocks(tempo, beats, conditions, 3000U + static_cast<std::uint64_t>(seed)))) {
            if (sample.beat < 16) continue;
            if (sample.beat <= until + 4) moving.push_back(std::abs(sample.phase_us));
            if (sample.beat > until && std::abs(sample.tempo_percent) > 0.5)
                last = sample.beat + 1.0 / kClocksPerBeat - until;
            if (sample.beat > until + 4) misplaced += sample.right_place ? 0U : 1U;
        }
        settled.push_back(last);
    }
    const auto p = quantiles(moving);
    const auto s = quantiles(settled);
    fmt::print(
        "{:<34} jitter {:.0f} ms: phase {:.0f} {:.0f} {:.0f} us, within 0.5% {:.2f} {:.2f} "
        "{:.2f} beats after (p50 p99 max), {} misplaced\n",
        name, conditions.jitter_ns / 1e6, p.p50, p.p99, p.max, s.p50, s.p99, s.max, misplaced);
    return {{"name", name},
            {"jitter_ms", conditions.jitter_ns / 1e6},
            {"phase_error", json_of(p, "us")},
            {"tempo_within_half_percent_after", json_of(s, "beats")},
            {"misplaced", misplaced}};
}

// What one clock costs the clock thread, with the window full.
nlohmann::json cost_row() {
    const auto all = clocks([](double) { return 120.0; }, 1000, {}, 1);
    SpscQueue<TimedMessage> none{1};
    MidiFollower follower{std::move(none.out)};
    std::vector<double> spent;
    for (const auto& clock : all) {
        const auto heard = kBegin + Nanos{std::llround(clock.heard_ns)};
        const auto from = std::chrono::steady_clock::now();
        follower.hear({kMidiClock, heard});
        const auto took = std::chrono::steady_clock::now() - from;
        spent.push_back(static_cast<double>(Nanos{took}.count()) / 1e3);
    }
    const auto q = quantiles(spent);
    fmt::print("cost   a clock {:.2f} {:.2f} us (p50 p99)\n", q.p50, q.p99);
    return json_of(q, "us");
}

}  // namespace

nlohmann::json run_follower_bench() {
    nlohmann::json out;
    fmt::print("MIDI clock follower, uniform jitter of ±3 ms and 1% of the clocks lost\n");
    for (const double bpm : {60.0, 120.0, 240.0, 400.0}) out["lock"].push_back(lock_row(bpm, 1000));
    for (const double bpm : {60.0, 120.0, 240.0, 400.0})
        out["steady"].push_back(steady_row(bpm, 20));
    struct Moving {
        std::string_view name;
        TempoAt tempo;
        double until;
    };
    const Moving moves[] = {
        {"ramp   100 to 160 in 16 beats",
         [](double beat) { return 100 + 60 * std::clamp((beat - 16) / 16, 0.0, 1.0); }, 32},
        {"ramp   160 to 100 in 16 beats",
         [](double beat) { return 160 - 60 * std::clamp((beat - 16) / 16, 0.0, 1.0); }, 32},
        {"ramp   100 to 160 in 4 beats",
         [](double beat) { return 100 + 60 * std::clamp((beat - 16) / 4, 0.0, 1.0); }, 20},
        {"step   120 to 90", [](double beat) { return beat < 16 ? 120.0 : 90.0; }, 16},
        {"step   120 to 126", [](double beat) { return beat < 16 ? 120.0 : 126.0; }, 16},
        {"step   120 to 240", [](double beat) { return beat < 16 ? 120.0 : 240.0; }, 16},
    };
    for (const auto& move : moves) {
        out["moving"].push_back(moving_row(move.name, move.tempo, move.until, {0, 0}, 1));
        out["moving"].push_back(moving_row(move.name, move.tempo, move.until, {}, 200));
    }
    out["cost"] = cost_row();
    return out;
}

}  // namespace fusion::bench
