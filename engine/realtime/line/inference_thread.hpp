// The thread that composes: turns of LinePlanner::advance() as long as there is work, then a wait
// for the clock (a step was committed) or for control (a parameter changed).
// Thread: constructed and joined by control. Errors: a generator's failure is logged once per
// change of its message; the planner tries again by itself.
#pragma once

#include <atomic>
#include <string>
#include <thread>

#include "engine/base/semaphore.hpp"
#include "engine/realtime/line/line_planner.hpp"

namespace fusion {

class InferenceThread {
public:
    // Both outlive the thread.
    InferenceThread(LinePlanner& planner, Semaphore& wake);
    ~InferenceThread();
    InferenceThread(const InferenceThread&) = delete;
    InferenceThread& operator=(const InferenceThread&) = delete;

    void start();
    // Joins, after the step that is being made. Safe to call twice.
    void stop();

private:
    void run();
    void report_error();

    LinePlanner& planner_;
    Semaphore& wake_;
    std::atomic<bool> stopping_{false};
    std::string reported_;
    std::thread thread_;
};

}  // namespace fusion
