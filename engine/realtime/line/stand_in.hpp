// A second planner on a thread of its own, which has the fallback alone: it goes on with the line
// while the inference thread does not answer (a network that is stuck, a disk that is, a debugger),
// for that thread can make no fallback either then. What it is asked for and why that does not
// touch the line stands in crossing/stand_in_link.hpp.
//
// It sleeps until the clock calls it, and plans few steps ahead: they are gone with the first step
// of the line. A step of the n-gram takes some 0.1 ms; the clock calls while the last step that it
// has still sounds.
// Thread: constructed and joined by control. Errors: those of its generator are silence: the clock
// then repeats the last bar.
#pragma once

#include <atomic>
#include <thread>

#include "engine/realtime/line/line_planner.hpp"

namespace fusion {

class StandIn {
public:
    // Its own ends; `meters` are not the engine's, for it counts nothing of the line's.
    StandIn(Generator& fallback, LinePlanner::Links links, SnapshotReader<StandInCall> calls,
            Semaphore& wake)
        : planner_{nullptr, &fallback, std::move(links), {.horizon_steps = kAhead}},
          calls_{std::move(calls)},
          wake_{wake} {}
    ~StandIn() { stop(); }
    StandIn(const StandIn&) = delete;
    StandIn& operator=(const StandIn&) = delete;

    void start();
    // Joins. Safe to call twice.
    void stop();

    // One piece of work, without the thread. Thread: the stand-in's, or the one of a test.
    LinePlanner::Next turn();

private:
    static constexpr std::size_t kAhead = 6;

    void run();

    LinePlanner planner_;
    SnapshotReader<StandInCall> calls_;
    Semaphore& wake_;
    std::uint32_t session_ = 0;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

}  // namespace fusion
