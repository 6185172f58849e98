#include "engine/realtime/line/inference_thread.hpp"

#include <pthread.h>

#include "engine/base/log.hpp"

namespace fusion {
namespace {

// Nobody need wake the planner after a failure of a generator or a full queue: it looks again.
constexpr Nanos kLookAgain{std::chrono::milliseconds{20}};

}  // namespace

InferenceThread::InferenceThread(LinePlanner& planner, Semaphore& wake)
    : planner_{planner}, wake_{wake} {}

InferenceThread::~InferenceThread() { stop(); }

void InferenceThread::start() {
    thread_ = std::thread{[this] { run(); }};
}

void InferenceThread::stop() {
    stopping_.store(true, std::memory_order_relaxed);  // a flag: nothing is read through it
    wake_.post();
    if (thread_.joinable()) thread_.join();
}

void InferenceThread::run() {
    pthread_setname_np(pthread_self(), "fusion-infer");
    set_thread_role(ThreadRole::inference);
    while (!stopping_.load(std::memory_order_relaxed)) {
        const auto next = planner_.advance();
        report_error();
        if (next == LinePlanner::Next::wait) static_cast<void>(wake_.wait_for(kLookAgain));
    }
}

void InferenceThread::report_error() {
    if (!planner_.error() || planner_.error()->message == reported_) return;
    reported_ = planner_.error()->message;
    log::error("a generator failed: {}; the next rung of the ladder plays and it is tried again",
               reported_);
}

}  // namespace fusion
