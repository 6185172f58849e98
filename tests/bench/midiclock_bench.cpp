#include "tests/bench/midiclock_bench.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>
#include <sstream>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "engine/realtime/follow/midi_follower.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/follower_bench.hpp"
#include "tests/bench/other_programs.hpp"

namespace fusion::bench {
namespace {

using namespace std::chrono_literals;

constexpr double kMostTempoError = 0.1;  // percent, in the steady state
constexpr double kMostBeatsToLock = 2.0;

struct Distribution {
    std::size_t count = 0;
    double p50 = 0, p99 = 0, p999 = 0, max = 0;
};

Distribution distribution_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        const auto place = std::ceil(share * static_cast<double>(values.size() - 1));
        return values[static_cast<std::size_t>(place)];
    };
    return {values.size(), at(0.5), at(0.99), at(0.999), values.back()};
}

nlohmann::json json_of(const Distribution& d, std::string_view unit) {
    const auto key = [&](std::string_view name) { return fmt::format("{}_{}", name, unit); };
    return {{"count", d.count},
            {key("p50"), d.p50},
            {key("p99"), d.p99},
            {key("p999"), d.p999},
            {key("max"), d.max}};
}

// --- Out ---

struct ClockOut {
    double exact = 0;        // frames between two clocks
    Distribution intervals;  // frames away from that
    double drift = 0;        // the most that a clock was away from its place after the first
    std::uint64_t xruns = 0;

    [[nodiscard]] bool whole() const { return exact == std::round(exact); }
    [[nodiscard]] double rounding() const { return whole() ? 0.0 : 1.0; }
    [[nodiscard]] bool met() const {
        const bool close = whole() ? intervals.max == 0.0 : intervals.max < 1.0;
        return intervals.count > 0 && close && drift <= rounding();
    }
};

double frames_of_a_clock(Bpm tempo) {
    return OwnServer::kRate.count() * 60.0 / (tempo.count() * 24.0);
}

ClockOut judge(const JackStage& stage, std::span<const Heard> heard, Bpm tempo) {
    ClockOut out;
    out.exact = frames_of_a_clock(tempo);
    std::vector<std::int64_t> frames;
    for (const auto& each : heard)
        if (each.message == kMidiClock) frames.push_back(stage.server_frame(each.frame));
    std::vector<double> away;
    for (std::size_t k = 1; k < frames.size(); ++k) {
        away.push_back(std::abs(static_cast<double>(frames[k] - frames[k - 1]) - out.exact));
        const auto since_first = static_cast<double>(frames[k] - frames.front());
        out.drift = std::max(out.drift, std::abs(since_first - static_cast<double>(k) * out.exact));
    }
    out.intervals = distribution_of(std::move(away));
    return out;
}

void print(Bpm tempo, std::string_view phase, const ClockOut& out) {
    fmt::print("{:>6.1f} BPM, {:<8}{:>8}{:>10.3f}{:>9.3f}{:>9.3f}{:>9.3f}{:>9.3f}{:>9.3f}{:>7}{}\n",
               tempo.count(), phase, out.intervals.count, out.exact, out.intervals.p50,
               out.intervals.p99, out.intervals.p999, out.intervals.max, out.drift, out.xruns,
               out.met() ? "" : "  MISSED");
}

nlohmann::json json_of(const ClockOut& out) {
    auto all = json_of(out.intervals, "frames");
    all["max_drift_frames"] = out.drift;
    all["xruns"] = out.xruns;
    all["floor"] = {{"interval_frames", out.exact}, {"rounding_frames", out.rounding()}};
    return all;
}

// --- Another's witness ---

// jack_mclk_dump -n prints a line for each clock: "... dt: 1000[sm] ... @ 4888". It ends at an
// interrupt only, and what it prints is kept until then.
Result<OtherProgram> start_mclk_dump(double seconds) {
    return OtherProgram::start({"timeout", "-s", "INT", fmt::format("{:.1f}", seconds),
                                "jack_mclk_dump", "-n", "fusiond bench:out"},
                               "jack-midi-clock");
}

std::optional<ClockOut> read_mclk_dump(const std::string& printed, Bpm tempo) {
    ClockOut out;
    out.exact = frames_of_a_clock(tempo);
    std::vector<double> away;
    double sum = 0;
    std::istringstream lines{printed};
    for (std::string line; std::getline(lines, line);) {
        const auto at = line.find("dt:");
        int frames = 0;
        if (at == std::string::npos || std::sscanf(line.c_str() + at, "dt: %d[sm]", &frames) != 1)
            continue;
        sum += frames;
        away.push_back(std::abs(frames - out.exact));
        out.drift =
            std::max(out.drift, std::abs(sum - static_cast<double>(away.size()) * out.exact));
    }
    if (away.empty()) return std::nullopt;
    out.intervals = distribution_of(std::move(away));
    return out;
}

// --- The phases ---

struct Tempo {
    Bpm tempo;
    ClockOut idle, loaded;
    std::optional<ClockOut> witness;

    [[nodiscard]] bool met() const {
        return idle.met() && loaded.met() && (!witness || witness->met());
    }
};

ClockOut play_phase(JackStage& stage, Bpm tempo, double seconds) {
    const auto from = stage.heard().size();
    const auto xruns = stage.ear().xruns();
    stage.tend(std::chrono::round<Nanos>(std::chrono::duration<double>{seconds}));
    auto out = judge(stage, stage.heard().subspan(from), tempo);
    out.xruns = stage.ear().xruns() - xruns;
    return out;
}

Result<Tempo> measure(JackStage& stage, Bpm tempo, double seconds) {
    Tempo figures{.tempo = tempo, .idle = {}, .loaded = {}, .witness = {}};
    static_cast<void>(stage.params().set(ParamId::tempo, tempo.count()));
    stage.tend(1s);  // what lay ahead at the tempo before is through
    auto dump = start_mclk_dump(seconds);
    if (!dump) return tl::unexpected{dump.error()};
    figures.idle = play_phase(stage, tempo, seconds);
    figures.witness = read_mclk_dump(dump->wait(), tempo);
    const auto cores = std::thread::hardware_concurrency();
    auto load = start_load(cores, static_cast<int>(seconds) + 10);
    if (!load) return tl::unexpected{load.error()};
    stage.tend(2s);  // until every core is busy
    figures.loaded = play_phase(stage, tempo, seconds);
    load->stop();
    return figures;
}

// --- In, end to end ---

struct EndToEnd {
    bool locked = false;
    double beats_to_lock = 0;  // from the first clock until the tempo stayed within 0.5%
    Distribution tempo_error;  // percent, from kSettled beats on
    std::uint64_t clocks = 0;
    std::size_t misplaced = 0;  // readings whose song tick was not that of the newest clock

    [[nodiscard]] bool met() const {
        return locked && tempo_error.count > 0 && beats_to_lock <= kMostBeatsToLock &&
               tempo_error.max <= kMostTempoError && misplaced == 0;
    }
};

// Whether the song stands between the newest clock and the next, give or take: what comes in is
// stamped with its frame in a period that has just begun, so it is heard up to a period early, or
// up to a turn late. That is a quarter of a clock at 120 BPM; a clock too many or too few shows.
bool at_its_place(const SyncReading& reading, std::uint64_t clocks, TimePoint now, Nanos slack) {
    const auto newest = kTicksPerClock * static_cast<std::int64_t>(clocks - 1);
    return reading.song.time_at(newest) <= now + slack &&
           reading.song.time_at(newest + kTicksPerClock) >= now - slack;
}

// Without the master's own option for jitter: that adds up from clock to clock, and what wanders so
// has no tempo to compare with.
Result<EndToEnd> follow_midi_clock(JackStage& stage, double seconds) {
    constexpr double kTempo = 120.0;
    constexpr double kSettled = 16.0;  // beats, as in the follower's own bench
    const auto slack = stage.lead();
    TimedMessage old;
    auto heard = stage.inbox().take_sync_messages();
    while (heard.try_pop(old)) {
    }
    auto master = OtherProgram::start(
        {"timeout", "-s", "INT", fmt::format("{:.1f}", seconds + 2.0), "jack_midi_clock", "-B",
         "-b", fmt::format("{}", kTempo), "fusiond bench:in"},
        "jack-midi-clock");
    if (!master) return tl::unexpected{master.error()};
    stage.tend(1s);
    MidiFollower follower{std::move(heard)};
    stage.ear().transport(Roll::from_zero);
    std::optional<TimePoint> first;
    EndToEnd result;
    std::vector<double> steady;
    const auto end = std::chrono::steady_clock::now() +
                     std::chrono::round<Nanos>(std::chrono::duration<double>{seconds});
    while (std::chrono::steady_clock::now() < end && !stage.interrupted()) {
        const auto now = stage.time().now();
        const auto reading = follower.read(now);
        stage.tend(1ms);
        const auto clocks = follower.counts().clocks;
        if (clocks == 0) continue;
        if (!first) first = now;
        const auto beat = std::chrono::duration<double>{now - *first}.count() * kTempo / 60.0;
        const bool knows = reading.state != SyncState::waiting;
        const auto error = std::abs(reading.song.tempo().count() / kTempo - 1) * 100;
        if (!knows || error > 0.5) result.beats_to_lock = beat;
        result.locked = reading.state == SyncState::locked;
        result.clocks = clocks;
        if (beat < kSettled) continue;
        steady.push_back(error);
        if (!reading.knows_bars || !at_its_place(reading, clocks, now, slack)) ++result.misplaced;
    }
    result.tempo_error = distribution_of(std::move(steady));
    stage.ear().transport(Roll::stop);
    static_cast<void>(master->wait());
    return result;
}

void print(const EndToEnd& figures) {
    const auto& error = figures.tempo_error;
    fmt::print(
        "following Debian's jack_midi_clock at 120 BPM through the port: {}, within 0.5% after "
        "{:.2f} beats\ntempo error {:.4f} {:.4f} {:.4f} {:.4f}% (p50 p99 p99.9 max); {} clocks, {} "
        "of {} readings misplaced{}\n",
        figures.locked ? "locked" : "not locked", figures.beats_to_lock, error.p50, error.p99,
        error.p999, error.max, figures.clocks, figures.misplaced, error.count,
        figures.met() ? "" : "  MISSED");
}

nlohmann::json json_of(const EndToEnd& figures) {
    auto all = json_of(figures.tempo_error, "percent");
    all["locked"] = figures.locked;
    all["beats_to_lock"] = figures.beats_to_lock;
    all["clocks"] = figures.clocks;
    all["misplaced"] = figures.misplaced;
    return all;
}

// --- The follower's own figures, against the targets ---

// Judged up to 240 BPM: at 400 the jitter of 3 ms to either side is half a clock, and whether a
// clock was lost or late cannot be known. What it does there is printed all the same.
constexpr double kFastestJudged = 240.0;

struct Follower {
    double beats_to_lock = 0;  // p99, the worst tempo
    double tempo_error = 0;    // p99 in percent, likewise
    std::size_t misplaced = 0;

    [[nodiscard]] bool met() const {
        return beats_to_lock <= kMostBeatsToLock && tempo_error <= kMostTempoError &&
               misplaced == 0;
    }
};

Follower worst_of(const nlohmann::json& figures) {
    Follower worst;
    for (const auto& row : figures.at("lock")) {
        if (row.at("bpm") > kFastestJudged) continue;
        const double beats = row.at("tempo_within_half_percent").at("p99_beats");
        worst.beats_to_lock = std::max(worst.beats_to_lock, beats);
    }
    for (const auto& row : figures.at("steady")) {
        if (row.at("bpm") > kFastestJudged) continue;
        const double percent = row.at("tempo_error").at("p99_percent");
        worst.tempo_error = std::max(worst.tempo_error, percent);
        worst.misplaced += row.at("misplaced").get<std::size_t>();
    }
    return worst;
}

int cannot(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return 2;
}

void print_out(const std::vector<Tempo>& tempos) {
    fmt::print(
        "MIDI clock out, frames between two clocks: away from exact; a clock from its place\n");
    fmt::print("{:<20}{:>8}{:>10}{:>9}{:>9}{:>9}{:>9}{:>9}{:>7}\n", "", "count", "exact", "p50",
               "p99", "p99.9", "max", "drift", "xruns");
    for (const auto& each : tempos) {
        print(each.tempo, "idle", each.idle);
        print(each.tempo, "loaded", each.loaded);
        if (each.witness)
            print(each.tempo, "dump", *each.witness);
        else
            fmt::print("jack_mclk_dump printed nothing that is understood\n");
    }
    fmt::print("target: 0 beyond rounding ('dump': idle, as jack_mclk_dump saw it)\n\n");
}

}  // namespace

int run_midiclock_bench(const MidiClockBenchOptions& options) {
    auto opened = JackStage::open(options.stage);
    if (!opened) return cannot(opened.error());
    auto& stage = **opened;
    static_cast<void>(stage.params().set(ParamId::clock_out, 1.0));
    stage.play();

    std::vector<Tempo> tempos;
    nlohmann::json out;
    bool met = true;
    for (const auto bpm : {120.0, 133.7}) {
        auto measured = measure(stage, Bpm{bpm}, options.seconds);
        if (!measured) return cannot(measured.error());
        if (stage.interrupted()) return 2;
        met = met && measured->met();
        out[fmt::format("{}", bpm)] = {
            {"idle", json_of(measured->idle)},
            {"loaded", json_of(measured->loaded)},
            {"jack_mclk_dump", measured->witness ? json_of(*measured->witness) : nlohmann::json{}}};
        tempos.push_back(*measured);
    }
    const auto followed = follow_midi_clock(stage, std::clamp(options.seconds, 12.0, 60.0));
    if (!followed) return cannot(followed.error());
    if (stage.interrupted()) return 2;
    stage.stop();

    fmt::print("bench midiclock: `{}`; JACK's threads {}, the clock {}\n\n",
               stage.server().command(),
               stage.ear().priority() > 0 ? fmt::format("real-time at {}", stage.ear().priority())
                                          : "not real-time",
               stage.meters().clock_is_realtime.load() ? "real-time" : "not real-time");
    print_out(tempos);
    const auto simulated = run_follower_bench();
    const auto worst = worst_of(simulated);
    fmt::print(
        "target: lock within {} beats: {:.2f}; steady tempo error <= {}%: {:.4f} (p99, worst "
        "tempo); none misplaced: {}{}\n\n",
        kMostBeatsToLock, worst.beats_to_lock, kMostTempoError, worst.tempo_error, worst.misplaced,
        worst.met() ? "" : "  MISSED");
    print(*followed);

    const nlohmann::json all = {{"out", out},
                                {"follower", simulated},
                                {"end_to_end", json_of(*followed)},
                                {"server", stage.server().command()},
                                {"jack_priority", stage.ear().priority()},
                                {"clock_realtime", stage.meters().clock_is_realtime.load()},
                                {"seconds", options.seconds}};
    if (!write_json(options.json, all)) return 2;
    return met && worst.met() && followed->met() ? 0 : 1;
}

}  // namespace fusion::bench
