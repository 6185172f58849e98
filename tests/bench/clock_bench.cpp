#include "tests/bench/clock_bench.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>

#include "engine/base/realtime_rights.hpp"
#include "engine/realtime/engine.hpp"
#include "tests/bench/figures.hpp"
#include "tests/bench/other_programs.hpp"
#include "tests/bench/receiver.hpp"
#include "tests/bench/stand_ins.hpp"

namespace fusion::bench {
namespace {

using namespace std::chrono_literals;

constexpr double kTargetP99 = 1.1;
constexpr double kTargetP999 = 1.25;
constexpr std::uint64_t kEnough = 10'000;  // below, p99.9 is a handful of messages

class ReceiverSink final : public MidiSink {
public:
    explicit ReceiverSink(Receiver& receiver) : receiver_{receiver} {}
    [[nodiscard]] bool send(const TimedMessage& message) noexcept override {
        return receiver_.send(message.deadline, std::chrono::steady_clock::now());
    }
    [[nodiscard]] Nanos lead() const noexcept override { return Nanos{0}; }

private:
    Receiver& receiver_;
};

struct PhaseFigures {
    Histogram::Summary clock, received, floor;

    [[nodiscard]] static double over(Micros ours, Micros floor) {
        return static_cast<double>(ours.count()) /
               static_cast<double>(std::max<std::int64_t>(floor.count(), 1));
    }
    [[nodiscard]] double p99() const { return over(clock.p99, floor.p99); }
    [[nodiscard]] double p999() const { return over(clock.p999, floor.p999); }
    [[nodiscard]] bool met() const { return p99() <= kTargetP99 && p999() <= kTargetP999; }
};

nlohmann::json phase_json(const PhaseFigures& phase) {
    auto all = json_of(phase.clock);
    all["received"] = json_of(phase.received);
    all["floor"] = json_of(phase.floor);
    return all;
}

void print(const char* name, const PhaseFigures& phase) {
    fmt::print("\n");
    print_head(name);
    print_row("clock, handed over", phase.clock);
    print_row("receiver, has it", phase.received);
    print_row("floor: cyclictest", phase.floor);
    fmt::print("over the floor: p99 {:.2f} (target <= {}), p99.9 {:.2f} (target <= {}){}\n",
               phase.p99(), kTargetP99, phase.p999(), kTargetP999,
               phase.clock.count < kEnough ? "; too few messages for p99.9, play longer" : "");
}

void tend(Engine& engine, Nanos how_long) {
    const auto end = std::chrono::steady_clock::now() + how_long;
    PlayedEvent event;
    while (std::chrono::steady_clock::now() < end) {
        while (engine.played().try_pop(event)) {
        }
        engine.drain_log();
        std::this_thread::sleep_for(20ms);
    }
}

Result<PhaseFigures> measure(Engine& engine, Receiver& receiver, Phase phase,
                             const ClockBenchOptions& options) {
    const auto seconds = static_cast<int>(std::ceil(options.seconds));
    auto floor = start_cyclictest(options.priority, seconds);
    if (!floor) return tl::unexpected{floor.error()};
    receiver.count(phase);
    tend(engine, std::chrono::round<Nanos>(std::chrono::duration<double>{options.seconds}));
    receiver.count(Phase::none);
    tend(engine, 100ms);
    Histogram figures;
    if (auto read = read_cyclictest(*floor, figures); !read) return tl::unexpected{read.error()};
    return PhaseFigures{receiver.handed_over(phase).summary(), receiver.received(phase).summary(),
                        figures.summary()};
}

int cannot(const Error& error) {
    fmt::print(stderr, "{}\n", error.message);
    return 2;
}

}  // namespace

int run_clock_bench(const ClockBenchOptions& options) {
    // Before any thread is there: it forks.
    auto receiver = Receiver::start(options.priority > 0 ? options.priority + 1 : 0);
    if (!receiver) return cannot(receiver.error());
    const auto locked = lock_memory();

    MonotonicTime time;
    ParamStore params{{"fast"}, time};
    static_cast<void>(params.set(ParamId::tempo, kMaxTempo.count()));
    static_cast<void>(params.set(ParamId::ramp, 0.0));
    static_cast<void>(params.set_weight(0, 10.0));
    // The ends of the notes fall between the beginnings: a message each, none behind another.
    static_cast<void>(params.set(ParamId::gate, 0.5));
    ReceiverSink sink{**receiver};
    Engine engine{std::make_unique<FastLine>(),
                  std::make_unique<FastLine>(),
                  params,
                  sink,
                  time,
                  {.horizon_steps = 48,
                   .clock_priority = options.priority,
                   .clock_cpu = options.cpu,
                   .clock_spin = options.spin}};
    engine.start();
    while (!engine.meters().ready.load()) std::this_thread::sleep_for(1ms);
    tend(engine, 1s);

    const auto idle = measure(engine, **receiver, Phase::idle, options);
    if (!idle) return cannot(idle.error());
    const auto cores = std::thread::hardware_concurrency();
    auto load = start_load(cores, static_cast<int>(std::ceil(options.seconds)) + 10);
    if (!load) return cannot(load.error());
    tend(engine, 2s);  // until every core is busy
    const auto loaded = measure(engine, **receiver, Phase::loaded, options);
    load->stop();
    if (!loaded) return cannot(loaded.error());
    engine.stop();

    const auto& meters = engine.meters();
    fmt::print("bench clock: {:.0f} s a phase; {}\n", options.seconds,
               describe(engine.clock_grant()));
    if (const auto missing = shortfall(engine.clock_grant()); !missing.empty())
        fmt::print("NOT AS ASKED: {}\n", missing);
    fmt::print("memory {}\n", locked ? "locked" : "not locked: " + locked.error().message);
    print("idle, us", *idle);
    print(fmt::format("{} cores loaded, us", cores).c_str(), *loaded);
    fmt::print("\nunderruns {}, late steps {}, refused by the sink {}\n", meters.underruns.load(),
               meters.late_steps.load(), meters.sink_refused.load());

    const nlohmann::json all = {{"idle", phase_json(*idle)},
                                {"loaded", phase_json(*loaded)},
                                {"realtime", engine.clock_grant().realtime()},
                                {"priority", engine.clock_grant().priority},
                                {"memory_locked", locked.has_value()},
                                {"spin_us", options.spin.count()},
                                {"cpu", engine.clock_grant().cpu},
                                {"seconds", options.seconds}};
    if (!write_json(options.json, all)) return 2;
    return idle->met() && loaded->met() ? 0 : 1;
}

}  // namespace fusion::bench
