#include "engine/realtime/line/inference_thread.hpp"

#include <pthread.h>

#include "engine/base/log.hpp"

namespace fusion {
namespace {

constexpr Nanos kLookAgain{std::chrono::milliseconds{20}};
// Where it is always woken: only so that a fault in the waking is a late step and not the end.
constexpr Nanos kAtTheLatest{std::chrono::milliseconds{500}};

}  // namespace

InferenceThread::InferenceThread(LinePlanner& planner, Semaphore& wake,
                                 std::atomic<std::uint64_t>& heartbeat)
    : planner_{planner}, wake_{wake}, heartbeat_{heartbeat} {}

InferenceThread::~InferenceThread() {
    stopping_.store(true, std::memory_order_relaxed);
    wake_.post();
    if (thread_.joinable()) thread_.join();
}

void InferenceThread::start() {
    thread_ = std::thread{[this] {
        run();
        // The last of this thread: where it was let go, all that it used goes with `owner`.
        // acq_rel: partner of the exchange in let_go().
        std::shared_ptr<void> owner;
        if (state_.exchange(State::ended, std::memory_order_acq_rel) == State::let_go)
            owner = std::move(owner_);
        else
            ended_.post();
    }};
}

bool InferenceThread::stop(Nanos patience) {
    stopping_.store(true, std::memory_order_relaxed);  // a flag: nothing is read through it
    wake_.post();
    if (!thread_.joinable()) return true;
    // acquire: partner of the exchange in start().
    if (state_.load(std::memory_order_acquire) != State::ended && !ended_.wait_for(patience))
        return false;
    thread_.join();
    return true;
}

void InferenceThread::let_go(std::shared_ptr<void> owner) {
    owner_ = std::move(owner);
    auto here = std::move(thread_);
    here.detach();
    // acq_rel: gives `owner_` to the thread, or takes it back from one that has just ended.
    if (state_.exchange(State::let_go, std::memory_order_acq_rel) == State::ended)
        auto back = std::move(owner_);
}

void InferenceThread::run() {
    pthread_setname_np(pthread_self(), "fusion-infer");
    set_thread_role(ThreadRole::inference);
    while (!stopping_.load(std::memory_order_relaxed)) {
        heartbeat_.fetch_add(1, std::memory_order_relaxed);
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
