#include "engine/realtime/line/inference_thread.hpp"

#include <pthread.h>

#include "engine/base/log.hpp"

namespace fusion {
namespace {

constexpr Nanos kLookAgain{std::chrono::milliseconds{20}};
// Where it is always woken: only so that a fault in the waking is a late step and not the end.
constexpr Nanos kAtTheLatest{std::chrono::milliseconds{500}};

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
        if (next == LinePlanner::Next::more_to_do) continue;
        const auto again = next == LinePlanner::Next::look_again;
        static_cast<void>(wake_.wait_for(again ? kLookAgain : kAtTheLatest));
    }
}

void InferenceThread::report_error() {
    if (!planner_.error() || planner_.error()->message == reported_) return;
    reported_ = planner_.error()->message;
    log::error("a generator failed: {}; the next rung of the ladder plays and it is tried again",
               reported_);
}

}  // namespace fusion
