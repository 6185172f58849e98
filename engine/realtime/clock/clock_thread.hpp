// The thread that plays: a real-time scheduling class where that is allowed, absolute sleeps, and a
// turn of ClockCore whenever something is due or somebody has something new: a parameter was
// changed, a step came. It looks by itself every 10 ms, for a sound card's time may have moved, and
// each millisecond where another's beat is followed or something is owed to a full sink. (Looking
// each millisecond always cost 3% of a core.)
//
// A sleep ends late whatever the priority: on the machine it was measured on by 14 µs in the median
// and 33 in one of a hundred, as cyclictest's do. With `spin` the thread wakes that much before a
// deadline, does a turn (which takes in the newest steps and parameters and leaves the caches
// warm), and waits awake for the rest: with 50 µs it was 0 and 7. Only deadlines are awaited so; a
// look at the parameters is not worth it. It costs a core's time: 50 µs before each of 40 messages
// a second are 0.2%. Of no use for a sink with a lead.
//
// Time may be a sound card's and stand still for up to two seconds after an xrun. The looks at the
// parameters go on at the poll's pace of real time meanwhile, so that a panic or a stop is obeyed
// and the heartbeat beats.
//
// A stop of any length (SIGSTOP, a debugger, a host that took the core away) is one late turn: the
// next sleep counts from when it ended, and the core leaves out what is too late to matter.
//
// Thread: constructed and joined by control. Errors: what is refused is told by granted(), and the
// thread runs without it.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <thread>

#include "engine/base/realtime_rights.hpp"
#include "engine/base/semaphore.hpp"
#include "engine/base/time_source.hpp"
#include "engine/realtime/clock/clock_core.hpp"

namespace fusion {

class ClockThread {
public:
    struct Options {
        int priority;    // SCHED_FIFO; 0: do not ask
        Nanos poll;      // the longest that it sleeps unwoken, in real time
        int cpu = -1;    // the processor to be bound to; -1: any
        Micros spin{0};  // at most kMaxSpin
    };
    // A real-time thread that does not sleep keeps everybody off its core.
    static constexpr Micros kMaxSpin{1000};

    // All references outlive the thread.
    // `wake`: posted by whoever has something new for the clock; its sleep ends then.
    ClockThread(ClockCore& core, TimeSource& time, Semaphore& wake, EngineMeters& meters,
                Options options);
    ~ClockThread();
    ClockThread(const ClockThread&) = delete;
    ClockThread& operator=(const ClockThread&) = delete;

    // Starts; returns once it is settled what the thread was granted.
    void start();
    // Silences everything and joins. Safe to call twice.
    void stop();

    // After start(). Thread: control.
    [[nodiscard]] const RealtimeGrant& granted() const noexcept { return grant_; }
    // The kernel's number of the thread, for who can grant what the limits refuse (rtkit). 0 before
    // start(). Thread: control.
    [[nodiscard]] pid_t thread_id() const noexcept { return thread_id_; }
    // Somebody gave the thread a real-time class from outside. What it really has is read back from
    // the kernel. Thread: control, after start().
    void granted_from_outside(FifoFrom from) noexcept;

private:
    void run() noexcept;
    void loop() noexcept;  // without the mark: it turns, which keeps the law, and waits

    ClockCore& core_;
    TimeSource& time_;
    Semaphore& wake_;
    EngineMeters& meters_;
    Options options_;
    RealtimeGrant grant_;  // the thread's until settled_, then control's
    pid_t thread_id_ = 0;  // likewise
    std::atomic<bool> stopping_{false};
    std::atomic<bool> settled_{false};
    std::thread thread_;
};

}  // namespace fusion
