#include "tests/bench/link_bench.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "daemon/sync/link_sync.hpp"
#include "engine/base/realtime_rights.hpp"
#include "tests/bench/exact_peer.hpp"
#include "tests/bench/figures.hpp"
#include "tests/support/link_hut.hpp"
#include "tests/support/private_network.hpp"

namespace fusion::bench {
namespace {

using std::chrono::milliseconds;
using test::LinkHut;
using test::LinkHutLine;

constexpr Micros kTarget{1000};
constexpr double kQuantum = 4.0;
constexpr double kTicks = 960.0;

double nanos_per_beat(Bpm tempo) { return 60e9 / tempo.count(); }

// What the clock thread knew.
struct Reading {
    TimePoint at;
    Timeline song;
};

// The clock thread: reads once a millisecond and remembers.
class ClockReader {
public:
    ClockReader(LinkSync& sync, int priority, std::size_t capacity) {
        readings_.reserve(capacity);
        thread_ = std::jthread{[this, &sync, priority](const std::stop_token& stop) {
            RealtimeGrant grant;
            ask_for_fifo(priority, grant);
            MonotonicTime time;
            auto next = time.now();
            while (!stop.stop_requested() && readings_.size() < readings_.capacity()) {
                next += milliseconds{1};
                time.sleep_until(next);
                const auto now = time.now();
                const auto reading = sync.read(now);
                if (reading.state == SyncState::locked) readings_.push_back({now, reading.song});
                tempo_.store(reading.song.tempo().count(), std::memory_order_relaxed);
            }
        }};
    }
    // A lone value: no partner.
    [[nodiscard]] double tempo() const { return tempo_.load(std::memory_order_relaxed); }
    [[nodiscard]] const std::vector<Reading>& stop() {
        thread_ = {};
        return readings_;
    }

private:
    std::vector<Reading> readings_;
    std::atomic<double> tempo_{0.0};
    std::jthread thread_;
};

// Signed, in nanoseconds: how much further our song was at `at`, by the newest reading before.
std::optional<double> error_at(const std::vector<Reading>& readings, TimePoint at, double beats) {
    auto after = std::upper_bound(readings.begin(), readings.end(), at,
                                  [](TimePoint t, const Reading& r) { return t < r.at; });
    if (after == readings.begin()) return std::nullopt;
    const auto& song = (after - 1)->song;
    const auto beat_ns = nanos_per_beat(song.tempo());
    const auto tick = song.tick_at(at);
    const auto ours = static_cast<double>(tick.count()) / kTicks +
                      static_cast<double>((at - song.time_at(tick)).count()) / beat_ns;
    return std::remainder(ours - beats, kQuantum) * beat_ns;
}

// Errors as they come, and the mean of each second's.
class Errors {
public:
    void add(TimePoint at, double ns) {
        raw_.record(Micros{std::llround(std::abs(ns) / 1e3)});
        sum_ += ns;
        const auto second = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
        if (second != second_) close();
        second_ = second;
        window_sum_ += ns;
        ++window_count_;
    }
    void close() {
        // A second that was begun late says little.
        if (window_count_ >= 20)
            windows_.record(Micros{
                std::llround(std::abs(window_sum_ / static_cast<double>(window_count_)) / 1e3)});
        window_sum_ = 0.0;
        window_count_ = 0;
    }
    [[nodiscard]] Histogram::Summary raw() const { return raw_.summary(); }
    [[nodiscard]] Histogram::Summary windows() const { return windows_.summary(); }
    // Ours before the peer's: positive. Microseconds.
    [[nodiscard]] double mean() const {
        return sum_ / 1e3 / static_cast<double>(std::max<std::uint64_t>(raw_.count(), 1));
    }
    [[nodiscard]] nlohmann::json json() const {
        auto all = json_of(raw());
        all["mean_us"] = mean();
        all["windows_1s"] = json_of(windows());
        return all;
    }

private:
    Histogram raw_;
    Histogram windows_;
    double sum_ = 0.0;
    double window_sum_ = 0.0;
    std::size_t window_count_ = 0;
    std::chrono::seconds second_{0};
};

class LinkBench {
public:
    explicit LinkBench(const LinkBenchOptions& options) : options_{options} {}

    int run() {
        auto hut = LinkHut::start();
        if (!hut) return missing(hut.error().message);
        hut_ = std::move(*hut);
        if (!peer_.start(options_.peer, options_.priority))
            return missing(options_.peer.string() + " cannot be started; ./dev build makes it");
        RealtimeGrant grant;
        ask_for_fifo(options_.priority, grant);
        const auto turns =
            static_cast<std::size_t>((options_.seconds + 120.0 + options_.changes) * 1000.0);
        clock_.emplace(sync_, options_.priority, turns);
        sync_.enable(true);
        hut_->press('a');
        pairs_.take();
        const auto in_session = [](const auto& line) { return line.peers == 2; };
        if (!await(in_session, in_session) || sync_.peers() != 2)
            return missing("Link's peers do not meet here: no multicast on the loopback interface");
        sync_.set_tempo(options_.tempo);
        const auto at_tempo = [this](const auto& line) {
            return std::abs(line.tempo - options_.tempo.count()) < 0.1;
        };
        if (!await(at_tempo, at_tempo)) return missing("the session's tempo does not reach all");
        compare();
        change_tempo();
        pairs_.take();
        return report(grant);
    }

private:
    static int missing(const std::string& what) {
        fmt::print(stderr, "{}\n", what);
        return 2;
    }

    // Reads both peers for a while, into the lists.
    void listen(Nanos span) {
        const auto until = std::chrono::steady_clock::now() + span;
        auto next_pair = std::chrono::steady_clock::now();
        for (auto now = next_pair; now < until; now = std::chrono::steady_clock::now()) {
            for (const auto& line : hut_->read(milliseconds{5})) hut_lines_.push_back(line);
            if (now < next_pair) continue;
            pairs_.take();
            next_pair = now + milliseconds{100};
        }
        for (const auto& line : peer_.take()) peer_lines_.push_back(line);
    }
    // Until the newest line of each peer holds; 30 s at most.
    bool await(const std::function<bool(const LinkHutLine&)>& hut,
               const std::function<bool(const PeerLine&)>& peer) {
        for (int i = 0; i < 600; ++i) {
            listen(milliseconds{50});
            if (!hut_lines_.empty() && !peer_lines_.empty() && hut(hut_lines_.back()) &&
                peer(peer_lines_.back()))
                return true;
        }
        return false;
    }

    void compare() {
        listen(milliseconds{500});  // what is still under way from before
        hut_lines_.clear();
        peer_lines_.clear();
        listen(std::chrono::round<Nanos>(std::chrono::duration<double>{options_.seconds}));
        compared_hut_ = std::exchange(hut_lines_, {});
        compared_peer_ = std::exchange(peer_lines_, {});
    }

    void change_tempo() {
        for (int i = 0; i < options_.changes; ++i) {
            const double wanted = i % 2 == 0 ? 90.0 : 150.0;
            const auto at = peer_.command(fmt::format("tempo {}", wanted));
            listen(milliseconds{150 + 7 * (i % 10)});
            if (at) peer_changes_.emplace_back(*at, wanted);
        }
        for (int i = 0; i < options_.changes; ++i) {
            const auto before = clock_->tempo();
            const auto at = std::chrono::steady_clock::now();
            hut_->press(i % 2 == 0 ? 'e' : 'w');
            listen(milliseconds{150 + 7 * (i % 10)});
            hut_changes_.emplace_back(at, before + (i % 2 == 0 ? 1.0 : -1.0));
        }
    }

    // How long after `at` the first reading at the new tempo came.
    static void record_following(const std::vector<Reading>& readings, TimePoint at, double tempo,
                                 Histogram& into) {
        for (auto it = std::upper_bound(
                 readings.begin(), readings.end(), at,
                 [](TimePoint t, const Reading&reading) { return t < reading.at; });
             it != readings.end(); ++it) {
            if (std::abs(it->song.tempo().count() - tempo) > 0.05) continue;
            into.record(std::chrono::ceil<Micros>(it->at - at));
            return;
        }
    }

    int report(const RealtimeGrant& grant) {
        const auto& readings = clock_->stop();
        Errors hut;
        Errors hut_floor;
        Errors peer;
        Errors peer_floor;
        for (const auto& line : compared_hut_)
            if (const auto error = error_at(readings, line.came, line.beats))
                hut.add(line.came, *error);
        const PeerLine* last = nullptr;
        for (const auto& line : compared_peer_) {
            const auto at = pairs_.to_ours(line.host);
            if (const auto error = error_at(readings, at, line.beats)) peer.add(at, *error);
            const auto beat_ns = nanos_per_beat(Bpm{line.tempo});
            const auto rounded = std::round(line.beats * 100.0) / 100.0;
            hut_floor.add(at, static_cast<double>((line.came - at).count()) +
                                  (line.beats - rounded) * beat_ns);
            if (last != nullptr) {
                // What the peer's own rounding makes of its own beat.
                const auto whole = Micros{std::llround(60e6 / line.tempo)};
                const auto gone = std::remainder(line.beats - last->beats, kQuantum) -
                                  static_cast<double>((line.host - last->host).count()) /
                                      static_cast<double>(whole.count());
                peer_floor.add(at, std::remainder(gone, kQuantum) * beat_ns);
            }
            last = &line;
        }
        for (auto* errors : {&hut, &hut_floor, &peer, &peer_floor}) errors->close();
        Histogram peer_following;
        Histogram hut_following;
        for (const auto& [host, tempo] : peer_changes_)
            record_following(readings, pairs_.to_ours(host), tempo, peer_following);
        for (const auto& [at, tempo] : hut_changes_)
            record_following(readings, at, tempo, hut_following);

        fmt::print("bench link: {:.0f} s at {} BPM, {}\n", options_.seconds, options_.tempo.count(),
                   describe(grant));
        fmt::print(
            "a hundredth of a beat is {:.0f} us; mean error {:+.0f} us (LinkHut), {:+.1f} us "
            "(link_peer)\n\n",
            nanos_per_beat(options_.tempo) / 1e5, hut.mean(), peer.mean());
        print_head("us");
        print_row("LinkHut, each line", hut.raw());
        print_row("  floor: the way of reading", hut_floor.raw());
        print_row("LinkHut, mean of a second", hut.windows());
        print_row("  floor: the way of reading", hut_floor.windows());
        print_row("link_peer, each line", peer.raw());
        print_row("  floor: its own rounding", peer_floor.raw());
        print_row("link_peer, mean of a second", peer.windows());
        print_row("tempo from link_peer", peer_following.summary());
        print_row("tempo from LinkHut's key", hut_following.summary());

        const bool met = hut.raw().count > 0 && peer.raw().count > 0 && hut.raw().p99 <= kTarget &&
                         peer.raw().p99 <= kTarget;
        fmt::print("\np99 of each line at most {} us: {}\n", kTarget.count(),
                   met ? "met" : "missed");
        auto hut_json = hut.json();
        hut_json["floor"] = hut_floor.json();
        auto peer_json = peer.json();
        peer_json["floor"] = peer_floor.json();
        const nlohmann::json all = {{"seconds", options_.seconds},
                                    {"tempo", options_.tempo.count()},
                                    {"scheduling", describe(grant)},
                                    {"resolution_us", nanos_per_beat(options_.tempo) / 1e5},
                                    {"target_p99_us", kTarget.count()},
                                    {"link_hut", hut_json},
                                    {"link_peer", peer_json},
                                    {"tempo_change",
                                     {{"changes", options_.changes},
                                      {"link_peer", json_of(peer_following.summary())},
                                      {"link_hut", json_of(hut_following.summary())}}}};
        return write_json(options_.json, all) && met ? 0 : 1;
    }

    const LinkBenchOptions& options_;
    MonotonicTime time_;
    LinkSync sync_{time_, Bpm{120.0}};
    ClockPairs pairs_;
    ExactPeer peer_;
    std::unique_ptr<LinkHut> hut_;
    std::optional<ClockReader> clock_;
    std::vector<LinkHutLine> hut_lines_, compared_hut_;
    std::vector<PeerLine> peer_lines_, compared_peer_;
    std::vector<std::pair<Micros, double>> peer_changes_;
    std::vector<std::pair<TimePoint, double>> hut_changes_;
};

}  // namespace

int run_link_bench(const LinkBenchOptions& options) {
    static_cast<void>(test::enter_private_network());  // before Link's first thread
    return LinkBench{options}.run();
}

}  // namespace fusion::bench
