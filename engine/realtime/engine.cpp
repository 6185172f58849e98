#include "engine/realtime/engine.hpp"

#include <atomic>
#include <cassert>

#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/clock/clock_thread.hpp"
#include "engine/realtime/line/inference_thread.hpp"
#include "engine/realtime/line/line_planner.hpp"
#include "engine/realtime/line/stand_in.hpp"

namespace fusion {
namespace {

// The planner's sendings between two turns of the clock; a sweep makes one a millisecond.
constexpr std::size_t kStepsInFlight = 128;
// No more than CommitHorizon::kSlots steps wait to be committed, so this is never full.
constexpr std::size_t kCommitsInFlight = 512;
// A sweep makes two a millisecond; what finds no room waits for the clock's next turn.
constexpr std::size_t kBeatsInFlight = 64;
// The stand-in's are few and soon out of date.
constexpr std::size_t kBridgeInFlight = 64;
// What a control thread that is busy for a second may miss.
constexpr std::size_t kPlayedInFlight = 1024;

std::optional<HarmonyReader> reader_of(HarmonyTeller* harmony) {
    if (harmony == nullptr) return {};
    return harmony->reader();
}

struct StandInParts {
    StandInParts(std::unique_ptr<Generator> generator_in, ParamStore& params, TimeSource& time,
                 Semaphore& wake_clock, HarmonyTeller* harmony)
        : generator{std::move(generator_in)},
          stand_in{
              *generator,
              {std::move(steps.in), std::move(commits.out), params.reader(), std::move(head.out),
               wake_clock, time, meters, std::nullopt, reader_of(harmony)},
              std::move(calls.out),
              wake} {}

    // Once.
    StandInLink link() {
        return {std::move(steps.out), std::move(commits.in), std::move(calls.in),
                std::move(head.in), wake};
    }

    std::unique_ptr<Generator> generator;
    EngineMeters meters;
    Semaphore wake;
    SpscQueue<StepMessage> steps{kBridgeInFlight};
    SpscQueue<CommitNote> commits{2 * kBridgeInFlight};
    TripleBuffer<StandInCall> calls{StandInCall{}};
    TripleBuffer<PlayHead> head{PlayHead{}};
    StandIn stand_in;
};

}  // namespace

struct Engine::Parts {
    Parts(std::unique_ptr<Generator> neural_in, std::unique_ptr<Generator> fallback_in,
          ParamStore& params, MidiSink& sink, TimeSource& time, EngineOptions options,
          std::unique_ptr<Generator> stand_in_in)
        : neural{std::move(neural_in)},
          fallback{std::move(fallback_in)},
          planner{neural.get(),
                  fallback.get(),
                  {std::move(steps.in), std::move(commits.out), params.reader(),
                   std::move(head.out), wake->clock, time, meters,
                   TailTeller::Links{std::move(planned.in), planned_wanted, options.on_played},
                   reader_of(options.harmony), std::move(beats.in)},
                  {.horizon_steps = options.horizon_steps}},
          stand_in{stand_in_in == nullptr
                       ? nullptr
                       : std::make_unique<StandInParts>(std::move(stand_in_in), params, time,
                                                        wake->clock, options.harmony)},
          core{{std::move(steps.out), std::move(commits.in), std::move(played.in), params.reader(),
                std::move(head.in), wake->planner, sink, time, meters, log, options.sync,
                options.on_played, stand_in ? std::optional{stand_in->link()} : std::nullopt,
                std::move(beats.out), tape.link()}},
          inference_thread{planner, wake->planner, meters.inference_heartbeat},
          clock_thread{core,
                       time,
                       wake->clock,
                       meters,
                       {.priority = options.clock_priority,
                        .poll = options.clock_poll,
                        .cpu = options.clock_cpu,
                        .spin = options.clock_spin}} {}

    std::unique_ptr<Generator> neural;
    std::unique_ptr<Generator> fallback;
    EngineMeters meters;
    RtLog log;
    TripleBuffer<PlayHead> head{PlayHead{}};
    // Shared with the store's listener, which may outlive the engine.
    struct Wake {
        Semaphore planner, clock;
        std::uint64_t by_control = 0;  // control's own
    };
    std::shared_ptr<Wake> wake = std::make_shared<Wake>();
    SpscQueue<StepMessage> steps{kStepsInFlight};
    SpscQueue<CommitNote> commits{kCommitsInFlight};
    SpscQueue<BandMessage> beats{kBeatsInFlight};
    SpscQueue<PlayedEvent> played{kPlayedInFlight};
    TripleBuffer<PlannedTail> planned{PlannedTail{}};
    std::atomic<bool> planned_wanted{false};
    TapeCrossing tape;
    LinePlanner planner;
    std::unique_ptr<StandInParts> stand_in;  // null: there is none
    ClockCore core;
    InferenceThread inference_thread;
    ClockThread clock_thread;
    bool started = false;
    bool thread_is_left = false;
};

Engine::Engine(std::unique_ptr<Generator> neural, std::unique_ptr<Generator> fallback,
               ParamStore& params, MidiSink& sink, TimeSource& time, EngineOptions options,
               std::unique_ptr<Generator> stand_in)
    : parts_{std::make_shared<Parts>(std::move(neural), std::move(fallback), params, sink, time,
                                     options, std::move(stand_in))} {
    params.on_change([wake = parts_->wake](const ParamSnapshot&) {
        ++wake->by_control;
        wake->clock.post();
        wake->planner.post();
    });
}

Engine::~Engine() {
    stop();
    if (parts_->thread_is_left) parts_->inference_thread.let_go(parts_);
}

void Engine::start() {
    expect_thread(ThreadRole::control);
    assert(!parts_->started);
    if (parts_->started) return;
    parts_->started = true;
    parts_->inference_thread.start();
    if (parts_->stand_in) parts_->stand_in->stand_in.start();
    parts_->clock_thread.start();
}

// The clock first: it silences the sink even while a generator is busy with a long step.
void Engine::stop() {
    expect_thread(ThreadRole::control);
    parts_->clock_thread.stop();
    if (parts_->stand_in) parts_->stand_in->stand_in.stop();
    parts_->thread_is_left = !parts_->inference_thread.stop(kPatience);
    drain_log();
}

bool Engine::left_a_thread() const noexcept { return parts_->thread_is_left; }

std::uint64_t Engine::wakes_by_control() const noexcept { return parts_->wake->by_control; }
const EngineMeters& Engine::meters() const { return parts_->meters; }
const RealtimeGrant& Engine::clock_grant() const { return parts_->clock_thread.granted(); }
pid_t Engine::clock_thread() const { return parts_->clock_thread.thread_id(); }
void Engine::tell_memory_locked(bool locked) {
    parts_->meters.memory_is_locked.store(locked, std::memory_order_relaxed);
}
void Engine::tell_time_without_port(Nanos time) {
    parts_->meters.without_port_ns.store(time.count(), std::memory_order_relaxed);
}
void Engine::clock_granted_from_outside(FifoFrom from) {
    parts_->clock_thread.granted_from_outside(from);
}
Consumer<PlayedEvent>& Engine::played() {
    expect_thread(ThreadRole::control);
    return parts_->played.out;
}
void Engine::watch_planned(Watch watch) {
    expect_thread(ThreadRole::control);
    const auto wanted = watch == Watch::yes;
    // relaxed: a flag; nothing is read through it
    if (parts_->planned_wanted.exchange(wanted, std::memory_order_relaxed) == wanted) return;
    if (wanted) parts_->wake->planner.post();
}
const PlannedTail& Engine::planned() {
    expect_thread(ThreadRole::control);
    return parts_->planned.out.read();
}
TapeHand Engine::take_tape() {
    expect_thread(ThreadRole::control);
    return parts_->tape.hand([wake = parts_->wake] { wake->clock.post(); });
}
void Engine::drain_log() {
    expect_thread(ThreadRole::control);
    parts_->log.drain();
}

const Vocabulary& Engine::vocabulary() const {
    return (parts_->neural ? parts_->neural : parts_->fallback)->vocabulary();
}

}  // namespace fusion
