// The thread that plays: SCHED_FIFO where that is allowed, absolute sleeps, and a turn of ClockCore
// whenever something is due or the controls want looking at.
// Thread: constructed and joined by control. Errors: where SCHED_FIFO is refused the thread runs
// without it; meters.clock_is_realtime says so.
#pragma once

#include <atomic>
#include <thread>

#include "engine/base/time_source.hpp"
#include "engine/realtime/clock_core.hpp"

namespace fusion {

class ClockThread {
public:
    struct Options {
        int priority;  // SCHED_FIFO; 0: do not ask
        Nanos poll;
    };

    // All references outlive the thread.
    ClockThread(ClockCore& core, TimeSource& time, EngineMeters& meters, Options options);
    ~ClockThread();
    ClockThread(const ClockThread&) = delete;
    ClockThread& operator=(const ClockThread&) = delete;

    // Starts; returns once the scheduling class is settled, so that the meter can be read.
    void start();
    // Silences everything and joins. Safe to call twice.
    void stop();

private:
    void run() noexcept;
    FUSION_RT void loop() noexcept;

    ClockCore& core_;
    TimeSource& time_;
    EngineMeters& meters_;
    Options options_;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> settled_{false};
    std::thread thread_;
};

}  // namespace fusion
