#include <algorithm>

#include <fmt/format.h>

#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/engine.hpp"
#include "engine/realtime/line/line_planner.hpp"

namespace fusion {
namespace {

constexpr std::size_t kStepsInFlight = 128;
constexpr std::size_t kCommitsInFlight = 512;

// The planner and the clock core on one thread. Simulated time only moves between the clock's
// turns, so no step is ever urgent and the ladder stays on its top rung.
class OfflineRun {
public:
    OfflineRun(Generator& neural, Generator* fallback, ParamStore& params, MidiSink& sink,
               SimulatedTime& time)
        : time_{time},
          sink_{sink},
          planner_{&neural,
                   fallback,
                   {std::move(steps_.in), std::move(commits_.out), params.reader(), head_, time,
                    meters_},
                   {.least_ready = Nanos{0}}},
          core_{{std::move(steps_.out), std::move(commits_.in), std::move(played_.in),
                 params.reader(), head_, wake_, sink, time, meters_, log_}} {}

    Status play(ParamStore& params, Ticks length, const std::vector<ScheduledChange>& changes,
                const std::function<void(Ticks)>& progress) {
        core_.play_until(length);
        auto change = changes.begin();
        const auto apply_up_to = [&](Ticks tick) {
            for (; change != changes.end() && change->at <= tick; ++change) change->apply(params);
        };
        apply_up_to(Ticks{0});
        for (;;) {
            if (auto planned = plan(); !planned) return planned;
            const auto wanted = core_.turn(time_.now());
            drop_played();
            const auto position = Ticks{meters_.play_head_ticks.load(std::memory_order_relaxed)};
            if (progress) progress(std::min(position, length));
            if (!core_.running())
                return fail(Error::Code::unsupported,
                            fmt::format("render: the transport does not run at tick {}; nobody is "
                                        "there to start it again, so leave `playing` at 1",
                                        position.count()));
            const auto change_at =
                change != changes.end() && change->at < length
                    ? std::max(core_.time_at(change->at) - sink_.lead(), time_.now())
                    : ClockCore::kNever;
            const auto next = std::min(wanted, change_at);
            if (next == ClockCore::kNever) break;
            time_.sleep_until(next);
            if (next == change_at) apply_up_to(change->at);
        }
        core_.end_notes(length);
        time_.sleep_until(core_.time_at(length));
        if (progress) progress(length);
        return {};
    }

private:
    Status plan() {
        while (planner_.advance() == LinePlanner::Next::more_to_do) {
        }
        if (planner_.planned_ahead() == 0 && planner_.error())
            return tl::unexpected{*planner_.error()};
        return {};
    }

    void drop_played() {
        PlayedEvent event;
        while (played_.out.try_pop(event)) {
        }
    }

    SimulatedTime& time_;
    MidiSink& sink_;
    EngineMeters meters_;
    RtLog log_;
    PlayHead head_;
    Semaphore wake_;
    SpscQueue<StepMessage> steps_{kStepsInFlight};
    SpscQueue<CommitNote> commits_{kCommitsInFlight};
    SpscQueue<PlayedEvent> played_{1024};
    LinePlanner planner_;
    ClockCore core_;
};

}  // namespace

Status render_offline(Generator& neural, Generator* fallback, ParamStore& params, MidiSink& sink,
                      SimulatedTime& time, Ticks length,
                      const std::vector<ScheduledChange>& changes,
                      const std::function<void(Ticks)>& progress) {
    const auto run =
        std::make_unique<OfflineRun>(neural, fallback, params, sink, time);  // histograms are large
    return run->play(params, length, changes, progress);
}

}  // namespace fusion
