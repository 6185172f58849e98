#include "tests/bench/control_bench.hpp"

#include <sys/socket.h>

#include <cmath>
#include <map>
#include <random>

#include <fmt/format.h>

#include "engine/base/semaphore.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/osc_stage.hpp"

namespace fusion::bench {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;
using Phase = LatenessSink::Phase;

// Until `seen`, or a second has passed. Not by spinning: on a machine of few cores that would keep
// from the daemon the one it needs. It adds its own naps, of some 70 us.
template <class Seen>
void look_until(Seen seen) {
    const auto end = SteadyClock::now() + 1s;
    while (!seen() && SteadyClock::now() < end) std::this_thread::sleep_for(20us);
}

Nanos seconds(double count) {
    return std::chrono::round<Nanos>(std::chrono::duration<double>{count});
}

// A datagram to a thread that wakes a thread: what the machine adds to the way of a parameter.
class TwoWakings {
public:
    TwoWakings() {
        ::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends_.data());
        first_ = std::thread{[this] {
            char byte = 0;
            while (::recv(ends_[1], &byte, 1, 0) == 1 && byte != 'q') woken_.post();
            stopping_.store(true);
            woken_.post();
        }};
        second_ = std::thread{[this] {
            for (;;) {
                static_cast<void>(woken_.wait_for(1s));
                if (stopping_.load()) return;
                seen_.fetch_add(1);
            }
        }};
    }
    ~TwoWakings() {
        const char quit = 'q';
        static_cast<void>(::send(ends_[0], &quit, 1, 0));
        first_.join();
        second_.join();
        for (const int end : ends_) ::close(end);
    }
    TwoWakings(const TwoWakings&) = delete;
    TwoWakings& operator=(const TwoWakings&) = delete;

    [[nodiscard]] Micros once() {
        const auto before = seen_.load();
        const auto start = SteadyClock::now();
        const char byte = 'x';
        if (::send(ends_[0], &byte, 1, 0) != 1) return Micros{0};
        look_until([&] { return seen_.load() != before; });
        return std::chrono::duration_cast<Micros>(SteadyClock::now() - start);
    }

private:
    std::array<int, 2> ends_{-1, -1};
    Semaphore woken_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> seen_{0};
    std::thread first_;
    std::thread second_;
};

struct Way {
    Histogram in_force;
    Histogram floor;
    std::uint64_t lost = 0;
};

// One change at a time, at random moments of the music; each is waited for.
void measure_way(OscStage& stage, OscClient& client, Nanos how_long, Way& way) {
    TwoWakings floor;
    std::mt19937_64 random{1};
    std::uniform_int_distribution<int> pause_us{5'000, 45'000};
    const auto weights = stage.parameters().subspan(kParamCount);
    const auto end = SteadyClock::now() + how_long;
    for (std::size_t i = 0; SteadyClock::now() < end; ++i) {
        std::this_thread::sleep_for(std::chrono::microseconds{pause_us(random)});
        way.floor.record(floor.once());
        std::this_thread::sleep_for(std::chrono::microseconds{pause_us(random)});
        const auto before = stage.meters().obeyed_revision.load();
        const OscMessage change{"/fusiond/" + weights[0].tail, {static_cast<float>(1 + i % 9)}};
        const auto start = SteadyClock::now();
        client.send(change);
        look_until([&] { return stage.meters().obeyed_revision.load() != before; });
        if (stage.meters().obeyed_revision.load() == before)
            ++way.lost;
        else
            way.in_force.record(std::chrono::duration_cast<Micros>(SteadyClock::now() - start));
    }
}

// All that shapes the line but the tempo, which would change how many notes are counted.
std::vector<const Parameter*> to_be_turned(const OscStage& stage) {
    std::vector<const Parameter*> chosen;
    for (const auto& parameter : stage.parameters())
        if (parameter.is_weight()) chosen.push_back(&parameter);
    for (const auto id : {ParamId::temperature, ParamId::guidance, ParamId::density,
                          ParamId::velocity, ParamId::gate, ParamId::transpose})
        chosen.push_back(&stage.parameters()[static_cast<std::size_t>(id)]);
    return chosen;
}

struct Flood {
    std::uint64_t sent = 0;
    std::size_t right = 0;
    std::size_t asked = 0;
    std::string first_wrong;
};

Flood flood(OscStage& stage, OscClient& client, const ControlBenchOptions& options) {
    Flood done;
    std::mt19937_64 random{2};
    const auto turned = to_be_turned(stage);
    std::uniform_int_distribution<std::size_t> which{0, turned.size() - 1};
    std::map<const Parameter*, float> last;
    const auto start = SteadyClock::now();
    const auto wanted = static_cast<std::uint64_t>(options.flood_seconds * options.flood_rate);
    while (done.sent < wanted) {
        std::this_thread::sleep_for(1ms);
        const std::chrono::duration<double> passed = SteadyClock::now() - start;
        const auto due =
            std::min(wanted, static_cast<std::uint64_t>(passed.count() * options.flood_rate));
        for (; done.sent < due; ++done.sent) {
            const auto* parameter = turned[which(random)];
            std::uniform_real_distribution<double> within{parameter->minimum, parameter->maximum};
            const auto value =
                parameter->type == ParamType::integer ? std::round(within(random)) : within(random);
            last[parameter] = static_cast<float>(value);
            client.send({"/fusiond/" + parameter->tail, {last[parameter]}});
        }
    }
    std::this_thread::sleep_for(200ms);
    for (const auto& [parameter, value] : last) {
        ++done.asked;
        const auto answer = client.ask("/fusiond/" + parameter->tail);
        const auto number = answer ? osc_number(*answer) : std::nullopt;
        if (number && static_cast<float>(*number) == value)
            ++done.right;
        else if (done.first_wrong.empty())
            done.first_wrong = parameter->tail;
    }
    return done;
}

}  // namespace

int run_control_bench(std::unique_ptr<Generator> neural, std::unique_ptr<Generator> fallback,
                      const ControlBenchOptions& options) {
    auto stage = OscStage::make(std::move(neural), std::move(fallback), options.priority);
    if (!stage) {
        fmt::print(stderr, "{}\n", stage.error().message);
        return 2;
    }
    auto& sink = (*stage)->sink();
    const auto& meters = (*stage)->meters();
    OscClient client{(*stage)->port()};
    std::this_thread::sleep_for(1s);

    sink.count(Phase::idle);
    std::this_thread::sleep_for(seconds(options.seconds));
    sink.count(Phase::none);
    Way way;
    measure_way(**stage, client, seconds(options.seconds), way);
    sink.count(Phase::flood);
    const auto before = meters.obeyed_revision.load();
    const auto flooded = flood(**stage, client, options);
    sink.count(Phase::none);

    const auto idle = sink.lateness(Phase::idle).summary();
    const auto under = sink.lateness(Phase::flood).summary();
    fmt::print("bench control: {}; the clock runs {}\n\n", options.generator_name,
               (*stage)->rights());
    print_head("us");
    print_row("OSC packet to in force", way.in_force.summary());
    print_row("floor: two threads woken", way.floor.summary());
    print_row("lateness, idle", idle);
    print_row("lateness, flood", under);
    fmt::print("\nsingle changes lost: {}\n", way.lost);
    fmt::print(
        "flood: {} messages, {:.0f} a second; {} revisions; last values in force: {} of {}{}\n",
        flooded.sent, static_cast<double>(flooded.sent) / options.flood_seconds,
        meters.obeyed_revision.load() - before, flooded.right, flooded.asked,
        flooded.first_wrong.empty() ? "" : ", first wrong " + flooded.first_wrong);
    fmt::print("underruns {}, late steps {}, streams' events dropped {}\n", meters.underruns.load(),
               meters.late_steps.load(), meters.events_dropped.load());

    auto in_force = json_of(way.in_force.summary());
    in_force["floor"] = json_of(way.floor.summary());
    auto lateness = json_of(under);
    lateness["idle"] = json_of(idle);
    const nlohmann::json all = {{"generator", options.generator_name},
                                {"control", in_force},
                                {"lost", way.lost},
                                {"flood",
                                 {{"sent", flooded.sent},
                                  {"seconds", options.flood_seconds},
                                  {"revisions", meters.obeyed_revision.load() - before},
                                  {"last_values", flooded.asked},
                                  {"last_values_in_force", flooded.right},
                                  {"lateness", lateness}}},
                                {"underruns", meters.underruns.load()},
                                {"late_steps", meters.late_steps.load()}};
    if (!write_json(options.json, all)) return 2;
    const bool whole = flooded.right == flooded.asked && way.lost == 0;
    return whole && meters.underruns.load() == 0 ? 0 : 1;
}

}  // namespace fusion::bench
