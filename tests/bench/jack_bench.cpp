#include "tests/bench/jack_bench.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/bench/figures.hpp"
#include "tests/bench/other_programs.hpp"

namespace fusion::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kShown = 8;  // errors, each with its story

// --- Side by side ---

using Sent = std::span<const ScheduleLog::Entry>;
using Received = std::span<const Heard>;

constexpr std::size_t kNowhere = static_cast<std::size_t>(-1);

// For each message sent its place among those heard, or kNowhere; and what was heard that nobody
// sent, by the message sent after it.
struct Pairs {
    std::vector<std::size_t> heard_at;
    std::vector<std::size_t> strangers;
};

// Where bytes differ, as few messages as possible are passed over until four agree again.
Pairs lay_side_by_side(Sent sent, Received heard) {
    constexpr std::size_t kFarthest = 400;
    const auto agree_from = [&](std::size_t s, std::size_t h) {
        for (std::size_t i = 0; i < 4 && s + i < sent.size() && h + i < heard.size(); ++i)
            if (sent[s + i].message != heard[h + i].message) return false;
        return s < sent.size() && h < heard.size();
    };
    Pairs pairs;
    pairs.heard_at.assign(sent.size(), kNowhere);
    std::size_t s = 0;
    std::size_t h = 0;
    while (s < sent.size() && h < heard.size()) {
        if (sent[s].message == heard[h].message) {
            pairs.heard_at[s++] = h++;
            continue;
        }
        std::size_t skip_sent = 1;
        std::size_t skip_heard = 1;
        for (std::size_t all = 1; all <= kFarthest; ++all) {
            std::size_t k = 0;
            while (k <= all && !agree_from(s + k, h + all - k)) ++k;
            if (k > all) continue;
            skip_sent = k;
            skip_heard = all - k;
            break;
        }
        for (; skip_heard > 0 && h < heard.size(); --skip_heard, ++h) pairs.strangers.push_back(s);
        s += skip_sent;
    }
    for (; h < heard.size(); ++h) pairs.strangers.push_back(sent.size());
    return pairs;
}

// --- A phase ---

struct Counts {
    std::size_t sent = 0;
    PortCounters port;
    std::uint64_t xruns = 0;
    std::size_t remappings = 0;
    std::uint64_t relaid = 0;
};

Counts counts_of(JackStage& stage) {
    return {stage.sent().size(), stage.port().counters(), stage.ear().xruns(), stage.remappings(),
            stage.time().steps()};
}

struct Figures {
    std::size_t events = 0;
    std::size_t errors = 0;
    std::int64_t max_error = 0;  // frames
    std::size_t lost = 0;
    std::size_t doubled = 0;
    std::size_t handed_over_too_late = 0;  // of the errors
    Histogram late;                        // the clock thread, after the moment of handing over
    Counts from, to;
    std::vector<std::string> stories;

    [[nodiscard]] bool met() const {
        return events > 0 && errors == 0 && lost == 0 && doubled == 0;
    }
};

std::string story(std::size_t number, const ScheduleLog::Entry& sent, const JackStage& stage,
                  const Heard& heard, std::int64_t error) {
    const auto bytes = sent.message.span();
    return fmt::format(
        "event {} ({:02x}) heard at frame {}, {:+} frames; handed over {} us before "
        "its moment, of {}",
        number, fmt::join(bytes.begin(), bytes.end(), " "), stage.server_frame(heard.frame), error,
        std::chrono::duration_cast<Micros>(sent.ahead).count(),
        std::chrono::duration_cast<Micros>(stage.lead()).count());
}

void compare(const JackStage& stage, const Pairs& pairs, Nanos period, Figures& figures) {
    const auto sent = stage.sent();
    const auto heard = stage.heard();
    for (auto i = figures.from.sent; i < figures.to.sent; ++i) {
        ++figures.events;
        figures.late.record(std::chrono::duration_cast<Micros>(stage.lead() - sent[i].ahead));
        if (pairs.heard_at[i] == kNowhere) {
            ++figures.lost;
            continue;
        }
        const auto& there = heard[pairs.heard_at[i]];
        const auto frame = stage.server_frame(there.frame);
        const auto error = frame - stage.server_frame(sent[i].due, frame);
        if (error == 0) continue;
        ++figures.errors;
        figures.max_error = std::max(figures.max_error, std::abs(error));
        if (sent[i].ahead < period) ++figures.handed_over_too_late;
        if (figures.stories.size() < kShown)
            figures.stories.push_back(story(i, sent[i], stage, there, error));
    }
    for (const auto before : pairs.strangers)
        if (before >= figures.from.sent && before < figures.to.sent) ++figures.doubled;
}

void play_phase(JackStage& stage, const JackBenchOptions& options, Figures& figures) {
    figures.from = counts_of(stage);
    if (options.seconds > 0)
        stage.tend(std::chrono::round<Nanos>(std::chrono::duration<double>{options.seconds}));
    else
        while (stage.sent().size() < figures.from.sent + options.events && !stage.interrupted())
            stage.tend(50ms);
    figures.to = counts_of(stage);
    // What is under way arrives: a server without real-time rights may be a second behind.
    for (int i = 0; i < 100 && stage.heard().size() < figures.to.sent && !stage.interrupted(); ++i)
        stage.tend(50ms);
    stage.tend(100ms);
}

void print(const char* name, const Figures& figures) {
    fmt::print("{:<10}{:>9}{:>8}{:>11}{:>6}{:>9}{:>14}{:>7}{:>7}\n", name, figures.events,
               figures.errors, figures.max_error, figures.lost, figures.doubled,
               figures.to.port.late - figures.from.port.late, figures.to.xruns - figures.from.xruns,
               figures.to.relaid - figures.from.relaid);
}

nlohmann::json json_of(const Figures& figures) {
    return {{"events", figures.events},
            {"errors", figures.errors},
            {"max_error_frames", figures.max_error},
            {"lost", figures.lost},
            {"doubled", figures.doubled},
            {"handed_over_too_late", figures.handed_over_too_late},
            {"late_by_the_port", figures.to.port.late - figures.from.port.late},
            {"left_out_by_the_port", figures.to.port.too_late - figures.from.port.too_late},
            {"kept_over_by_the_port", figures.to.port.kept_over - figures.from.port.kept_over},
            {"xruns", figures.to.xruns - figures.from.xruns},
            {"frames_laid_anew", figures.to.relaid - figures.from.relaid},
            {"frames_jumped", figures.to.remappings - figures.from.remappings},
            {"clock_late", bench::json_of(figures.late.summary())}};
}

int cannot(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return 2;
}

}  // namespace

int run_jack_bench(const JackBenchOptions& options) {
    auto opened = JackStage::open(options.stage);
    if (!opened) return cannot(opened.error());
    auto& stage = **opened;
    const FrameGrid grid{TimePoint{}, OwnServer::kRate};
    const auto period = grid.length_of(options.stage.period);
    // No whole number of frames between two events, so that rounding is put to the test as well.
    static_cast<void>(stage.params().set(ParamId::tempo, 391.7));
    static_cast<void>(stage.params().set(ParamId::clock_out, 1.0));
    stage.play();
    stage.tend(1s);

    Figures idle;
    Figures loaded;
    play_phase(stage, options, idle);
    const auto cores = std::thread::hardware_concurrency();
    // More than enough: there are 300 events a second.
    const auto at_most =
        options.seconds > 0 ? options.seconds : static_cast<double>(options.events) / 100.0;
    auto load = start_load(cores, static_cast<int>(at_most) + 30);
    if (!load) return cannot(load.error());
    stage.tend(2s);  // until every core is busy
    play_phase(stage, options, loaded);
    load->stop();
    if (stage.interrupted()) return 2;
    const auto lead = stage.lead();
    stage.stop();

    const auto pairs = lay_side_by_side(stage.sent(), stage.heard());
    for (auto* figures : {&idle, &loaded}) compare(stage, pairs, period, *figures);

    const auto us = [](Nanos span) { return std::chrono::duration_cast<Micros>(span).count(); };
    fmt::print("bench jack: `{}`; JACK's threads {}, the clock {}\n", stage.server().command(),
               stage.ear().priority() > 0 ? fmt::format("real-time at {}", stage.ear().priority())
                                          : "not real-time",
               stage.meters().clock_is_realtime.load() ? "real-time" : "not real-time");
    fmt::print("lead {} us: a period of {} frames, {} us, and a margin of {} us\n\n", us(lead),
               options.stage.period.count(), us(period), options.stage.margin.count());
    fmt::print("{:<10}{:>9}{:>8}{:>11}{:>6}{:>9}{:>14}{:>7}{:>7}\n", "frames", "events", "errors",
               "max error", "lost", "doubled", "late by port", "xruns", "laid");
    print("idle", idle);
    print("loaded", loaded);
    for (const auto* figures : {&idle, &loaded})
        for (const auto& line : figures->stories) fmt::print("  {}\n", line);
    fmt::print(
        "target: no errors, none lost, none doubled; of the errors the clock thread handed "
        "over too late {} idle, {} loaded\n\n",
        idle.handed_over_too_late, loaded.handed_over_too_late);
    print_head("us");
    print_row("clock late, idle", idle.late.summary());
    print_row("clock late, loaded", loaded.late.summary());
    print_row("JACK woken after its frame", stage.woken_after());
    fmt::print("underruns {}, refused by the port {}, frames jumped {} times\n",
               stage.meters().underruns.load(), stage.meters().sink_refused.load(),
               stage.remappings());

    const nlohmann::json all = {{"idle", json_of(idle)},
                                {"loaded", json_of(loaded)},
                                {"period", options.stage.period.count()},
                                {"margin_us", options.stage.margin.count()},
                                {"lead_us", us(lead)},
                                {"server", stage.server().command()},
                                {"jack_priority", stage.ear().priority()},
                                {"clock_realtime", stage.meters().clock_is_realtime.load()},
                                {"woken_after_frame", bench::json_of(stage.woken_after())},
                                {"underruns", stage.meters().underruns.load()},
                                {"refused", stage.meters().sink_refused.load()}};
    if (!write_json(options.json, all)) return 2;
    return idle.met() && loaded.met() ? 0 : 1;
}

}  // namespace fusion::bench
