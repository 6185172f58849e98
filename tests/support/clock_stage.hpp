// A clock core and all that stands around it, over whatever time and port a test has: parameters,
// the queues, the flags and the counters. Whoever wants a planner beside it gives it
// planner_links().
#pragma once

#include <utility>

#include "engine/params/store.hpp"
#include "engine/realtime/clock/clock_core.hpp"
#include "engine/realtime/line/line_planner.hpp"

namespace fusion::test {

struct ClockStage {
    ClockStage(const TimeSource& time, MidiSink& sink)
        : params{{"classical", "jazz", "pop"}, time},
          core{{std::move(steps.out), std::move(commits.in), std::move(played.in), params.reader(),
                std::move(head.in), wake_planner, sink, time, meters, log, SongFollow::Sources{},
                nullptr, std::nullopt, std::move(beats.out), tape.link()}} {}

    // Once. `harmony`: the chords, and what the band plays to them.
    LinePlanner::Links planner_links(const TimeSource& time,
                                     std::optional<HarmonyReader> harmony = {}) {
        return {std::move(steps.in),
                std::move(commits.out),
                params.reader(),
                std::move(head.out),
                wake_clock,
                time,
                meters,
                std::nullopt,
                std::move(harmony),
                std::move(beats.in)};
    }

    ParamStore params;
    EngineMeters meters;
    RtLog log;
    TripleBuffer<PlayHead> head{PlayHead{}};
    Semaphore wake_planner, wake_clock;
    SpscQueue<StepMessage> steps{128};
    SpscQueue<CommitNote> commits{512};
    SpscQueue<PlayedEvent> played{1024};
    SpscQueue<BandMessage> beats{64};
    TapeCrossing tape;
    ClockCore core;
};

}  // namespace fusion::test
