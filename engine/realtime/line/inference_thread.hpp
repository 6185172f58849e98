// The thread that composes: turns of LinePlanner::advance() as long as there is work, then a wait
// for the clock (a step was committed) or for control (a parameter changed). Each turn is a beat of
// `heartbeat`.
//
// A generator that does not come back cannot be ended. Whoever stops the thread waits for it only
// so long, and then lets it go: it ends by itself if it ever comes back, and what it needs lives
// until then.
// Thread: constructed and joined by control. Errors: a generator's failure is logged once per
// change of its message; the planner tries again by itself.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>

#include "engine/base/semaphore.hpp"
#include "engine/realtime/line/line_planner.hpp"

namespace fusion {

class InferenceThread {
public:
    // All outlive the thread.
    InferenceThread(LinePlanner& planner, Semaphore& wake, std::atomic<std::uint64_t>& heartbeat);
    ~InferenceThread();
    InferenceThread(const InferenceThread&) = delete;
    InferenceThread& operator=(const InferenceThread&) = delete;

    void start();
    // Joins, after the step that is being made. False: that step is not made within `patience`; the
    // thread still runs, and stop() may be called again. Safe to call twice.
    [[nodiscard]] bool stop(Nanos patience);
    // After a stop() that said false: nobody waits for the thread any more. `owner`, which holds
    // this and all that the planner needs, goes when it ends.
    void let_go(std::shared_ptr<void> owner);

private:
    enum class State : std::uint8_t { runs, ended, let_go };

    void run();
    void report_error();

    LinePlanner& planner_;
    Semaphore& wake_;
    std::atomic<std::uint64_t>& heartbeat_;
    std::atomic<bool> stopping_{false};
    std::atomic<State> state_{State::runs};
    Semaphore ended_;
    std::shared_ptr<void> owner_;  // set before state_ is let_go, the thread's after
    std::string reported_;
    std::thread thread_;
};

}  // namespace fusion
