#include "engine/realtime/line/stand_in.hpp"

#include <pthread.h>

namespace fusion {
namespace {

// Nobody wakes it for a change of a parameter: for so long at most it is late to obey.
constexpr Nanos kLookAgain{std::chrono::milliseconds{5}};
constexpr Nanos kUncalled{std::chrono::seconds{5}};

}  // namespace

void StandIn::start() {
    thread_ = std::thread{[this] { run(); }};
}

void StandIn::stop() {
    stopping_.store(true, std::memory_order_relaxed);  // a flag: nothing is read through it
    wake_.post();
    if (thread_.joinable()) thread_.join();
}

LinePlanner::Next StandIn::turn() {
    const auto& call = calls_.read();
    if (!call.is_wanted) {
        planner_.idle();
        return LinePlanner::Next::wait;
    }
    if (call.session != session_) planner_.stand_in(call);
    session_ = call.session;
    const auto next = planner_.advance();
    return next == LinePlanner::Next::wait ? LinePlanner::Next::look_again : next;
}

void StandIn::run() {
    pthread_setname_np(pthread_self(), "fusion-standin");
    set_thread_role(ThreadRole::inference);
    while (!stopping_.load(std::memory_order_relaxed)) {
        const auto next = turn();
        if (next == LinePlanner::Next::more_to_do) continue;
        const bool is_called = next == LinePlanner::Next::look_again;
        static_cast<void>(wake_.wait_for(is_called ? kLookAgain : kUncalled));
    }
}

}  // namespace fusion
