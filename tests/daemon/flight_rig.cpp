#include "tests/daemon/flight_rig.hpp"

#include "engine/model/ngram_generator.hpp"
#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/line/line_planner.hpp"
#include "tests/support/recording_sink.hpp"

namespace fusion::test {

struct FlownLine::Engine {
    Engine(FlownLine& line, Nanos lead)
        : sink{1U << 20U, lead},
          neural{make_ngram_generator(line.bundle_)},
          fallback{make_ngram_generator(line.bundle_)},
          planner{neural.get(),
                  fallback.get(),
                  {std::move(steps.in), std::move(commits.out), line.params.reader(),
                   std::move(head.out), wake_clock, line.time, meters, std::nullopt,
                   line.harmony.teller().reader()},
                  {}},
          core{{std::move(steps.out), std::move(commits.in), std::move(played.in),
                line.params.reader(), std::move(head.in), wake, sink, line.time, meters, log}} {}

    RecordingSink sink;
    std::unique_ptr<Generator> neural, fallback;
    EngineMeters meters;
    RtLog log;
    TripleBuffer<PlayHead> head{PlayHead{}};
    Semaphore wake, wake_clock;
    SpscQueue<StepMessage> steps{128};
    SpscQueue<CommitNote> commits{512};
    SpscQueue<PlayedEvent> played{1024};
    LinePlanner planner;
    ClockCore core;
};

FlownLine::FlownLine(Options options) : options_{options}, chance_{options.chance} {
    static_cast<void>(params.set_weights({5, 4, 3}, 0.0));
    recorder = std::make_unique<FlightRecorder>(
        log, params, harmony.teller(), FlightRecorder::Origin{"build", "bundle", Rung::neural});
    params.on_change([this](const ParamSnapshot& now) { recorder->changed(now); });
    harmony.assign_to(actions);
    finish.assign_to(actions);
    engine_ = std::make_unique<Engine>(*this, options.lead);
}
FlownLine::~FlownLine() = default;

bool FlownLine::runs() const { return engine_->core.running(); }
Ticks FlownLine::head() const { return engine_->core.head().tick; }

void FlownLine::hear() {
    PlayedEvent event;
    while (engine_->played.out.try_pop(event)) {
        recorder->played(event);
        finish.played(event);
    }
}

void FlownLine::run_for(Nanos span) {
    auto& planner = engine_->planner;
    for (const auto end = time.now() + span; time.now() < end;) {
        if (!planner_held && options_.planner_turns >= 100) {
            while (planner.advance() == LinePlanner::Next::more_to_do) {
            }
        } else if (!planner_held && pick(100) < options_.planner_turns) {
            static_cast<void>(planner.advance());
        }
        const auto now = time.now();
        const auto wanted = engine_->core.turn(now);
        hear();
        time.sleep_until(std::min(wanted, now + std::chrono::microseconds{100 + pick(3000)}));
    }
}

}  // namespace fusion::test
