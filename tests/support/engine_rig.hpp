// The planner and the clock core on one thread under simulated time, so that a test decides who
// runs when: what takes threads and luck in the daemon is a line of a test here.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "engine/base/time_source.hpp"
#include "engine/params/store.hpp"
#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/line/line_planner.hpp"
#include "engine/realtime/line/stand_in.hpp"
#include "tests/support/recording_sink.hpp"
#include "tests/support/scripted_generator.hpp"

namespace fusion::test {

struct RigOptions {
    Nanos poll{std::chrono::milliseconds{1}};
    Nanos lead{0};
    std::size_t horizon_steps = 16;
    std::size_t steps_in_flight = 128;
    bool with_fallback = true;
    bool with_stand_in = false;
    SongFollow::Sources sync{};
};

class EngineRig {
public:
    explicit EngineRig(RigOptions options = {});

    // The planner works until it has nothing more to do.
    void plan();
    // One turn of the clock now, and sleep to its next.
    void clock_turn();
    // Clock turns, each preceded by plan() unless the planner is held, until `span` has passed.
    void run_for(Nanos span);
    // Clock turns until `done()`; false when a simulated minute did not bring it.
    [[nodiscard]] bool run_until(const std::function<bool()>& done);
    // The clock alone, for `span`: what goes on while the planner is busy in another thread. May be
    // called from a generator's script.
    void clock_for(Nanos span);
    // While held, the clock runs without the planner, with the stand-in alone if there is one.
    void hold_planner() { planner_held_ = true; }
    void release_planner() { planner_held_ = false; }
    // Ends everything, as the clock thread does.
    void finish();

    // Played events so far.
    [[nodiscard]] const std::vector<PlayedEvent>& played();
    // The committed steps among them (repeats of the last bar are not part of the line).
    [[nodiscard]] std::vector<Step> line();
    [[nodiscard]] std::size_t count(PlayedEvent::Kind kind);

    SimulatedTime time;
    ParamStore params;
    RecordingSink sink;
    ScriptedGenerator neural;
    ScriptedGenerator fallback;
    EngineMeters meters;
    RtLog log;
    TripleBuffer<PlayHead> head{PlayHead{}};
    Semaphore wake, wake_clock;
    // What the planner tells of its tail, while `tail_wanted`.
    TripleBuffer<PlannedTail> tail{PlannedTail{}};
    std::atomic<bool> tail_wanted{false};
    struct Bell final : Waker {
        void wake() noexcept override { ++rung; }
        int rung = 0;
    };
    Bell tail_bell;
    HarmonyTeller harmony;  // after it: params.harmony_changed()

private:
    RigOptions options_;
    SpscQueue<StepMessage> steps_;
    SpscQueue<CommitNote> commits_{512};
    SpscQueue<PlayedEvent> played_queue_{1024};
    SpscQueue<BandMessage> beats_{64};
    std::vector<PlayedEvent> played_;
    bool planner_held_ = false;
    struct StandInStage {
        EngineMeters meters;
        Semaphore wake;
        SpscQueue<StepMessage> steps{64};
        SpscQueue<CommitNote> commits{128};
        TripleBuffer<StandInCall> calls{StandInCall{}};
        TripleBuffer<PlayHead> head{PlayHead{}};
    };
    StandInStage stand_in_stage_;

    void let_it_stand_in();

public:
    ScriptedGenerator understudy;
    std::optional<StandIn> stand_in;
    LinePlanner planner;
    ClockCore core;
};

// What is wrong with a line: indices that do not follow each other, or a step that does not begin
// where the one before it ends (other than after an underrun: `gaps` allows so many). Empty:
// nothing.
[[nodiscard]] std::vector<std::string> faults_of_line(const std::vector<Step>& line,
                                                      std::size_t gaps = 0);

}  // namespace fusion::test
